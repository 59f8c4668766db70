"""The values of seeds as one value with its interval, and both in words."""

from dataclasses import dataclass

import numpy as np

from core import statistics
from core.claims.quantities import Kind
from core.statistics import Change
from core.wording import count_seeds, format_range, number, percent


@dataclass(frozen=True)
class Summary:
    """Values over seeds (…, seed) as one, with an interval; NaN where no seed has a number."""

    kind: Kind
    values: np.ndarray
    value: float
    low: float
    high: float

    @property
    def change(self) -> Change:
        """What the ratios say of a size, in the words of all pages."""
        return statistics.classify_change(self.values)

    @property
    def count(self) -> int:
        """In how many seeds it is so, of a share."""
        return round(self.values.sum())

    def describe(self) -> tuple[str, str]:
        """The value, and its interval: of lowest to highest seed, or of 95 %; of a share in how many seeds it is so."""
        if self.kind == "share":
            return count_seeds(self.count, self.values.size), ""
        if not np.isfinite(self.value):
            return "overflow", ""
        scale, unit = {"difference": (100, " points"), "percentage": (100, " %")}.get(self.kind, (1, ""))
        value = percent(self.value) if self.kind == "percentage" else number(scale * self.value) + unit
        return value, format_range([scale * self.low, scale * self.high]) + unit


def summarize(kind: Kind, values: np.ndarray, comparisons: int) -> Summary:
    """Values (…, seed) by what they are; a 95 % interval of differences is corrected for so many comparisons."""
    known = values[np.isfinite(values)]
    if kind == "to_best":
        found = statistics.compare_losses(values, 1.0)
        spread = [x[0] for x in (found.ratio, found.low, found.high)] if found else [np.nan] * 3
    elif kind == "difference":
        half = statistics.student_quantile(len(values), comparisons) * values.std(ddof=1) / len(values) ** 0.5
        spread = [values.mean(), values.mean() - half, values.mean() + half]
    elif kind == "share":
        spread = [values.mean()] * 3
    elif known.size:
        spread = [statistics.average(known), known.min(), known.max()]
    else:
        spread = [np.nan] * 3
    return Summary(kind, values, *map(float, spread))
