"""Pictures side by side, one a start, at a recorded step: two in a row on a narrow screen."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from core.wording import number, percent
from pages.parts.figures.charts.marks import alt_text, playing
from pages.parts.figures.charts.marks.names import NARROW
from pages.parts.figures.charts.marks.scales import pixel_places
from pages.parts.figures.charts.pictures import pixels
from pages.parts.figures.theme import ChartTheme

GAP = 16  # pixels between two pictures, and
LINE = 18  # for a line of words above each


def planes(
    table: pd.DataFrame, points: tuple[np.ndarray, np.ndarray], steps: Sequence[int], theme: ChartTheme
) -> alt.LayerChart:
    """What networks predict over the plane of two inputs, under test examples; tables.planes, .points."""
    shares = [f"{percent(share)} correct" if np.isfinite(share) else "" for share in table["accuracy"]]
    heads = [f"{name}\n{share}" for name, share in zip(table["variant"], shares, strict=True)]
    panels = Panels(table["variant"].nunique(), theme, "height", lines=2, square=True)
    layers = pictures(table.assign(head=heads), panels, above=pixels.points(*points))
    words = {}
    for row in table[table["record"] == len(steps) - 1].itertuples():
        words[row.variant] = "overflowed"
        if np.isfinite(row.matrix).any():
            ones = percent(float((row.matrix > 0).mean()))
            words[row.variant] = f"class 1 in {ones} of it, {percent(row.accuracy)} of the test set correct"
    title = f"The class predicted at each point of the plane of two inputs, {playing.describe_steps(steps)[-1]}"
    description = alt_text.list_named(title, words.items())
    return playing.with_step_slider(layers, steps, theme, description, -1, panels.signals)


def weights(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """W^[1] of each start, a row a unit: where units are equal, vertical stripes; tables.unit_rows.

    Each start has its own scale at all records, so that structure shows however small weights are.
    """
    sizes = [np.abs(matrix, where=np.isfinite(matrix), out=np.zeros(matrix.shape)).max() for matrix in table["matrix"]]
    scales = pd.Series(sizes, table.index).groupby(table["variant"]).transform("max")
    scaled = [matrix / max(scale, 1e-300) for matrix, scale in zip(table["matrix"], scales, strict=True)]
    panels = Panels(table["variant"].nunique(), theme, "height")
    layers = pictures(table.assign(head=table["variant"], matrix=scaled), panels)
    words = {}
    for row in table[table["record"] == len(steps) - 1].itertuples():
        words[row.variant] = "overflowed"
        if np.isfinite(row.matrix).all():
            different = len(np.unique(row.matrix, axis=0))
            rows = f"{different} different {'row' if different == 1 else 'rows'} among {len(row.matrix)}"
            low, high = number(float(row.matrix.min())), number(float(row.matrix.max()))
            words[row.variant] = f"{rows}, weights {low} to {high}"
    title = f"The weights into layer 1, a row a unit, {playing.describe_steps(steps)[-1]}"
    description = alt_text.list_named(title, words.items())
    return playing.with_step_slider(layers, steps, theme, description, -1, panels.signals)


@dataclass(frozen=True)
class Panels:
    """Where so many pictures stand, each with so many `lines` of words above it.

    They take the chart's width, and from its top so many pixels as `height` says, an expression of Vega's.
    """

    count: int
    theme: ChartTheme
    height: str
    lines: int = 1
    square: bool = False

    @property
    def signals(self) -> dict[str, str]:
        """How many pictures are in a row, and how wide and high each is, in pixels."""
        gap = self.theme.size(GAP)
        across = f"(width - {gap} * (columns - 1)) / columns"
        down = f"({self.height}) / ceil({self.count} / columns) - {self.theme.size(self.lines * LINE + 6)}"
        sizes = (f"min({across}, {down})",) * 2 if self.square else (across, down)
        return {"columns": f"{NARROW} ? {min(2, self.count)} : {self.count}", "wide": sizes[0], "high": sizes[1]}

    def place(self, chart: alt.Chart) -> alt.Chart:
        """The chart with left, right, top and bottom of its pictures, by the number of the `panel`."""
        gap, head = self.theme.size(GAP), self.theme.size(self.lines * LINE + 6)
        chart = chart.transform_calculate(left=f"datum.panel % columns * (wide + {gap})")
        top = f"floor(datum.panel / columns) * (high + {head}) + {head}"
        chart = chart.transform_calculate(top=top, right="datum.left + wide")
        return chart.transform_calculate(bottom="datum.top + high")


def pictures(table: pd.DataFrame, panels: Panels, above: str = "") -> list[alt.Chart]:
    """Of a table of variant, record, head (words, line by line) and matrix (−1 blue, 1 red).

    `above` is a picture that stands on each of them. A matrix without a number is not drawn.
    """
    variants, theme = list(dict.fromkeys(table["variant"])), panels.theme
    drawn = table.drop(columns="matrix").assign(
        panel=[variants.index(name) for name in table["variant"]],
        picture=[pixels.url(matrix) for matrix in table["matrix"]],
        lost=[not np.isfinite(matrix).any() for matrix in table["matrix"]],
    )
    # One of all is seen: the browser has each at hand when the slider comes to it.
    visible = alt.condition(f"datum.record == {playing.RECORD}", alt.value(1), alt.value(0))
    layers = [draw_images(panels.place(alt.Chart(drawn[~drawn["lost"]]))).encode(opacity=visible)]
    if above:
        repeated = pd.DataFrame({"panel": range(panels.count), "picture": above})
        layers.append(draw_images(panels.place(alt.Chart(repeated))))
    look = {"fontSize": theme.size(13), "fontWeight": "bold", "lineHeight": theme.size(LINE)}
    limit = alt.ExprRef(f"wide + {theme.size(GAP - 4)}")
    up = -theme.size(panels.lines * LINE + 4)
    heads = panels.place(playing.select_record(drawn)).mark_text(
        align="left", baseline="top", dy=up, color=theme.ink, limit=limit, lineBreak="\n", **look
    )
    layers.append(heads.encode(*pixel_places("left", "top"), text=alt.Text("head:N")))
    if drawn["lost"].any():
        gone = panels.place(playing.select_record(drawn[drawn["lost"]]))
        gone = gone.transform_calculate(x="(datum.left + datum.right) / 2", y="(datum.top + datum.bottom) / 2")
        gone = gone.mark_text(color=theme.alarm, **look)
        layers.append(gone.encode(*pixel_places("x", "y"), text=alt.TextValue("overflowed")))
    return layers


def draw_images(chart: alt.Chart) -> alt.Chart:
    """The `picture` of each row, from left to right and from top to bottom, in pixels."""
    left, top = pixel_places("left", "top")
    images = chart.mark_image(aspect=False, smooth=False)
    return images.encode(left, top, x2=alt.X2("right:Q"), y2=alt.Y2("bottom:Q"), url=alt.Url("picture:N"))
