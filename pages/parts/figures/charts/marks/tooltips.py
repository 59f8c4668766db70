"""What a pointer reads off a mark: titles in words, values with three digits, ranges."""

from typing import Any

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
    ends = f"{_expression('datum.lowest', digits)} + ' to ' + {_expression('datum.highest', digits)}"
    spread = chart.transform_calculate(range=f"isValid(datum.lowest) ? {ends} : 'not drawn'")
    return spread, [value("size", f"{title}, median", digits), words("range", "range over seeds")]


def write_numbers(layer: dict[str, Any]) -> None:
    """Have the browser write the numbers of a layer's tooltips in words: it alone knows which rows it shows."""
    for tip in layer["encoding"].get("tooltip", ()):
        if digits := tip.pop("format", ""):
            words = f"{tip['field']} in words"
            written = {"calculate": _expression(f"datum[{tip['field']!r}]", digits), "as": words}
            layer["transform"] = [*layer.get("transform", ()), written]
            tip |= {"field": words, "type": "nominal"}


def _expression(value: str, digits: str) -> str:
    """Vega's expression for a number in words; with DIGITS as core.wording.number writes it: 0.32, 41, 1.3·10⁻⁵."""
    if digits != DIGITS:
        return f"format({value}, '{digits}')"
    parts = f"split(format({value}, '.2~e'), 'e')"
    power = f"replace({parts}[1], '+', '')"
    for sign, raised in zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True):
        power = f"join(split({power}, '{sign}'), '{raised}')"
    scientific = f"({parts}[0] == '1' ? '' : {parts}[0] + '·') + '10' + {power}"
    is_plain = f"{value} == 0 || abs({value}) >= 9.995e-4 && abs({value}) < 9995"
    return f"({is_plain} ? format({value}, '.3~r') : {scientific})"


def interval(low: pd.Series, high: pd.Series) -> list[str]:
    """Intervals in words; nothing where there is none."""
    ends = zip(low.tolist(), high.tolist(), strict=True)
    return [f"{number(a, 3)} to {number(b, 3)}" if not np.isnan(a) else "" for a, b in ends]
