"""The small picture of a finding, as SVG: eighteen of them cost a browser less than one chart of Vega's."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape

import pandas as pd

from core.claims import Finding
from core.wording import number
from pages.parts.charts import points
from pages.parts.charts.scales import LogAxis, Shared
from pages.parts.palette import Look

WIDTH = 430
LETTER = 6.6  # about how wide a letter is
RIGHT, BOTTOM, LEGEND_ROW = 16, 34, 20

Place = Callable[[float], float]


def picture(table: pd.DataFrame, finding: Finding, look: Look) -> str:
    """tables.points of the finding as points.chart draws them: what is 0 on a log axis, or no number, stands apart."""
    names = list(dict.fromkeys(table["series"]))
    hues = dict(zip(names, points.colours(names, look), strict=True))
    size, height = points.axis(table, finding), points.height(table)
    known = table.dropna(subset=["middle"])
    marks = _legend(hues, look) if len(names) > 1 else []
    top = 12 + LEGEND_ROW * -(-len(names) // points.LEGEND_COLUMNS) * (len(names) > 1)
    draw = _over_numbers if points.counted(table) else _beside_names
    marks += draw(known, table, finding, size, hues, look, top, height - BOTTOM)
    lost = dict.fromkeys(table.loc[table["middle"].isna(), "series"])
    marks += [_text(60, top + 14 + 16 * i, f"{n}: not a number", look.alarm) for i, n in enumerate(lost)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f'{head} font-family="sans-serif" font-size="12">{"".join(marks)}</svg>'


def _over_numbers(
    known: pd.DataFrame,
    table: pd.DataFrame,
    finding: Finding,
    size: Shared,
    hues: dict[str, str],
    look: Look,
    top: int,
    bottom: int,
) -> list[str]:
    ticks = _ticks(size)
    left = 12 + LETTER * max(len(_said(tick)) for tick in ticks)
    across, low, high = _across(table)

    def x(value: float) -> float:
        return left + across(value) * (WIDTH - RIGHT - left)

    def y(value: float) -> float:
        return bottom - size.axis.position(value) * (bottom - top)

    marks = [_line(left, y(tick), WIDTH - RIGHT, y(tick), look.quiet, 0.3) for tick in ticks]
    marks += [_text(left - 6, y(tick) + 4, _said(tick), look.ink, "end") for tick in ticks]
    ends = ((left, low, "start"), (WIDTH - RIGHT, high, "end"))
    marks += [_text(at, bottom + 14, _said(value), look.ink, anchor) for at, value, anchor in ends]
    marks.append(_text((left + WIDTH - RIGHT) / 2, bottom + 28, finding.across, look.ink, "middle"))
    for name, rows in known.groupby("series", sort=False):
        band = [(x(r.x), y(r.low)) for r in rows.itertuples()] + [(x(r.x), y(r.high)) for r in rows[::-1].itertuples()]
        line = [(x(r.x), y(r.middle)) for r in rows.itertuples()]
        marks.append(f'<polygon points="{_path(band)}" fill="{hues[name]}" opacity="0.18"/>')
        marks.append(f'<polyline points="{_path(line)}" fill="none" stroke="{hues[name]}" stroke-width="2"/>')
        marks += [_mark(*at, value, finding, hues[name]) for at, value in zip(line, rows["middle"], strict=True)]
    return marks


def _beside_names(
    known: pd.DataFrame,
    table: pd.DataFrame,
    finding: Finding,
    size: Shared,
    hues: dict[str, str],
    look: Look,
    top: int,
    bottom: int,
) -> list[str]:
    rows = list(dict.fromkeys(table["x"]))
    left = 12 + LETTER * max(len(str(row)) for row in rows)
    band = (bottom - top) / len(rows)

    def x(value: float) -> float:
        return left + size.axis.position(value) * (WIDTH - RIGHT - left)

    ticks = _ticks(size)
    marks = [_line(x(tick), top, x(tick), bottom, look.quiet, 0.3) for tick in ticks]
    marks += [_text(x(tick), bottom + 14, _said(tick), look.ink, "middle") for tick in ticks]
    marks += [_text(left - 8, top + (i + 0.5) * band + 4, str(row), look.ink, "end") for i, row in enumerate(rows)]
    apart = {name: (place + 0.5) / len(hues) for place, name in enumerate(hues)}
    for row in known.itertuples():
        y = top + (rows.index(row.x) + 0.15 + 0.7 * apart[row.series]) * band
        marks.append(_line(x(row.low), y, x(row.high), y, hues[row.series], 1, 3))
        marks.append(_mark(x(row.middle), y, row.middle, finding, hues[row.series]))
    return marks


def _across(table: pd.DataFrame) -> tuple[Place, float, float]:
    """Where numbers stand across, from 0 to 1, and the first and the last of them."""
    low, high = float(table["x"].min()), float(table["x"].max())
    if low > 0 and high / low > 10:
        return lambda value: math.log(value / low) / math.log(high / low), low, high
    return lambda value: (value - low) / ((high - low) or 1), low, high


def _ticks(size: Shared) -> list[float]:
    axis = size.axis
    if isinstance(axis, LogAxis):
        ticks = list(size.ticks["values"])
        return ticks[:: -(-len(ticks) // 5)]
    rough = (axis.high - axis.low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first = math.ceil(axis.low / step)
    return [round(i * step, 12) for i in range(first, math.floor(axis.high / step) + 1)]


def _said(value: float) -> str:
    return f"{value:g}" if value == 0 or 1e-3 <= abs(value) < 1e4 else number(value, 1)


def _mark(x: float, y: float, value: float, finding: Finding, hue: str) -> str:
    """A dot; a triangle for an exact zero, which a log axis can only hold at its end."""
    if value == 0 and finding.log:
        return f'<path d="M{x - 5:.1f} {y - 5:.1f}h10l-5 9z" fill="{hue}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{hue}"/>'


def _legend(hues: dict[str, str], look: Look) -> list[str]:
    marks = []
    for place, (name, hue) in enumerate(hues.items()):
        row, column = divmod(place, points.LEGEND_COLUMNS)
        x, y = 10 + column * WIDTH / points.LEGEND_COLUMNS, 12 + row * LEGEND_ROW
        marks += [f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{hue}"/>', _text(x + 10, y, name, look.ink)]
    return marks


def _line(x: float, y: float, to_x: float, to_y: float, hue: str, opacity: float = 1.0, width: float = 1.0) -> str:
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{hue}" stroke-width="{width}" opacity="{opacity}"/>'


def _text(x: float, y: float, said: str, hue: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{hue}" text-anchor="{anchor}">{escape(said)}</text>'


def _path(corners: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
