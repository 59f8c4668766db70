"""One column of a table: what its cells are, as numbers or as texts, and how that was found out; for tabular."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from core.files.numerals import WORDS, is_date, read_numbers

MOST_CATEGORIES = 50
NUMERIC_SHARE = 0.9  # of the cells, from which on a column is one of numbers, and the rest of them are faults
FEW_NUMBERS = 10  # different ones, up to which a repeated text may name a class as they do
LARGEST = 1e100  # in size: the squares of much larger numbers overflow
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

    def is_copy(self, other: "Column") -> bool:
        """Whether the other one has the same value in every row."""
        return self is not other and self.values.equals(other.values)


def read_column(
    name: str, cells: pd.Series, decimal_comma: bool | None, is_label: bool = False, notes: tuple[str, ...] = ()
) -> Column:
    """What pandas made of a column's cells; `is_label`: it stands where names of rows do. `notes` are of its name."""
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
    """Whether nearly all cells were read, but for the most frequent other text where it marks what is missing."""
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
    """As dates, and what was guessed: the day is first where there are points, or a first number above 12."""
    different = texts.drop_duplicates()
    if different.head(100).map(is_date).mean() < NUMERIC_SHARE:
        return pd.Series(pd.NaT, texts.index), []
    day_first = bool(different.str.match(r"\s*\d{1,2}\.|\s*(1[3-9]|2\d|3[01])[-/]").any())
    dates = pd.to_datetime(texts, errors="coerce", format="mixed", dayfirst=day_first, utc=True)
    undecided = not day_first and different.str.match(r"\s*\d{1,2}[-/]\d").any() and dates.dt.day.max() <= 12
    return dates, ["read as month/day/year, though no day above 12 shows it"] * bool(undecided)


def _faults(texts: pd.Series, expected: str = "number") -> list[str]:
    """The first cell that is not what was expected, and how many there are."""
    if texts.empty:
        return []
    sample = "".join(c for c in str(texts.iloc[0])[:20] if c.isprintable())
    others = f", one of {len(texts):,} such cells" if len(texts) > 1 else ""
    return [f"line {texts.index[0]}: “{sample}” is no {expected}{others}"]
