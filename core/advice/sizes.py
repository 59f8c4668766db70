"""Layer sizes as people write them: "784, 512, 512, 10", "784-512-10", "784x512x10", "[784] + [512]*3 + [10]"."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

LONGEST_TEXT = 1000  # characters
MAX_LAYERS = 64  # hidden ones
MAX_SIZE, MAX_OUTPUTS = 65_536, 1024

_REPEATED = re.compile(r"[\[(]([\d\s,]+)[\])]\s*\*\s*(\d{1,3})")
_BETWEEN = re.compile(r"[\s,;:+xX×/|→=>–—_\-\[\](){}]+")


def parse_sizes(text: str) -> tuple[int, ...]:
    """n_0 … n_L from a text. ValueError in a plain sentence where it holds anything but two or more layer sizes."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"Layer sizes take at most {LONGEST_TEXT} characters; these are {len(text)}.")
    spelled = _REPEATED.sub(lambda found: " ".join([found[1]] * min(int(found[2]), MAX_LAYERS + 3)), text)
    words = [word for word in _BETWEEN.split(spelled) if word]
    strange = next((word for word in words if not re.fullmatch("[0-9]{1,9}", word)), None)
    if strange is not None:
        quoted = "".join(c for c in strange[:20] if c.isprintable() and c != "`")
        raise ValueError(f"`{quoted}` is not a layer size; write whole numbers, such as 784, 512, 512, 10.")
    return check_sizes(int(word) for word in words)


def check_sizes(sizes: Iterable[int]) -> tuple[int, ...]:
    """The sizes themselves, where they make a network: inputs, up to 64 hidden layers, outputs."""
    found = tuple(sizes)
    if len(found) < 2:
        raise ValueError("A network has at least two sizes, its inputs and its outputs, such as 784, 10.")
    if len(found) > MAX_LAYERS + 2:
        raise ValueError(f"A network has at most {MAX_LAYERS} hidden layers here; this one has {len(found) - 2}.")
    wrong = next((n for n in found if not 1 <= n <= MAX_SIZE), None)
    if wrong is not None:
        raise ValueError(f"A layer has from 1 to {MAX_SIZE:,} units here; one of these has {wrong:,}.")
    if found[-1] > MAX_OUTPUTS:
        raise ValueError(f"A network has at most {MAX_OUTPUTS:,} outputs here; this one has {found[-1]:,}.")
    return found


def format_sizes(sizes: Sequence[int]) -> str:
    """784 → 512 → 512 → 10; a run of equal hidden layers is written once: 64 → 5 × 128 → 10."""
    runs = [(n, len(list(alike))) for n, alike in groupby(sizes[1:-1])]
    hidden = [f"{count} × {n}" if count > 2 else " → ".join([str(n)] * count) for n, count in runs]
    return " → ".join([str(sizes[0]), *hidden, str(sizes[-1])])
