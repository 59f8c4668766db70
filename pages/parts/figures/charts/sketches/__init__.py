"""The small picture of a finding, as SVG: eighteen of them cost a browser less than one chart of Vega's."""

from __future__ import annotations

import pandas as pd

from core.claims import Finding
from pages.parts.figures.charts import points
from pages.parts.figures.charts.sketches import sketched_lines, sketched_rows, svg
from pages.parts.figures.charts.sketches.ticks import WIDTH
from pages.parts.figures.theme import ChartTheme


def picture(table: pd.DataFrame, finding: Finding, theme: ChartTheme) -> str:
    """tables.points of the finding as points.chart draws them: what is 0 on a log axis, or no number, stands apart."""
    names = list(dict.fromkeys(table["series"]))
    hues = dict(zip(names, points.colors(names, theme), strict=True))
    draw = sketched_lines.draw if points.counted(table) else sketched_rows.draw
    height, marks = draw(table, finding, points.axis(table, finding), hues, theme)
    return svg.picture(WIDTH, height, marks)
