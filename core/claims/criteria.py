"""What the values of seeds come to, and the criteria that claims hold it against."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core import statistics
from core.claims.quantities import ROSE, Kind
from core.statistics import DOUBLED, EXPLODED, HALVED, VANISHED, Change
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
        """The number of runs in which it is so, of a share."""
        return round(self.values.sum())

    def describe(self) -> tuple[str, str]:
        """The value and its interval; of a share in how many seeds it is so."""
        if self.kind == "share":
            return count_seeds(self.count, self.values.size), ""
        if not np.isfinite(self.value):
            return "overflow", ""
        scale, unit = {"difference": (100, " points"), "percentage": (100, " %")}.get(self.kind, (1, ""))
        value = percent(self.value) if self.kind == "percentage" else number(scale * self.value) + unit
        return value, format_range([scale * self.low, scale * self.high]) + unit


def summarize(kind: Kind, values: np.ndarray, comparisons: int) -> Summary:
    """Values (…, seed) as one; an interval of differences is corrected for so many comparisons."""
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


@dataclass(frozen=True)
class Criterion:
    """What has to be so of a quantity, and why it is drawn there."""

    words: str  # after the quantity's name: "is under a tenth"
    reason: str
    is_met: Callable[[Summary], bool]
    limits: tuple[float, ...] = ()  # where a chart draws it


MEASURED = Criterion("", "", lambda s: True)  # for comparison alone
ROUNDED = 1e-6  # of the weights, in float64: rounding tells apart by less, training by more
HARMLESS = 0.03  # of test accuracy
ENDS = ("vanishes", "explodes")
TENFOLD = (VANISHED, EXPLODED)
TWOFOLD = (HALVED, DOUBLED)

# Reasons
_RATE = "a layer then needs ten times the learning rate of another, or a tenth"
_NEIGHBORS = "neighboring layers differ by a factor of two anyway"
_SAME = "all pages count that as the same size"
_PRECISION = "units that training tells apart differ by more, and rounding makes less of a difference"
_ONE_SEED = "a single exception refutes it"
_OFTEN = "a start from which half of the runs fail is not a good one"
_AS_MANY = "otherwise the start is no faster"
_NO_CHANGE = "no page counts less as a change"
_CHANCE = "what seeds alone could make is no difference (95 % interval, corrected for all comparisons)"
_SCATTER = "seeds differ by as much: eleven of the 360 test digits (95 % interval, corrected)"
_BETTER = "otherwise another start is better (95 % interval, corrected for all starts)"

# Sizes
VANISHES = Criterion("is under a tenth", _RATE, lambda s: s.change == "vanishes", (VANISHED,))
DOES_NOT_VANISH = Criterion("is not under a tenth", _RATE, lambda s: s.change != "vanishes", (VANISHED,))
EXPLODES = Criterion("is over ten", _RATE, lambda s: s.change == "explodes", (EXPLODED,))
CHANGES = Criterion("is under a tenth or over ten", _RATE, lambda s: s.change in ENDS, TENFOLD)
DOES_NEITHER = Criterion("is neither under a tenth nor over ten", _RATE, lambda s: s.change not in ENDS, TENFOLD)
KEEPS_SIZE = Criterion("is between a half and two", _NEIGHBORS, lambda s: s.change == "keeps its size", TWOFOLD)
IS_SLOW = Criterion("is under a half", _NEIGHBORS, lambda s: s.change in ("shrinks", "vanishes"), (HALVED,))
NEAR_ONE = Criterion("is between a half and two", _SAME, lambda s: HALVED <= s.value <= DOUBLED, TWOFOLD)
ROUNDING_ALONE = Criterion("is under a millionth in float64", _PRECISION, lambda s: s.high < ROUNDED, (ROUNDED,))
# Shares of seeds, of units, of steps and of losses
ALL = Criterion("is 1", _ONE_SEED, lambda s: s.value == 1)
NONE = Criterion("is 0", _ONE_SEED, lambda s: s.value == 0)
MOST = Criterion("is over a half", _OFTEN, lambda s: s.value > 0.5, (0.5,))
NO_UNIT = Criterion("is 0", "one unit would refute it", lambda s: s.high == 0)
EVERY_UNIT = Criterion("is 100 %", "equal units would stay equal", lambda s: s.low == 1)
LESS = Criterion("is below 1 in every seed", _AS_MANY, lambda s: s.high < 1, (1.0,))
RISES = Criterion(f"is over {percent(ROSE)}", _NO_CHANGE, lambda s: not s.value <= ROSE, (ROSE,))
NO_RISE = Criterion(f"is at most {percent(ROSE)}", _NO_CHANGE, lambda s: s.value <= ROSE, (ROSE,))
# Differences, of which the interval decides
NO_DIFFERENCE = Criterion("cannot be told from 0", _CHANCE, lambda s: s.low <= 0 <= s.high, (0.0,))
NOT_BETTER = Criterion("is not above 0", "that is what “no better” says", lambda s: s.low <= 0, (0.0,))
NO_GAIN = Criterion(f"is under {100 * HARMLESS:g} points", _SCATTER, lambda s: s.high < HARMLESS, (HARMLESS,))
AMONG_BEST = Criterion("is not clearly above 1", _BETTER, lambda s: not s.low > 1, (1.0,))
