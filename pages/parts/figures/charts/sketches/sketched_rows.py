"""The small picture of values that stand beside names: a row a value, in which its series is named."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from core.claims import Finding
from pages.parts.figures.charts.marks.scales import Shared
from pages.parts.figures.charts.sketches import svg
from pages.parts.figures.charts.sketches.ticks import EDGE, WIDTH, Place, tick_label, ticks
from pages.parts.figures.theme import ChartTheme


def draw(
    table: pd.DataFrame, finding: Finding, size: Shared, hues: dict[str, str], theme: ChartTheme
) -> tuple[float, list[str]]:
    """A heading for every name and a row for each of its values; a series is named where it comes first."""

    def x(value: float) -> float:
        return EDGE + size.axis.position(value) * (WIDTH - 2 * EDGE)

    bottom = sum(svg.ROW * (1 + len(rows)) + 6 for _, rows in table.groupby("x", sort=False))
    marks = [svg.rule((x(tick), 0), (x(tick), bottom), theme) for tick in ticks(size)]
    marks += [svg.bound((x(bound.value), 0), (x(bound.value), bottom), theme) for bound in finding.bounds]
    y, named = 0.0, set() if len(hues) > 1 else set(hues)
    for name, rows in table.groupby("x", sort=False):
        marks.append(svg.text(0, y + svg.SIZE, str(name), theme.ink, theme))
        for row in rows.itertuples():
            y += svg.ROW
            marks += _in_its_row(row, x, y + svg.ROW / 2 + 2, finding, hues[row.series], theme, row.series not in named)
            named.add(row.series)
        y += svg.ROW + 6
    return bottom + 2 * svg.ROW, marks + _along(finding, size, x, bottom, theme)


def _in_its_row(row: Any, x: Place, y: float, finding: Finding, hue: str, theme: ChartTheme, is_new: bool) -> list[str]:
    """A dot with the range of the seeds, and the series' name where it is new, beside it where there is room."""
    if math.isnan(row.middle):
        return [svg.text(EDGE, y + 4, f"{row.series}: not a number", theme.alarm, theme)]
    marks = [
        svg.line((x(row.low), y), (x(row.high), y), hue, 3),
        svg.dot(x(row.middle), y, hue, zero=finding.log and row.middle == 0),
    ]
    if is_new:
        fits = x(row.high) + 10 + svg.wide(row.series) < WIDTH
        at, anchor = (max(x(row.high), x(row.middle)) + 9, "start") if fits else (x(row.low) - 9, "end")
        marks.append(svg.text(at, y + 4, row.series, hue, theme, anchor))
    return marks


def _along(finding: Finding, size: Shared, x: Place, bottom: float, theme: ChartTheme) -> list[str]:
    """The numbers below, and below them what a bound means."""

    def within(value: float, words: str, y: float, hue: str) -> str:
        half = svg.wide(words) / 2
        return svg.text(min(max(x(value), half), WIDTH - half), y, words, hue, theme, "middle")

    marks = [within(tick, tick_label(tick), bottom + 14, theme.ink) for tick in ticks(size)]
    return marks + [within(b.value, b.said, bottom + 14 + svg.ROW, theme.quiet) for b in finding.bounds]
