"""The house: imports run one way, core knows no pages, and every file has its place."""

import ast
import importlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
PAGE_MODULES = [f"pages.{page.stem}" for page in PAGES]
PARTS = sorted((ROOT / "pages" / "parts").rglob("*.py"))
ALL = [ROOT / "app.py", *CORE, *PAGES, *PARTS]
TOP = {"app.py", "pages", "core", "tests", "requirements.txt", "README.md", "pyproject.toml"}
SHORTEST, LONGEST = 25, 250  # lines of a file
FEWEST, MOST = 2, 12  # files of a folder, beside its __init__

# Each file and folder of core imports from the lines above its own, and from its own folder.
FLOORS = (
    {"activations", "initializers", "losses", "optimizers", "clipping", "datasets", "wording", "version"},
    {"settings", "files"},
    {"engine"},
    {"experiment"},
    {"statistics"},
    {"theory"},
    {"verdicts"},
    {"claims", "advice", "diagnosis", "sweep"},
)
# The same of the rooms of pages/parts, and of the files beside them.
ROOMS = ({"page", "session"}, {"settings"}, {"serving"}, {"figures"}, {"compare"}, {"export"}, {"shell"}, {"preload"})
# What a folder of core needs besides: to read files that people hand in, and to train on many processes.
BESIDES = {"files": {"pandas", "safetensors"}, "sweep": {"distributed", "joblib", "pyarrow", "tqdm"}}


def offenders(paths, fault):
    """{file: its fault} of those that have one; `fault` of a path is empty where all is well."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := fault(path))}


@cache
def imported(path):
    """Every module a file names in an import, at any depth of it: `from a import b` counts as a and as a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = resolved(path, node)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return found


def resolved(path, node):
    if not node.level:
        return node.module
    package = path.relative_to(ROOT).parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def packages(path):
    return {name.split(".")[0] for name in imported(path)}


def is_module(name):
    place = ROOT.joinpath(*name.split("."))
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def imported_from(package, path):
    """What stands at the top of a package, file or folder, that a file imports."""
    names = (name.removeprefix(f"{package}.") for name in imported(path) if name.startswith(f"{package}."))
    return {name.split(".")[0] for name in names if is_module(f"{package}.{name}")}


def upwards(package, floors, paths):
    """{file of the package: what it imports from its own line of `floors`, or from above it}."""
    place = {name: i for i, names in enumerate(floors) for name in names}

    def fault(path):
        own = at_top(path, package)
        return {name for name in imported_from(package, path) if name != own and place[name] >= place[own]}

    inside = [path for path in paths if at_top(path, package) != "__init__"]
    assert {at_top(path, package) for path in inside} == set(place)
    return offenders(inside, fault)


def within(path, *names):
    return any(name == n or name.startswith(f"{n}.") for name in imported(path) for n in names)


def at_top(path, package="core"):
    """The file or folder of a package that holds a file."""
    return path.relative_to(ROOT.joinpath(*package.split("."))).with_suffix("").parts[0]


def test_core_knows_numpy_scipy_threadpoolctl_and_the_standard_library_only_but_in_two_folders():
    allowed = {"core", "numpy", "scipy", "threadpoolctl"} | sys.stdlib_module_names

    def foreign(path):
        return packages(path) - allowed - BESIDES.get(at_top(path), set())

    assert offenders(CORE, foreign) == {}


