"""Numbers as people write them in tables: 1,234.5, 1.234,5, 1 234, 79 %, $ 5 or −3, and dates; for core.files."""

import math
import re
from collections.abc import Iterable, Sequence

MISSING = {"", " ", "NaN", "nan", "<NA>", "#N/A", "N/A", "n/a"}  # what a cell without a value holds
WORDS = ("NA", "None", "null", "NULL")  # for the same among numbers; of texts they may be one
FEWEST_GROUPED = 5  # different numbers like 1.234, from which on these are thousands beside others like 990
_SIGN = r"(?:[%‰$€£¥₹]|USD|EUR|GBP|CHF|JPY)"
_UNIT = re.compile(_SIGN)
_BEFORE, _AFTER = re.compile(rf"^([-+]?)\s*{_SIGN}\s*([-+]?)(?=[\d.,])"), re.compile(rf"(?<=[\d.,])\s*{_SIGN}$")
_GAP = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")  # between the thousands
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+([eE][-+]?\d{1,4})?")
_COMMA_GROUPS = re.compile(r"[-+]?(?!0)\d{1,3}(,\d{3})+(\.\d*)?")
_POINT_GROUPS = re.compile(r"[-+]?(?!0)\d{1,3}(\.\d{3})+(,\d*)?")
_DATE = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ]\d{1,2}:\d{2}.*)?"
    r"|([A-Za-z]{3,9}, ?)?(\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}|[A-Za-z]{3,9}[- ]\d{1,2}(,? |-)\d{4})"
)


def is_date(text: str) -> bool:
    """Whether a cell looks like a date, with or without a time of day."""
    return bool(_DATE.fullmatch(text.strip()))


def is_value(text: str) -> bool:
    """Whether a cell holds a number in one of these forms, a date, or true or false."""
    return _has_form(_strip_units(text)) or is_date(text) or text.strip().lower() in ("true", "false")


def has_decimal_comma(texts: Iterable[str]) -> bool | None:
    """Whether the cells of a whole table write decimals with a comma, and not with a point; None where none tells."""
    numbers = [bare for bare in map(_strip_units, texts) if _has_form(bare)]
    points = (
        (_PLAIN.fullmatch(bare) and "." in bare and not _POINT_GROUPS.fullmatch(bare))
        or (_COMMA_GROUPS.fullmatch(bare) and (bare.count(",") > 1 or "." in bare))
        for bare in numbers
    )
    return False if any(points) else any(map(_DECIMAL_COMMA.fullmatch, numbers)) or None


def read_numbers(texts: Sequence[str], decimal_comma: bool | None) -> tuple[list[float], list[str]]:
    """The numbers, NaN where there is none, and what was converted; a column decides on its marks as a whole."""
    bare = [_strip_units(text) for text in texts]
    numbers = [(text, plain) for text, plain in zip(texts, bare, strict=True) if _has_form(plain)]
    notes = ["percent or currency signs dropped"] if any(_UNIT.search(text) for text, _ in numbers) else []
    commas = [plain for _, plain in numbers if "," in plain]
    points = [plain for _, plain in numbers if "." in plain]
    short = [len(plain.lstrip("+-")) <= 3 for _, plain in numbers if "." not in plain]
    grouped = points and all(map(_POINT_GROUPS.fullmatch, points))
    beside = decimal_comma is None and len(points) >= FEWEST_GROUPED and short and all(short)
    tells = beside or commas or decimal_comma or any(plain.count(".") > 1 for plain in points)
    thousands = "." if grouped and tells else ""
    if commas and not decimal_comma and all(map(_COMMA_GROUPS.fullmatch, commas)):
        thousands = ","
    notes += ["thousands separators dropped"] * bool(thousands)
    notes += ["decimal comma"] * bool(commas and thousands != ",")
    notes += ["points read as decimal, not between thousands"] * bool(grouped and decimal_comma is None and not tells)
    bare = [plain.replace(thousands, "").replace(",", ".") for plain in bare]
    return [float(plain) if _PLAIN.fullmatch(plain) else math.nan for plain in bare], notes


def _has_form(bare: str) -> bool:
    return any(form.fullmatch(bare) for form in (_PLAIN, _DECIMAL_COMMA, _COMMA_GROUPS, _POINT_GROUPS))


def _strip_units(text: str) -> str:
    """Without a sign of percent or currency, and without spaces between thousands."""
    bare = text.strip().replace("−", "-")
    if not (bare[:1].isdigit() and bare[-1:].isdigit()):
        bare = _AFTER.sub("", _BEFORE.sub(r"\1\2", bare))
    return _GAP.sub("", bare)
