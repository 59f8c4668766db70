"""Secure by construction: nothing unpickled or evaluated, no words of a viewer's as markup, nothing written to disk."""

import ast
import os
import sys
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.routes import PAGES

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
every_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))

UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "subprocess", "ctypes", "yaml"}
# The one calls one function of the C library, with numbers that stand in the code, the other begins this interpreter
# with a module of the project's own.
ALLOWED = {"memory.py": {"ctypes"}, "workers.py": {"subprocess"}}
UNSAFE_CALLS = {"eval", "exec", "__import__", "system", "popen", "read_pickle", "to_pickle"}
MARKUP = {"html", "iframe", "component"}  # of Streamlit: what draws text as it stands


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [(getattr(node.func, "attr", getattr(node.func, "id", "")), node) for node in nodes]


@cache
def constants() -> set[str]:
    """Names that stand for texts written in the code: of a module, in capitals, and made of nothing else."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in found if name.isupper()} | {f"{name}()" for name in _functions(found)}


def _functions(fixed: set[str]) -> set[str]:
    """Names of functions that return such texts only, whatever they are called with."""
    found = set()
    for path in SOURCES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            if isinstance(node, ast.FunctionDef) and returned:
                found |= {node.name} if all(value and is_fixed(value, fixed) for value in returned) else set()
    return found


def is_fixed(node: ast.expr, fixed: set[str]) -> bool:
    """Whether a text is written in the code, or put together from such texts."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in fixed
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_fixed(left, fixed) and is_fixed(right, fixed)
        case ast.IfExp(body=body, orelse=other):
            return is_fixed(body, fixed) and is_fixed(other, fixed)
        case ast.JoinedStr(values=parts):
            return all(is_fixed(part, fixed) for part in parts)
        case ast.FormattedValue(value=part):
            return is_fixed(part, fixed)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return f"{name}()" in fixed
    return False


@every_source
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not imported & UNSAFE_MODULES - ALLOWED.get(path.name, set())
    for name, call in calls(path):
        assert name not in UNSAFE_CALLS, f"line {call.lineno}"
        allowed = [keyword.value for keyword in call.keywords if keyword.arg == "allow_pickle"]
        assert all(isinstance(value, ast.Constant) and value.value is False for value in allowed), f"line {call.lineno}"


@every_source
def test_what_is_drawn_as_markup_is_written_in_the_code(path: Path) -> None:
    fixed = constants()
    for name, call in calls(path):
        if name in MARKUP:
            assert all(is_fixed(text, fixed) for text in call.args), f"line {call.lineno}"
            drawn = [keyword for keyword in call.keywords if keyword.arg in ("html", "css", "js", "body", "src")]
            assert all(is_fixed(keyword.value, fixed | {"_HTML", "_CSS", "_JS"}) for keyword in drawn)
        assert not any(keyword.arg in ("unsafe_allow_html", "unsafe_allow_javascript") for keyword in call.keywords)


@pytest.mark.parametrize(
    ("text", "is_it"),
    [(text, True) for text in ("'<b>'", "STYLE", "STYLE + 'x'", "STYLE if a else ''", "f'<b>{STYLE}'", "sheet(name)")]
    + [(text, False) for text in ("name", "f'<b>{name}'", "STYLE + name", "STYLE.format(name)", "'%s' % name")],
)
def test_what_counts_as_written_in_the_code(text: str, is_it: bool) -> None:
    assert is_fixed(ast.parse(text, mode="eval").body, {"STYLE", "sheet()"}) == is_it


WRITES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "tempfile.mkstemp"}
_watching: list[str] = []
_written: list[str] = []


def _hook(event: str, arguments: tuple) -> None:
    """Note what opens a file to write to it, while somebody watches; a hook stays for the life of the process."""
    if not _watching:
        return
    if event == "open":
        path, _, flags = arguments
        on_disk = not isinstance(path, int)  # a number is a descriptor that is open: the pipe to another process
        if on_disk and isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND):
            _written.append(str(path))
    elif event in WRITES:
        _written.append(f"{event} {arguments[0]}")


sys.addaudithook(_hook)


@pytest.fixture
def written():
    """What was written to disk by the code under test."""
    _written.clear()
    _watching.append("")
    yield _written
    _watching.clear()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_a_page_writes_nothing_to_disk(page, written: list[str]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params[f"{page.prefix}.seed"] = "31"  # so that it is trained, and not found
    app.query_params[f"{page.prefix}.steps"] = "10"
    if page is not PAGES[0]:
        app.switch_page(page.file)
    app.run()
    assert app.main.children
    assert not [path for path in written if "__pycache__" not in path and path != os.devnull]


def test_what_is_written_is_noticed(tmp_path: Path, written: list[str]) -> None:
    (tmp_path / "said").write_text("")
    assert written == [str(tmp_path / "said")]
