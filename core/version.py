"""What results depend on: the code that makes them, and NumPy's version."""

import ast
import functools
import hashlib
from pathlib import Path

import numpy as np

CORE = Path(__file__).resolve().parent
BESIDES = ("version", "wording")  # files at the top of core that change no number


@functools.cache
def version() -> dict[str, str]:
    """The SHA-256 of the engine's and the catalogues' code, and NumPy's version."""
    catalogues = [path for path in CORE.glob("*.py") if path.stem not in BESIDES]
    return {"code": hash_code(*catalogues, *CORE.glob("engine/*.py")), "numpy": np.__version__}


def hash_code(*paths: Path) -> str:
    """The SHA-256 of the statements of these files of core, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(CORE).as_posix().encode() + b"\0" + statements(path.read_bytes()) + b"\0")
    return digest.hexdigest()


def statements(source: bytes) -> bytes:
    """Python code without what changes no number: strings with a space, comments, blank lines."""
    lines, nodes = source.split(b"\n"), list(ast.walk(ast.parse(source)))
    formatted = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in sorted(nodes, key=lambda node: getattr(node, "lineno", 0), reverse=True):
        if isinstance(node, ast.Constant) and " " in str(node.value) and id(node) not in formatted:
            first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
            lines[first : last + 1] = [lines[first][: node.col_offset] + lines[last][node.end_col_offset :]]
    return b"\n".join(line for line in lines if line.strip() and not line.lstrip().startswith(b"#"))
