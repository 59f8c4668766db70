"""The small picture of values over numbers: a line a series, named where it ends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from core.claims import Finding
from pages.parts.figures.charts import points
from pages.parts.figures.charts.marks.scales import Shared, spread_labels
from pages.parts.figures.charts.sketches import svg
from pages.parts.figures.charts.sketches.ticks import EDGE, WIDTH, Place, tick_label, ticks
from pages.parts.figures.theme import ChartTheme

HEIGHT = 150  # of the lines, at the least


@dataclass(frozen=True)
class Room:
    """Where the lines are drawn, in pixels, and where numbers stand in it."""

    left: float
    right: float
    top: float
    bottom: float
    x: Place
    y: Place


def draw(
    table: pd.DataFrame, finding: Finding, size: Shared, hues: dict[str, str], theme: ChartTheme
) -> tuple[float, list[str]]:
    """The height and the marks of the picture."""
    known = table.dropna(subset=["middle"])
    lost = [name for name in hues if name not in set(known["series"])]
    ends = {str(name): float(rows["middle"].iloc[-1]) for name, rows in known.groupby("series", sort=False)}
    bounds = {bound.said: bound.value for bound in finding.bounds}
    names = {name: _halves(name) for name in (*(ends if len(hues) > 1 else ()), *bounds)}
    room = _room(table, size, names, len(lost))
    marks = [svg.text(0, svg.SIZE + svg.ROW * i, f"{n}: not a number", theme.alarm, theme) for i, n in enumerate(lost)]
    for tick in ticks(size):
        marks.append(svg.rule((room.left, room.y(tick)), (room.right, room.y(tick)), theme))
        marks.append(svg.text(room.left - 6, room.y(tick) + 4, tick_label(tick), theme.ink, theme, "end"))
    across = [((room.left, room.y(value)), (room.right, room.y(value))) for value in bounds.values()]
    marks += [svg.bound(*ends_of_it, theme) for ends_of_it in across]
    for name, rows in known.groupby("series", sort=False):
        marks += _line(rows, room, hues[str(name)], finding.log)
    at = {name: room.y((ends | bounds)[name]) for name in names}
    marks += _named(at, names, room, hues | dict.fromkeys(bounds, theme.quiet), theme)
    return room.bottom + 2 * svg.ROW + 4, marks + _below(finding, sorted(set(table["x"])), room, theme)


def _room(table: pd.DataFrame, size: Shared, names: Mapping[str, list[str]], lost: int) -> Room:
    top = 8.0 + svg.ROW * (lost + (_lines(names) - 1) / 2)  # a name of two lines reaches above its own
    bottom = top + max(HEIGHT, svg.ROW * _lines(names) * (len(names) - 1))
    left = 10 + max(svg.wide(tick_label(tick)) for tick in ticks(size))
    right = WIDTH - max([EDGE, *(18 + svg.wide(half) for halves in names.values() for half in halves)])
    across = _across(table)
    return Room(
        left,
        right,
        top,
        bottom,
        lambda value: left + across(value) * (right - left),
        lambda value: bottom - size.axis.position(value) * (bottom - top),
    )


def _across(table: pd.DataFrame) -> Place:
    """Where numbers stand across, from 0 to 1."""
    low, high = float(table["x"].min()), float(table["x"].max())
    if low > 0 and high / low > 10:
        return lambda value: math.log(value / low) / math.log(high / low)
    return lambda value: (value - low) / ((high - low) or 1)


def _line(rows: pd.DataFrame, room: Room, hue: str, log: bool) -> list[str]:
    low, at, high = (
        [(room.x(x), room.y(value)) for x, value in zip(rows["x"], rows[column], strict=True)]
        for column in ("low", "middle", "high")
    )
    dots = [svg.dot(*place, hue, zero=log and value == 0) for place, value in zip(at, rows["middle"], strict=True)]
    return [svg.band(high + low[::-1], hue), svg.course(at, hue), *dots]


def _named(
    at: Mapping[str, float], names: Mapping[str, list[str]], room: Room, hues: Mapping[str, str], theme: ChartTheme
) -> list[str]:
    """Names to the right of where lines end, moved apart where they would overlap."""
    tall, high = svg.ROW * _lines(names), room.bottom - room.top
    spread = spread_labels([(y - room.top) / high for y in at.values()], tall / high)
    middles = {name: room.top + place * high for name, place in zip(at, spread, strict=True)}
    marks = []
    for name, middle in middles.items():
        marks.append(svg.line((room.right + 5, at[name]), (room.right + 14, middle), hues[name]))
        first = middle - svg.ROW * len(names[name]) / 2 + svg.SIZE - 1
        for i, half in enumerate(names[name]):
            marks.append(svg.text(room.right + 17, first + i * svg.ROW, half, hues[name], theme))
    return marks


def _lines(names: Mapping[str, list[str]]) -> int:
    return max(map(len, names.values()), default=1)


def _below(finding: Finding, xs: list[float], room: Room, theme: ChartTheme) -> list[str]:
    """The numbers below the lines, as many as there is room for, and what they count."""
    marks, last, end = [], -math.inf, room.x(xs[-1])
    for value in xs:
        x, half = room.x(value), svg.wide(tick_label(value)) / 2
        if x - half > last + 6 and (value == xs[-1] or end - x > 3 * half + 6):
            marks.append(svg.text(x, room.bottom + 15, tick_label(value), theme.ink, theme, "middle"))
            last = x + half
    middle = (room.left + room.right) / 2
    return [*marks, svg.text(middle, room.bottom + 15 + svg.ROW, finding.across, theme.ink, theme, "middle")]


def _halves(name: str) -> list[str]:
    """A long name in two lines, as even as its spaces allow."""
    spaces = [i for i, letter in enumerate(name) if letter == " "]
    if len(name) <= points.SHORT or not spaces:
        return [name]
    middle = min(spaces, key=lambda i: max(i, len(name) - i))
    return [name[:middle], name[middle + 1 :]]