def test_scipy_is_imported_where_it_is_needed_only():
    code = (
        "import sys; from core import Experiment, run\n"
        "for name, needed in (('gelu', False), ('gelu_exact', True)):\n"
        "    run(Experiment(hidden=(2,), activation=name, seeds=1, steps=1))\n"
        "    assert ('scipy' in sys.modules) == needed, name"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_inside_core_imports_run_from_the_catalogues_to_what_is_said():
    assert upwards("core", FLOORS, CORE) == {}


def test_inside_parts_imports_run_from_the_settings_to_the_shell():
    assert upwards("pages.parts", ROOMS, PARTS) == {}


def test_whatever_runs_as_a_script_imports_the_parts_by_one_thread_before_anything_of_ours():
    def late(path):
        text = path.read_text(encoding="utf-8")
        ours = [line for line in text.splitlines() if re.match(r"(import|from) (core|pages)\b", line)]
        return not ours[0].startswith("import pages.parts.preload")

    assert offenders([ROOT / "app.py", *PAGES], late) == {}


def test_nothing_is_passed_behind_the_back():
    assert offenders(ALL, lambda path: packages(path) & {"contextvars"}) == {}


def test_the_names_that_core_offers_are_for_others():
    def taken(path):
        names = {name for name in imported(path) if name.startswith("core.") and name.count(".") == 1}
        return {name for name in names if not is_module(name)}

    assert offenders(CORE, taken) == {}


def test_core_knows_nothing_of_the_pages():
    assert offenders(CORE, lambda path: within(path, "app", "pages")) == {}


def test_parts_know_no_page_and_not_the_app():
    assert offenders(PARTS, lambda path: within(path, "app", *PAGE_MODULES)) == {}


def test_a_page_is_composed_of_parts_and_knows_no_other_page():
    assert offenders(PAGES, lambda path: within(path, "app", *PAGE_MODULES)) == {}
    assert offenders(PAGES, lambda path: packages(path) & {"numpy", "altair", "threading"}) == {}


def test_charts_colors_and_settings_know_no_streamlit():
    def by_way(path):
        parts = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in imported(path)]
        return [part.name for part in (path, *parts) if part in PARTS and within(part, "streamlit")]

    bound = {"controls", "links"}  # to the page that is on screen
    pure = [path for path in PARTS if path.stem == "theme" or {"charts", "settings"} & set(path.parts)]
    pure = [path for path in pure if path.stem not in bound]
    assert pure
    assert offenders(pure, by_way) == {}


def test_what_is_kept_of_a_viewer_is_named_in_one_place():
    literal = re.compile(r"session_state\W+['\"]_")
    assert (
        offenders([*ALL, *(ROOT / "tests").rglob("*.py")], lambda path: literal.findall(path.read_text("utf-8"))) == {}
    )


def test_no_file_takes_everything_there_is():
    assert offenders(ALL, lambda path: [name for name in imported(path) if name.endswith(".*")]) == {}


def test_a_file_is_long_enough_for_an_idea_and_short_enough_to_be_read():
    def amiss(path):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        small = lines < SHORTEST and path.stem not in ("__init__", "app")
        return lines if small or lines > LONGEST else 0

    assert offenders(ALL, amiss) == {}


def test_a_folder_can_be_taken_in_at_a_glance():
    def amiss(folder):
        files = [path for path in folder.glob("*.py") if path.stem != "__init__"]
        rooms = [path for path in folder.iterdir() if (path / "__init__.py").exists()]
        return len(files) if len(files) > MOST or len(files) + len(rooms) < FEWEST else 0

    assert offenders({path.parent for path in [*CORE, *PAGES, *PARTS]}, amiss) == {}


def test_a_file_opens_with_the_sentence_that_says_its_idea():
    assert offenders(ALL, lambda path: not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))) == {}


def test_nothing_else_is_visible_at_the_top():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a checkout")
    tracked = {name.split("/")[0] for name in listing.stdout.split("\0") if name and (ROOT / name).exists()}
    assert {name for name in tracked if not name.startswith(".")} <= TOP


def test_every_command_that_the_readmes_name_can_be_started():
    """But the benchmarks, which need what tests/benchmarks/requirements.txt has."""
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "tests/README.md"))
    named = sorted({name for name in re.findall(r"python -m ((?:core|tests)[.\w]*)", text) if "benchmarks" not in name})
    assert len(named) > 5
    for name in named:
        importlib.import_module(f"{name}.__main__" if (ROOT / name.replace(".", "/")).is_dir() else name)
