"""The house: imports run one way, core knows no pages, and every file has its place."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "core").glob("*.py"))
MODULES = [path for path in CORE if path.stem != "__init__"]
PAGES = sorted((ROOT / "pages").glob("*.py"))
PAGE_MODULES = [f"pages.{page.stem}" for page in PAGES]
PARTS = sorted((ROOT / "pages" / "parts").rglob("*.py"))
TOP = {"app.py", "pages", "core", "tests", "requirements.txt", "README.md", "pyproject.toml"}
LONGEST = 400

# Each module of core imports from the lines above its own only. What is not named here reads results, and stands
# below them all.
FLOORS = (
    {"activations", "initializers", "losses", "optimizers", "clipping", "datasets", "wording"},
    {"network", "settings", "expectations"},
    {"draws", "probes", "sharing", "fluctuations"},
    {"recording", "theory"},
    {"divergence"},
    {"training"},
    {"experiment", "budget"},
)


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


def core_modules(path):
    """The modules of core that a file imports, by their own names."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("core.") and is_module(name)}


def within(path, *names):
    return any(name == n or name.startswith(f"{n}.") for name in imported(path) for n in names)


def floor(module):
    return next((i for i, modules in enumerate(FLOORS) if module in modules), len(FLOORS))


def test_core_knows_numpy_scipy_threadpoolctl_and_the_standard_library_only():
    allowed = {"core", "numpy", "scipy", "threadpoolctl"} | sys.stdlib_module_names
    assert offenders(CORE, lambda path: packages(path) - allowed) == {}


def test_scipy_is_imported_where_it_is_needed_only():
    code = (
        "import sys; from core import Experiment, run\n"
        "for name, needed in (('gelu', False), ('gelu_exact', True)):\n"
        "    run(Experiment(hidden=(2,), activation=name, seeds=1, steps=1))\n"
        "    assert ('scipy' in sys.modules) == needed, name"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_inside_core_imports_run_from_the_leaves_to_the_results():
    def upwards(path):
        own = floor(path.stem)
        return {module for module in core_modules(path) if floor(module) >= own and own < len(FLOORS)}

    assert offenders(MODULES, upwards) == {}


def test_the_names_that_core_offers_are_for_others():
    def taken(path):
        names = {name for name in imported(path) if name.startswith("core.") and name.count(".") == 1}
        return {name for name in names if not is_module(name)}

    assert offenders(CORE, taken) == {}


def test_no_module_of_core_imports_itself_by_a_detour():
    graph = {path.stem: core_modules(path) for path in MODULES}
    while graph:
        free = {module for module, needed in graph.items() if not needed & set(graph)}
        assert free, f"a circle among {sorted(graph)}"
        graph = {module: needed for module, needed in graph.items() if module not in free}


def test_core_knows_nothing_of_the_pages():
    assert offenders(CORE, lambda path: within(path, "app", "pages")) == {}


def test_parts_know_no_page_and_not_the_app():
    assert offenders(PARTS, lambda path: within(path, "app", *PAGE_MODULES)) == {}


def test_a_page_is_composed_of_parts_and_knows_no_other_page():
    assert offenders(PAGES, lambda path: within(path, "app", *PAGE_MODULES)) == {}
    assert offenders(PAGES, lambda path: packages(path) & {"numpy", "altair", "threading"}) == {}


def test_charts_colours_and_settings_know_no_streamlit():
    def by_way(path):
        parts = [ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in imported(path)]
        return [part.name for part in (path, *parts) if part in PARTS and within(part, "streamlit")]

    pure = [path for path in PARTS if path.stem == "palette" or {"charts", "settings"} & set(path.parts)]
    assert pure
    assert offenders(pure, by_way) == {}


def test_no_file_takes_everything_there_is():
    files = [*CORE, *PAGES, *PARTS, ROOT / "app.py"]
    assert offenders(files, lambda path: [name for name in imported(path) if name.endswith(".*")]) == {}


def test_every_module_of_core_has_its_file_of_tests():
    assert offenders(MODULES, lambda path: not (ROOT / "tests" / "core" / f"test_{path.stem}.py").exists()) == {}


def test_a_file_is_short_enough_to_be_read():
    def too_long(path):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        return lines if lines > LONGEST else 0

    assert offenders([*CORE, *PAGES, *PARTS], too_long) == {}


def test_a_file_opens_with_the_sentence_that_says_its_idea():
    files = [path for path in [*CORE, *PAGES, *PARTS] if path.stem != "__init__"]
    assert offenders(files, lambda path: not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))) == {}


def test_nothing_else_is_visible_at_the_top():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a checkout")
    tracked = {name.split("/")[0] for name in listing.stdout.split("\0") if name and (ROOT / name).exists()}
    assert {name for name in tracked if not name.startswith(".")} <= TOP
