"""Pictures side by side, one a start, at a recorded step: two in a row on a narrow screen."""

from collections.abc import Sequence

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
    examples = pixels.points(*points)
    layers, signals = pictures(table.assign(head=heads), theme, "height", lines=2, square=True, above=examples)
    words = {}
    for row in table[table["record"] == len(steps) - 1].itertuples():
        words[row.variant] = "overflowed"
        if np.isfinite(row.matrix).any():
            ones = percent(float((row.matrix > 0).mean()))
            words[row.variant] = f"class 1 in {ones} of it, {percent(row.accuracy)} of the test set correct"
    description = alt_text.at_last("The class predicted at each point of the plane of two inputs", words, steps)
    return playing.with_step_slider(layers, steps, theme, description, -1, signals)


def weights(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """W^[1] of each start, a row a unit: where units are equal, vertical stripes; tables.unit_rows.

    Each start has its own scale at all records, so that structure shows however small weights are.
    """
    sizes = table["matrix"].map(lambda matrix: np.abs(matrix[np.isfinite(matrix)]).max(initial=0.0))
    scaled = table["matrix"] / sizes.groupby(table["variant"]).transform("max").clip(lower=1e-300)
    layers, signals = pictures(table.assign(head=table["variant"], matrix=scaled), theme, "height")
    words = {}
    for row in table[table["record"] == len(steps) - 1].itertuples():
        words[row.variant] = "overflowed"
        if np.isfinite(row.matrix).all():
            different = len(np.unique(row.matrix, axis=0))
            rows = f"{different} different {'row' if different == 1 else 'rows'} among {len(row.matrix)}"
            low, high = number(float(row.matrix.min())), number(float(row.matrix.max()))
            words[row.variant] = f"{rows}, weights {low} to {high}"
    description = alt_text.at_last("The weights into layer 1, a row a unit", words, steps)
    return playing.with_step_slider(layers, steps, theme, description, -1, signals)


def pictures(
    table: pd.DataFrame, theme: ChartTheme, height: str, lines: int = 1, square: bool = False, above: str = ""
) -> tuple[list[alt.Chart], dict[str, str]]:
    """Pictures of variant, record, head (so many lines of words), matrix (−1 blue, 1 red); and their signals.

    They take the chart's width, and from its top so many pixels as `height` says, an expression of Vega's. `above` is
    a picture that stands on each of them. A matrix without a number is not drawn.
    """
    count, gap, head = table["variant"].nunique(), theme.size(GAP), theme.size(lines * LINE + 6)
    width = f"(width - {gap} * (columns - 1)) / columns"
    high = f"({height}) / ceil({count} / columns) - {head}"
    signals = {"columns": f"{NARROW} ? {min(2, count)} : {count}", "wide": width, "high": high}
    if square:
        signals |= dict.fromkeys(("wide", "high"), f"min({width}, {high})")
    drawn = table.drop(columns="matrix").assign(
        panel=pd.factorize(table["variant"])[0],
        picture=table["matrix"].map(pixels.url),
        lost=[not np.isfinite(matrix).any() for matrix in table["matrix"]],
    )
    # One of all is seen: the browser has each at hand when the slider comes to it.
    visible = alt.condition(f"datum.record == {playing.RECORD}", alt.value(1), alt.value(0))
    layers = [draw_images(_place(alt.Chart(drawn[~drawn["lost"]]), gap, head)).encode(opacity=visible)]
    if above:
        repeated = pd.DataFrame({"panel": range(count), "picture": above})
        layers.append(draw_images(_place(alt.Chart(repeated), gap, head)))
    look = {"fontSize": theme.size(13), "fontWeight": "bold", "lineHeight": theme.size(LINE)}
    limit = alt.ExprRef(f"wide + {theme.size(GAP - 4)}")
    up = -theme.size(lines * LINE + 4)
    heads = _place(playing.select_record(drawn), gap, head).mark_text(
        align="left", baseline="top", dy=up, color=theme.ink, limit=limit, lineBreak="\n", **look
    )
    layers.append(heads.encode(*pixel_places("left", "top"), text=alt.Text("head:N")))
    if drawn["lost"].any():
        gone = _place(playing.select_record(drawn[drawn["lost"]]), gap, head)
        gone = gone.transform_calculate(x="(datum.left + datum.right) / 2", y="(datum.top + datum.bottom) / 2")
        gone = gone.mark_text(color=theme.alarm, **look)
        layers.append(gone.encode(*pixel_places("x", "y"), text=alt.TextValue("overflowed")))
    return layers, signals


def _place(chart: alt.Chart, gap: float, head: float) -> alt.Chart:
    """The chart with left, right, top and bottom of its pictures, by the number of the `panel`."""
    chart = chart.transform_calculate(left=f"datum.panel % columns * (wide + {gap})")
    top = f"floor(datum.panel / columns) * (high + {head}) + {head}"
    chart = chart.transform_calculate(top=top, right="datum.left + wide")
    return chart.transform_calculate(bottom="datum.top + high")


def draw_images(chart: alt.Chart) -> alt.Chart:
    """The `picture` of each row, from left to right and from top to bottom, in pixels."""
    left, top = pixel_places("left", "top")
    images = chart.mark_image(aspect=False, smooth=False)
    return images.encode(left, top, x2=alt.X2("right:Q"), y2=alt.Y2("bottom:Q"), url=alt.Url("picture:N"))
