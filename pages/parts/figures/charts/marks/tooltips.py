"""What a pointer reads off a mark: titles in words, values with three digits, ranges."""

import altair as alt
import numpy as np
import pandas as pd

from core.wording import number

DIGITS = ".3~g"
PERCENT = ".1%"
INITIALIZER = alt.Tooltip("variant:N", title="initializer")
NETWORK = alt.Tooltip("variant:N", title="network")
LAYER = alt.Tooltip("layer:Q", title="layer")
STEP = alt.Tooltip("step:Q", title="training step")
SEED = alt.Tooltip("seed:Q", title="seed")
SEEDS_LEFT = alt.Tooltip("counted:N", title="median of")
PLACES = {"layer": LAYER, "step": STEP}


def value(column: str, title: str, digits: str = DIGITS) -> alt.Tooltip:
    """A number of every row: a browser would read 0 where it is missing."""
    return alt.Tooltip(f"{column}:Q", title=title, format=digits)


def words(column: str, title: str) -> alt.Tooltip:
    """Words of a column."""
    return alt.Tooltip(f"{column}:N", title=title)


def add_seed_range(chart: alt.Chart, title: str, digits: str) -> tuple[alt.Chart, list[alt.Tooltip]]:
    """A chart of rows that Axes has placed, and tooltips for median and range over the seeds.

    The browser writes the range, of the rows it shows: here all records' would have to be written.
    """
    ends = f"format(datum.lowest, '{digits}') + ' to ' + format(datum.highest, '{digits}')"
    spread = chart.transform_calculate(range=f"isValid(datum.lowest) ? {ends} : 'not drawn'")
    return spread, [value("size", f"{title}, median", digits), words("range", "range over seeds")]


def interval(low: pd.Series, high: pd.Series) -> list[str]:
    """Intervals in words; nothing where there is none."""
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return [f"{number(a, 3)} to {number(b, 3)}" if not np.isnan(a) else "" for a, b in ends]
