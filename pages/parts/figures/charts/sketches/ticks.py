"""What a small picture measures itself by: its width, and the numbers along its axes."""

from __future__ import annotations

import math
from collections.abc import Callable

from core.wording import number
from pages.parts.figures.charts.marks.scales import LogAxis, Shared

WIDTH = 360  # a phone's column, nearly: letters are as large there as they say
EDGE = 12

Place = Callable[[float], float]


def ticks(size: Shared) -> list[float]:
    """Some round numbers along an axis."""
    axis = size.axis
    if isinstance(axis, LogAxis):
        ticks = list(size.ticks["values"])
        return ticks[:: -(-len(ticks) // 5)]
    rough = (axis.high - axis.low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first = math.ceil(axis.low / step)
    return [round(i * step, 12) for i in range(first, math.floor(axis.high / step) + 1)]


def tick_label(value: float) -> str:
    """A number of the axis, in few letters."""
    return f"{value:g}" if value == 0 or 1e-3 <= abs(value) < 1e4 else number(value, 1)
