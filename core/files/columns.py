"""One column of a table: its cells as numbers, such as 1.234,5 or 79 %, dates or texts."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

MISSING = {"", " ", "NaN", "nan", "<NA>", "#N/A", "N/A", "n/a"}  # what a cell without a value holds
WORDS = ("NA", "None", "null", "NULL")  # for the same among numbers; of texts they may be one
FEWEST_GROUPED = 5  # numbers like 1.234, from which on these are thousands among others like 990
MOST_CATEGORIES = 50
NUMERIC_SHARE = 0.9  # of the cells, from which on a column is one of numbers, and the rest are faults
FEW_NUMBERS = 10  # different ones, up to which a repeated text may name a class as they do
LARGEST = 1e100  # in size: the squares of much larger numbers overflow
_SIGN = r"(?:[%‰$€£¥₹]|USD|EUR|GBP|CHF|JPY)"
_UNIT = re.compile(_SIGN)
_BEFORE, _AFTER = re.compile(rf"^([-+]?)\s*{_SIGN}\s*([-+]?)(?=[\d.,])"), re.compile(rf"(?<=[\d.,])\s*{_SIGN}$")
_GAP = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")  # between the thousands
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?")
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+([eE][-+]?\d{1,4})?")
_COMMA_GROUPS = re.compile(r"[-+]?(?!0)\d{1,3}(,\d{3})+(\.\d*)?")
_POINT_GROUPS = re.compile(r"[-+]?(?!0)\d{1,3}(\.\d{3})+(,\d*)?")
_NUMBER = re.compile("|".join(form.pattern for form in (_PLAIN, _DECIMAL_COMMA, _COMMA_GROUPS, _POINT_GROUPS)))
_DATE = re.compile(  # with or without a time of day
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([T ]\d{1,2}:\d{2}.*)?"
    r"|([A-Za-z]{3,9}, ?)?(\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}|[A-Za-z]{3,9}[- ]\d{1,2}(,? |-)\d{4})"
)
_IDENTIFIER = re.compile(r"(.*[\W_])?(id|index|idx|key|nr|no|row|unnamed: 0)\.?|.*[a-z]I[dD]", re.IGNORECASE)

Kind = Literal["numbers", "categories", "row numbers", "dates", "texts", "constant", "empty"]


@dataclass(frozen=True)
class Column:
    """Values by line in the file: numbers, or texts in categories and texts; what is missing is NaN."""

    name: str
    kind: Kind
    values: pd.Series
    notes: tuple[str, ...] = ()  # what was converted or guessed

    @property
    def is_numeric(self) -> bool:
        return bool(pd.api.types.is_numeric_dtype(self.values))


def read_column(
    name: str, cells: pd.Series, decimal_comma: bool | None, is_label: bool, notes: tuple[str, ...]
) -> Column:
    """What its cells are; `is_label`: it stands where names of rows do. `notes` are of its name."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        values = cells.astype(float).where(cells.abs() < LARGEST)
        faults = _faults(cells[values.isna() & cells.notna()], "finite number")
        return _of_numbers(name, values, is_label, (*notes, *faults))
    texts = cells.dropna().astype(str)
    codes, different = pd.factorize(texts)
    numbers, converted = read_numbers(list(different), decimal_comma)
    values = pd.Series(np.array(numbers)[codes], texts.index)
    values = values.where(values.abs() < LARGEST)
    if _are_most(values, texts):
        notes += (*converted, *_faults(texts[values.isna()]))
        return _of_numbers(name, values.reindex(cells.index), is_label, notes)
    dates, order = _read_dates(texts)
    if _are_most(dates, texts):
        days = (dates - dates.min()) / pd.Timedelta(days=1)
        return Column(name, "dates", days.reindex(cells.index), (*notes, *order, *_faults(texts[dates.isna()], "date")))
    notes += tuple(f"“{word}” is read as a text, not as missing" for word in WORDS if word in different)
    kind: Kind = "texts" if len(different) > min(MOST_CATEGORIES, len(texts) // 2) else "categories"
    return Column(name, "constant" if len(different) == 1 else kind, texts.reindex(cells.index), notes)


def _are_most(values: pd.Series, texts: pd.Series) -> bool:
    """Whether nearly all cells were read, but for a frequent text that marks what is missing."""
    known, faults = values.dropna(), texts[values.isna()]
    mark = "".join(faults.mode().head(1))
    if known.nunique() > (FEW_NUMBERS if re.search(r"[^\W_]", mark) else 1):
        faults = faults[faults != mark]
    return len(known) >= NUMERIC_SHARE * (len(known) + len(faults))


def _of_numbers(name: str, values: pd.Series, is_label: bool, notes: tuple[str, ...]) -> Column:
    found = values.dropna()
    numbers, lines = found.to_numpy(), found.index.to_numpy()
    if not numbers.size or np.ptp(numbers) == 0:
        return Column(name, "constant" if numbers.size else "empty", values, notes)
    if (numbers % 1 == 0).all() and np.unique(numbers).size == numbers.size:
        if np.ptp(numbers - lines) == 0 or np.ptp(numbers + lines) == 0:
            return Column(name, "row numbers", values, (*notes, "counts the rows"))
        if is_label or _IDENTIFIER.fullmatch(name):
            return Column(name, "row numbers", values, (*notes, "an identifier: another whole number in every row"))
    return Column(name, "numbers", values, notes)


def _read_dates(texts: pd.Series) -> tuple[pd.Series, list[str]]:
    """The dates, and a note on what was guessed: the day is first where points or a number above 12 show it."""
    different = texts.drop_duplicates()
    if different.head(100).str.strip().str.fullmatch(_DATE).mean() < NUMERIC_SHARE:
        return pd.Series(pd.NaT, texts.index), []
    day_first = bool(different.str.match(r"\s*\d{1,2}\.|\s*(1[3-9]|2\d|3[01])[-/]").any())
    dates = pd.to_datetime(texts, errors="coerce", format="mixed", dayfirst=day_first, utc=True)
    undecided = not day_first and different.str.match(r"\s*\d{1,2}[-/]\d").any() and dates.dt.day.max() <= 12
    return dates, ["read as month/day/year, though no day above 12 shows it"] * bool(undecided)


def _faults(texts: pd.Series, expected: str = "number") -> list[str]:
    if texts.empty:
        return []
    sample = "".join(c for c in str(texts.iloc[0])[:20] if c.isprintable())
    others = f", one of {len(texts):,} such cells" if len(texts) > 1 else ""
    return [f"line {texts.index[0]}: “{sample}” is no {expected}{others}"]


def is_value(text: str) -> bool:
    """Whether a cell holds a number in one of these forms, a date, or true or false."""
    bare = text.strip()
    return bool(_NUMBER.fullmatch(_strip_units(text)) or _DATE.fullmatch(bare)) or bare.lower() in ("true", "false")


def has_decimal_comma(texts: Iterable[str]) -> bool | None:
    """Whether the cells of a whole table write decimals with a comma, not a point; None where none tells."""
    numbers = list(filter(_NUMBER.fullmatch, map(_strip_units, texts)))
    points = (
        (_PLAIN.fullmatch(bare) and "." in bare and not _POINT_GROUPS.fullmatch(bare))
        or (_COMMA_GROUPS.fullmatch(bare) and (bare.count(",") > 1 or "." in bare))
        for bare in numbers
    )
    return False if any(points) else any(map(_DECIMAL_COMMA.fullmatch, numbers)) or None


def read_numbers(texts: Sequence[str], decimal_comma: bool | None) -> tuple[list[float], list[str]]:
    """The numbers or NaN, and what was converted; a column decides on its marks as a whole."""
    bare = [_strip_units(text) for text in texts]
    numbers = [(text, plain) for text, plain in zip(texts, bare, strict=True) if _NUMBER.fullmatch(plain)]
    notes = ["percent or currency signs dropped"] if any(_UNIT.search(text) for text, _ in numbers) else []
    commas = [plain for _, plain in numbers if "," in plain]
    points = [plain for _, plain in numbers if "." in plain]
    short = [len(plain.lstrip("+-")) <= 3 for _, plain in numbers if "." not in plain]
    grouped = points and all(map(_POINT_GROUPS.fullmatch, points))
    among_short = decimal_comma is None and len(points) >= FEWEST_GROUPED and short and all(short)
    tells = among_short or commas or decimal_comma or any(plain.count(".") > 1 for plain in points)
    thousands = "." if grouped and tells else ""
    if commas and not decimal_comma and all(map(_COMMA_GROUPS.fullmatch, commas)):
        thousands = ","
    notes += ["thousands separators dropped"] * bool(thousands)
    notes += ["decimal comma"] * bool(commas and thousands != ",")
    notes += ["points read as decimal, not between thousands"] * bool(grouped and decimal_comma is None and not tells)
    bare = [plain.replace(thousands, "").replace(",", ".") for plain in bare]
    return [float(plain) if _PLAIN.fullmatch(plain) else math.nan for plain in bare], notes


def _strip_units(text: str) -> str:
    bare = text.strip().replace("−", "-")
    if not (bare[:1].isdigit() and bare[-1:].isdigit()):
        bare = _AFTER.sub("", _BEFORE.sub(r"\1\2", bare))
    return _GAP.sub("", bare)
