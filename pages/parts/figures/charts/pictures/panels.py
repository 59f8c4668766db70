"""Pictures side by side, one a start, at a step that is chosen in the browser: two in a row on a narrow screen."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd

from core.wording import percent
from pages.parts.figures.charts.marks import pixels, playing
from pages.parts.figures.charts.marks.names import NARROW
from pages.parts.figures.charts.marks.scales import pixel_places
from pages.parts.figures.charts.pictures import descriptions
from pages.parts.figures.theme import ChartTheme

GAP = 16  # pixels between two pictures, and
LINE = 18  # for a line of words above each


def planes(
    table: pd.DataFrame, points: tuple[np.ndarray, np.ndarray], steps: Sequence[int], theme: ChartTheme
) -> alt.LayerChart:
    """What each start's network predicts over the plane of two inputs, under test examples; tables.planes, .points."""
    shares = [f"{percent(share)} correct" if np.isfinite(share) else "" for share in table["accuracy"]]
    heads = [f"{name}\n{share}" for name, share in zip(table["variant"], shares, strict=True)]
    panels = Panels(table["variant"].nunique(), theme, "height", lines=2, square=True)
    layers = pictures(table.assign(head=heads), panels, above=pixels.points(*points))
    return playing.with_step_slider(layers, steps, theme, descriptions.planes(table, steps), -1, panels.signals)


def weights(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """[W^[1]] of each start, a row a unit: where units are equal, vertical stripes; tables.unit_rows.

    Each start has its own scale, the same at every record, so that structure shows however small the weights are.
    """
    sizes = [np.abs(matrix, where=np.isfinite(matrix), out=np.zeros(matrix.shape)).max() for matrix in table["matrix"]]
    scales = pd.Series(sizes, table.index).groupby(table["variant"]).transform("max")
    scaled = [matrix / max(scale, 1e-300) for matrix, scale in zip(table["matrix"], scales, strict=True)]
    panels = Panels(table["variant"].nunique(), theme, "height")
    layers = pictures(table.assign(head=table["variant"], matrix=scaled), panels)
    return playing.with_step_slider(layers, steps, theme, descriptions.weights(table, steps), -1, panels.signals)


@dataclass(frozen=True)
class Panels:
    """Where so many pictures stand: over the chart's width, and from its top so many pixels as `height` says.

    `height` is an expression of Vega's. Above each picture is room for so many `lines` of words.
    """

    count: int
    theme: ChartTheme
    height: str
    lines: int = 1
    square: bool = False

    @property
    def _head(self) -> float:
        return self.theme.size(self.lines * LINE + 6)

    @property
    def signals(self) -> dict[str, str]:
        """How many pictures are in a row, and how wide and high each is, in pixels: for playing.with_step_slider."""
        gap = self.theme.size(GAP)
        across = f"(width - {gap} * (columns - 1)) / columns"
        down = f"({self.height}) / ceil({self.count} / columns) - {self._head}"
        sizes = (f"min({across}, {down})",) * 2 if self.square else (across, down)
        return {"columns": f"{NARROW} ? {min(2, self.count)} : {self.count}", "wide": sizes[0], "high": sizes[1]}

    @property
    def limit(self) -> str:
        """How long words over a picture may be."""
        return f"wide + {self.theme.size(GAP - 4)}"

    def place(self, chart: alt.Chart) -> alt.Chart:
        """The chart with the pixels of its pictures: left, right, top and bottom, by the number of the `panel`."""
        return (
            chart.transform_calculate(left=f"datum.panel % columns * (wide + {self.theme.size(GAP)})")
            .transform_calculate(
                top=f"floor(datum.panel / columns) * (high + {self._head}) + {self._head}", right="datum.left + wide"
            )
            .transform_calculate(bottom="datum.top + high")
        )


def pictures(table: pd.DataFrame, panels: Panels, above: str = "") -> list[alt.Chart]:
    """The layers of a table of variant, record, head (words, line by line) and matrix (−1 blue, 1 red).

    `above` is a picture that stands on each of them. A matrix without a number is not drawn.
    """
    variants, theme = list(dict.fromkeys(table["variant"])), panels.theme
    drawn = table.drop(columns="matrix").assign(
        panel=[variants.index(name) for name in table["variant"]],
        picture=[pixels.url(matrix) for matrix in table["matrix"]],
        lost=[not np.isfinite(matrix).any() for matrix in table["matrix"]],
    )
    # Of all records, of which one is seen: the browser has each at hand when the slider comes to it.
    visible = alt.condition(f"datum.record == {playing.RECORD}", alt.value(1), alt.value(0))
    layers = [_images(drawn[~drawn["lost"]], panels).encode(opacity=visible)]
    if above:
        layers.append(_images(pd.DataFrame({"panel": range(panels.count), "picture": above}), panels))
    words = {"fontSize": theme.size(13), "fontWeight": "bold", "lineHeight": theme.size(LINE)}
    heads = panels.place(playing.select_record(drawn)).mark_text(
        align="left",
        baseline="top",
        dy=-panels.theme.size(panels.lines * LINE + 4),
        color=theme.ink,
        limit=alt.ExprRef(panels.limit),
        lineBreak="\n",
        **words,
    )
    layers.append(heads.encode(*pixel_places("left", "top"), text=alt.Text("head:N")))
    if drawn["lost"].any():
        gone = panels.place(playing.select_record(drawn[drawn["lost"]]))
        gone = gone.transform_calculate(x="(datum.left + datum.right) / 2", y="(datum.top + datum.bottom) / 2")
        gone = gone.mark_text(color=theme.alarm, **words)
        layers.append(gone.encode(*pixel_places("x", "y"), text=alt.TextValue("overflowed")))
    return layers


def _images(table: pd.DataFrame, panels: Panels) -> alt.Chart:
    images = panels.place(alt.Chart(table)).mark_image(aspect=False, smooth=False)
    return images.encode(
        *pixel_places("left", "top"), x2=alt.X2("right:Q"), y2=alt.Y2("bottom:Q"), url=alt.Url("picture:N")
    )
