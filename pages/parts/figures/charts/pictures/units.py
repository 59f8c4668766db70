"""The weights into the units of a layer, a picture a matrix, at a step that is chosen in the browser."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from pages.parts.figures.charts.marks import pixels, playing
from pages.parts.figures.charts.pictures import descriptions
from pages.parts.figures.theme import ChartTheme

GAP = 1 / 16  # between two matrices, of their width
NAMED = 110  # pixels for the name of a start and of what is shown of it


def rows(table: pd.DataFrame, steps: Sequence[int], theme: ChartTheme) -> alt.LayerChart:
    """The rows of W^[1] of each variant, side by side, at a step chosen with a slider below; tables.unit_rows.

    Equal units show as vertical stripes: every row is the same.
    """
    variants = list(dict.fromkeys(table["variant"]))
    columns = [f"s{k}" for k in range(len(steps))]
    inputs, units = int(table["input"].max()), int(table["unit"].max())
    heads = pd.DataFrame(
        {
            "x": [(i * (1 + GAP) + 1 / 2) * inputs for i in range(len(variants))],
            "unit": 1,
            "name": variants,
        }
    )
    across = f"width / {len(variants)}"  # pixels for each: many on a phone have room for a name at the most
    titles = (
        alt.Chart(heads)
        .transform_calculate(head=f"{across} < {theme.size(NAMED)} ? datum.name : datum.name + ': W⁽¹⁾'")
        .mark_text(
            baseline="bottom",
            dy=-theme.size(6),
            fontSize=theme.size(13),
            fontWeight="bold",
            color=theme.ink,
            limit=alt.ExprRef(across),
        )
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.Text("head:N"))
    )
    pictures = _pictures(table, variants, columns)
    lost = (
        playing.select_record(pictures[pictures["lost"]].assign(x=pictures["x"] + inputs / 2, unit=(units + 1) / 2))
        .mark_text(fontSize=theme.size(14), fontWeight="bold", color=theme.alarm)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.TextValue("overflowed"))
    )
    drawn = _matrices(pictures, (len(variants) * (1 + GAP) - GAP) * inputs, units)
    description = descriptions.rows_of_units(table, columns, steps)
    layers = [drawn, titles, *([lost] if pictures["lost"].any() else []), _step(steps, units, theme)]
    return playing.with_step_slider(layers, len(steps), len(steps) - 1, description)


def _pictures(table: pd.DataFrame, variants: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """A row a matrix and record: where it is drawn, its picture, and whether anything of it is no number.

    Each matrix has its own scale, the same at every record, so that structure shows however small the weights are.
    """
    rows = []
    for variant, cells in table.groupby("variant", sort=False):
        weights = cells.pivot(index="unit", columns="input", values=list(columns)).to_numpy()
        matrices = weights.reshape(len(weights), len(columns), -1).swapaxes(0, 1)
        largest = np.abs(matrices, where=np.isfinite(matrices), out=np.zeros_like(matrices)).max()
        scale = largest if largest > 1e-300 else 1.0
        left = variants.index(variant) * (1 + GAP) * matrices.shape[2]
        for record, matrix in enumerate(matrices):
            rows.append(
                {
                    "variant": variant,
                    "record": record,
                    "x": left,
                    "right": left + matrix.shape[1],
                    "unit": 1,
                    "below": 1 + matrix.shape[0],
                    "lost": not np.isfinite(matrix).all(),
                    "picture": pixels.url(matrix / scale),
                }
            )
    return pd.DataFrame(rows)


def _matrices(pictures: pd.DataFrame, across: float, units: int) -> alt.Chart:
    """The pictures of all records, of which one is seen: the browser has each at hand when the slider comes to it.

    `across` is how wide they stand beside each other, in cells, gaps included.
    """
    y = alt.Y(
        "unit:Q",
        title="unit of layer 1",
        scale=alt.Scale(domain=[units + 1, 1], nice=False),
        axis=alt.Axis(values=[1, units], grid=False, format="d"),
    )
    return (
        alt.Chart(pictures)
        .mark_image(aspect=False, smooth=False)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, across], nice=False)),
            x2=alt.X2("right:Q"),
            y=y,
            y2=alt.Y2("below:Q"),
            url=alt.Url("picture:N"),
            opacity=alt.condition(f"datum.record == {playing.RECORD}", alt.value(1), alt.value(0)),
        )
    )


def _step(steps: Sequence[int], units: int, theme: ChartTheme) -> alt.Chart:
    return (
        alt.Chart(pd.DataFrame({"x": [0], "unit": [units + 1]}))
        .transform_calculate(words=f"{playing.describe_steps(steps)}[{playing.RECORD}]")
        .mark_text(align="left", baseline="top", dy=theme.size(6), fontSize=theme.size(14), color=theme.ink)
        .encode(x=alt.X("x:Q"), y=alt.Y("unit:Q"), text=alt.Text("words:N"))
    )
