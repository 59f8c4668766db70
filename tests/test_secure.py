"""Secure by construction: nothing unpickled or evaluated, no words of a viewer's as markup.

That pages write nothing to disk is seen where each is opened: in tests/pages/test_router.py.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.pages.writing import noting_writes

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]

UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "subprocess", "ctypes", "yaml"}
# The one calls one function of the C library, with numbers that stand in the code, the other begins this interpreter
# with a module of the project's own.
# The command that trains maps hands work to processes and machines that it was told to use; pages never do.
ALLOWED = {"memory.py": {"ctypes"}, "workers.py": {"subprocess"}, "running.py": {"joblib"}}
UNSAFE_CALLS = {"eval", "exec", "__import__", "system", "popen", "read_pickle", "to_pickle"}
MARKUP = {"html", "iframe", "component"}  # of Streamlit: what draws text as it stands
ESCAPED = {"claim_cards.py"}  # what it puts together is made harmless first, as the test of its cards sees


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [(getattr(node.func, "attr", getattr(node.func, "id", "")), node) for node in nodes]


@cache
def constants() -> set[str]:
    """Names that stand for texts written in the code: of a module, in capitals, and made of nothing else."""
    found: set[str] = set()
    for path in SOURCES:
        for node in tree(path).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in found if name.isupper()} | {f"{name}()" for name in _functions(found)}


def _functions(fixed: set[str]) -> set[str]:
    """Names of functions that return such texts only, whatever they are called with."""
    found = set()
    for path in SOURCES:
        for node in tree(path).body:
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


def offenders(faults: Callable[[Path], Iterator[str]]) -> dict[str, list[str]]:
    """The faults of each file that has some."""
    return {str(path.relative_to(ROOT)): found for path in SOURCES if (found := list(faults(path)))}


def test_nothing_is_unpickled_or_evaluated() -> None:
    def faults(path: Path) -> Iterator[str]:
        for node in ast.walk(tree(path)):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
                unsafe = {name.split(".")[0] for name in names} & UNSAFE_MODULES - ALLOWED.get(path.name, set())
                yield from (f"line {node.lineno}: {name}" for name in unsafe)
        for name, call in calls(path):
            pickles = [keyword.value for keyword in call.keywords if keyword.arg == "allow_pickle"]
            refused = all(isinstance(value, ast.Constant) and value.value is False for value in pickles)
            if name in UNSAFE_CALLS or not refused:
                yield f"line {call.lineno}: {name}"

    assert offenders(faults) == {}


def test_what_is_drawn_as_markup_is_written_in_the_code() -> None:
    fixed = constants()

    def faults(path: Path) -> Iterator[str]:
        for name, call in calls(path):
            drawn = [keyword for keyword in call.keywords if keyword.arg in ("html", "css", "js", "body", "src")]
            unsafe = [keyword.arg for keyword in call.keywords if str(keyword.arg).startswith("unsafe_allow_")]
            written = all(is_fixed(text, fixed) for text in call.args) and all(
                is_fixed(keyword.value, fixed | {"_HTML", "_CSS", "_JS"}) for keyword in drawn
            )
            if unsafe or (name in MARKUP and not written and path.name not in ESCAPED):
                yield f"line {call.lineno}: {name}"

    assert offenders(faults) == {}


@pytest.mark.parametrize(
    ("text", "is_it"),
    [(text, True) for text in ("'<b>'", "STYLE", "STYLE + 'x'", "STYLE if a else ''", "f'<b>{STYLE}'", "sheet(name)")]
    + [(text, False) for text in ("name", "f'<b>{name}'", "STYLE + name", "STYLE.format(name)", "'%s' % name")],
)
def test_what_counts_as_written_in_the_code(text: str, is_it: bool) -> None:
    assert is_fixed(ast.parse(text, mode="eval").body, {"STYLE", "sheet()"}) == is_it


def test_what_is_written_is_noticed(tmp_path: Path) -> None:
    with noting_writes() as written:
        (tmp_path / "said").write_text("")
    (tmp_path / "later").write_text("")
    assert written == [str(tmp_path / "said")]
