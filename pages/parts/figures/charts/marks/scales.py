"""Axes that tell the truth: logarithmic ones have room for marks of zero and of overflow."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from core.wording import number
from pages.parts.figures.charts.marks import tooltips
from pages.parts.figures.theme import ChartTheme

LABEL_GAP = 0.075  # of the chart's height, between two direct labels


@dataclass(frozen=True)
class LinearAxis:
    """An axis from `low` to `high` for all layers of a chart, whichever column each of them draws."""

    low: float
    high: float
    title: str = ""
    ticks: alt.Axis | None = None
    digits: str = tooltips.DIGITS  # of its values in tooltips

    @classmethod
    def share(cls, title: str) -> Self:
        """An axis of shares, from 0 to 100 %."""
        return cls(0, 1, title, alt.Axis(format=".0%", tickCount=5), tooltips.PERCENT)

    def x(self, column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=self.title, scale=self.scale(), axis=self.axis())

    def y(self, column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=self.title, scale=self.scale(), axis=self.axis())

    def place(self, values: pd.Series) -> pd.Series:
        """The numbers at which values are drawn."""
        return values

    def position(self, value: float) -> float:
        """The height of a value, from 0 at the bottom to 1 at the top."""
        return (value - self.low) / (self.high - self.low)

    def value_at(self, position: float) -> float:
        """The number at a position from 0 to 1."""
        return self.low + position * (self.high - self.low)

    def spread(self, values: Sequence[float]) -> list[float]:
        """The numbers beside which labels of these values stand, none of them on another."""
        positions = spread_labels([self.position(value) for value in values], LABEL_GAP)
        return [self.value_at(position) for position in positions]

    def scale(self) -> alt.Scale:
        return alt.Scale(domain=[self.low, self.high], nice=False)

    def axis(self) -> alt.Axis:
        return self.ticks or alt.Axis()


@dataclass(frozen=True)
class LogAxis(LinearAxis):
    """Decades of some numbers; a floor for zeros, a step below the smallest, and a ceiling for overflow."""

    has_zero: bool = False
    has_overflow: bool = False

    @classmethod
    def spanning(cls, *columns: pd.Series | np.ndarray | Sequence[float], title: str = "") -> Self:
        values = np.concatenate([np.asarray(column, dtype=float) for column in columns])
        positive = values[np.isfinite(values) & (values > 0)]
        has_zero, has_overflow = bool((values == 0).any()), bool(np.isposinf(values).any())
        smallest, largest = 0.1, 10.0
        if positive.size:
            smallest, largest = float(positive.min()), float(positive.max())
        first = min(max(math.floor(math.log10(smallest) + 1e-9), -323), 307)
        last = max(math.ceil(math.log10(largest) - 1e-9), first + 1)
        margin = max(1, round((last - first) / 8))
        low = 10.0 ** max(first - margin if has_zero else first, -323)
        high = 10.0 ** min(last + margin if has_overflow else last, 308)
        return cls(min(low, smallest), max(high, largest), title, has_zero=has_zero, has_overflow=has_overflow)

    def place(self, values: pd.Series) -> pd.Series:
        """The numbers at which values are drawn: zeros on the floor, overflow at the ceiling, NaN nowhere."""
        numbers = values.to_numpy(float)
        placed = np.where(numbers > 0, np.clip(numbers, self.low, self.high), self.low)
        return pd.Series(np.where(np.isnan(numbers), np.nan, placed), values.index)

    def position(self, value: float) -> float:
        bounded = min(max(value, self.low), self.high)
        return (math.log10(bounded) - math.log10(self.low)) / self.decades

    def value_at(self, position: float) -> float:
        half = 10 ** ((math.log10(self.low) + position * self.decades) / 2)  # its square may overflow, to infinity
        return min(max(half * half, self.low), self.high)

    @property
    def decades(self) -> float:
        """The powers of ten that it spans."""
        return math.log10(self.high) - math.log10(self.low)

    def scale(self) -> alt.Scale:
        return alt.Scale(type="log", domain=[self.low, self.high], clamp=True, nice=False)

    def axis(self) -> alt.Axis:
        """Few ticks: 0.01 and 100 as they are, numbers beyond as 10⁻⁷ and 2·10⁻⁷."""
        if self.ticks:
            return self.ticks
        first, last = round(math.log10(self.low)), round(math.log10(self.high))
        stride = max(1, math.ceil((last - first) / 7))
        start = first + (1 if self.has_zero and last - first > 1 else 0)
        within = (1,) if last - first > 2 else (1, 2, 5)
        ticks = [m * 10.0**power for power in range(start, last + 1, stride) for m in within]
        ticks = [tick for tick in ticks if self.low <= tick <= self.high]
        # An expression that makes the words would take the browser a fifth of the time of a chart.
        words = f"{[number(tick, 1) for tick in ticks]}[indexof({ticks}, datum.value)]"
        return alt.Axis(values=ticks, labelExpr=words)


def place_columns(table: pd.DataFrame, axis: LinearAxis, *columns: str) -> pd.DataFrame:
    """The table with these columns where the axis draws them."""
    return table.assign(**{column: axis.place(table[column]) for column in columns})


@dataclass(frozen=True)
class Axes:
    """What the layers of a chart of lines share; `along` is the column along x."""

    along: Literal["layer", "step"]
    x: alt.X
    y: LinearAxis
    theme: ChartTheme
    variants: Sequence[Variant] = ()

    @property
    def hue(self) -> alt.Color:
        return color(self.variants, self.theme)

    def place(self, table: pd.DataFrame) -> pd.DataFrame:
        """Low, middle and high where y draws them; lowest, size and highest as measured."""
        measured = table.assign(lowest=table["low"], size=table["middle"], highest=table["high"])
        return place_columns(measured, self.y, "low", "middle", "high")


def color(variants: Sequence[Variant], theme: ChartTheme, legend: alt.Legend | None = None) -> alt.Color:
    """The color of each variant, its own on every chart."""
    return color_names("variant", [variant.label for variant in variants], theme.colors(variants), legend)


def color_names(
    column: str, names: Iterable[object], colors: Iterable[str], legend: alt.Legend | None = None
) -> alt.Color:
    """The colors of the names in a column, in this order."""
    scale = alt.Scale(domain=[*names], range=[*colors])
    return alt.Color(f"{column}:N", title=None, scale=scale, sort=[*names], legend=legend)


def name_axis(
    column: str, names: Sequence[str], limit: float, padding: object = alt.Undefined, **axis: object
) -> alt.Y:
    """Names from the top down, each however low its row is, in at most so many pixels."""
    written = alt.Axis(labelLimit=limit, labelOverlap=False, labelFlush=False, **axis)
    return alt.Y(
        f"{column}:N", sort=[*names], title=None, scale=alt.Scale(domain=[*names], padding=padding), axis=written
    )


def pixel_places(x: str, y: str) -> tuple[alt.X, alt.Y]:
    """Columns that hold places in pixels, from the left and from the top."""
    return alt.X(f"{x}:Q", scale=None, axis=None), alt.Y(f"{y}:Q", scale=None, axis=None)


def step_axis(table: pd.DataFrame) -> alt.X:
    """Training steps from 0 to the last of a table."""
    last = int(table["step"].max())
    axis = alt.Axis(values=whole_ticks(0, last, 8), format="d", grid=False)
    return alt.X("step:Q", title="training step", axis=axis, scale=alt.Scale(domain=[0, max(1, last)], nice=False))


def layer_axis(last: int, domain: Sequence[float] = (), title: str = "layer l") -> alt.X:
    """Layers from 1 to the last, or over another domain."""
    domain = domain or ([1, last] if last > 1 else [0.5, 1.5])
    axis = alt.Axis(values=whole_ticks(1, last), format="d", grid=False)
    return alt.X("layer:Q", title=title, axis=axis, scale=alt.Scale(domain=domain, nice=False))


def whole_ticks(low: int, high: int, most: int = 10) -> list[int]:
    """Whole numbers from low to high, at a round stride, no more than about `most`."""
    stride = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000) if (high - low) / s <= most)
    inner = range(-(-low // stride) * stride, high + 1, stride)
    return sorted({low, *inner}) if low + stride // 2 <= next(iter(inner), high) else list(inner)


def spread_labels(positions: Sequence[float], gap: float) -> list[float]:
    """Positions from 0 to 1, moved as little as needed until neighbors are `gap` away; less where that cannot fit.

    Order is kept and the sum of the squared moves is least: an isotonic regression of the positions without their gaps,
    by pooling adjacent violators (Barlow et al. 1972).
    """
    gap = min(gap, 1 / max(1, len(positions) - 1))
    order = np.argsort(positions, kind="stable")
    pools: list[tuple[float, int]] = []
    for i, index in enumerate(order):
        mean, size = float(positions[index]) - i * gap, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    placed = np.repeat([mean for mean, _ in pools], [size for _, size in pools])
    last = max(0.0, 1 - gap * (len(order) - 1))
    result = np.empty(len(order))
    result[order] = np.clip(placed, 0, last) + gap * np.arange(len(order))
    return [min(1.0, float(position)) for position in result]
