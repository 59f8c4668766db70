"""A line and a band over the seeds for each variant: by layer or by step, on a logarithmic or a linear axis."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import percent
from pages.parts.charts import divergence, edges, names, strands, words
from pages.parts.charts.scales import LogAxis, Shared, whole_ticks
from pages.parts.palette import Look

FURTHEST = 1e12  # how far below all sizes their rounding may be and still be drawn


def by_layer(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    look: Look,
    title: str,
    theory: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A size by layer on a log axis, direct labels at the last layer, zeros and overflow as marks; tables.layers.

    `theory` (tables.theory) is drawn as dashed lines with the band where single draws should fall; the axis is the
    measured one's, beyond which a prediction is cut off.
    """
    x = alt.X(
        "layer:Q",
        title="layer l",
        axis=alt.Axis(values=whole_ticks(1, int(table["layer"].max())), format="d", grid=False),
        scale=alt.Scale(domain=_layer_domain(table), nice=False),
    )
    layers = _log_lines(table, "layer", x, variants, look, title, points=True, theory=theory)
    return alt.layer(*layers, description=words.lines(table, "layer", title))


def by_step(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    look: Look,
    title: str,
    divergences: pd.DataFrame | None = None,
    floor: float = 0.0,
) -> alt.LayerChart:
    """A size by training step on a log axis; a cross where runs stopped being numbers; tables.steps, .divergences.

    `floor` is drawn as a rule, where an axis can show it and the sizes: below it a size is rounding.
    """
    smallest = table["middle"].where(table["middle"] > 0).min()
    floor = 0.0 if floor < smallest / FURTHEST else floor
    x = _step_axis(table)
    lost = divergence.lost(table, divergences)
    layers = _log_lines(table, "step", x, variants, look, title, unlabelled=lost, floor=floor)
    crosses = divergence.crosses(divergences, lost, variants, look, table)
    said = words.lines(table, "step", title) + words.diverged(divergences)
    return alt.layer(*layers, *crosses, *_floor(floor, look), description=said)


def share_by_step(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    look: Look,
    title: str,
    divergences: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A share from 0 to 1 by training step, a cross where runs stopped being numbers; tables.records, .divergences."""
    x, y = _step_axis(table), Shared.share(title)
    known = table.dropna(subset=["middle"])
    layers = strands.bands_and_lines(known, "step", x, y, variants, look, points=True)
    lost = divergence.lost(table, divergences)
    layers += names.labels(table, "step", x, y, variants, look, lost)
    said = words.lines(table, "step", title, write=percent) + words.diverged(divergences)
    crosses = divergence.crosses(divergences, lost, variants, look, table)
    return alt.layer(*layers, *crosses, description=said)


def count_by_step(
    table: pd.DataFrame, variants: Sequence[Variant], look: Look, title: str, highest: int
) -> alt.LayerChart:
    """A count from 1 to `highest` by training step, on a log axis; tables.records."""
    table = table.assign(middle=table["middle"].where(table["middle"] > 0))
    ticks = [1, *(n for n in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if n < highest * 0.8), highest]
    axis = LogAxis(0.9, max(2, highest) * 1.1, False, False)
    y = Shared(title, axis.scale(), alt.Axis(values=sorted(set(ticks)), format="d"), axis)
    x = _step_axis(table)
    layers = strands.bands_and_lines(table.dropna(subset=["middle"]), "step", x, y, variants, look, points=True)
    said = words.lines(table, "step", title, write="{:g}".format)
    return alt.layer(*layers, *names.labels(table, "step", x, y, variants, look), description=said)


def _floor(floor: float, look: Look) -> list[alt.Chart]:
    if not floor > 0:
        return []
    base = alt.Chart(pd.DataFrame({"middle": [floor], "said": ["rounding"]}))
    word = base.mark_text(align="right", dx=-4, dy=-look.size(8), fontSize=look.size(13), color=look.quiet)
    return [
        base.mark_rule(strokeDash=[2, 3], strokeWidth=look.size(2), color=look.quiet).encode(y=alt.Y("middle:Q")),
        word.encode(x=alt.XValue("width"), y=alt.Y("middle:Q"), text=alt.Text("said:N")),
    ]


def _layer_domain(table: pd.DataFrame) -> list[float]:
    last = int(table["layer"].max())
    return [1, last] if last > 1 else [0.5, 1.5]


def _step_axis(table: pd.DataFrame) -> alt.X:
    last = int(table["step"].max())
    axis = alt.Axis(values=whole_ticks(0, last, 8), format="d", grid=False)
    return alt.X("step:Q", title="training step", axis=axis, scale=alt.Scale(domain=[0, max(1, last)], nice=False))


def _log_lines(
    table: pd.DataFrame,
    along: str,
    x: alt.X,
    variants: Sequence[Variant],
    look: Look,
    title: str,
    points: bool = False,
    unlabelled: Sequence[str] = (),
    floor: float = 0.0,
    theory: pd.DataFrame | None = None,
) -> list[alt.Chart]:
    # A line that ends as not a number would stretch the axis until the others lie flat: it is cut off instead.
    kept = table[~table["variant"].isin(unlabelled)] if set(table["variant"]) - set(unlabelled) else table
    unbounded = kept["high"].where(~kept["overflow"], float("inf"))
    axis = LogAxis.over(kept["low"], kept["middle"], unbounded, [floor] if floor > 0 else [])
    drawn = table.assign(**{column: axis.place(table[column]) for column in ("low", "middle", "high")})
    drawn["zero"] = table["middle"] == 0
    drawn["size"] = table["middle"]
    y = Shared.log(title, axis)
    layers = strands.bands_and_lines(drawn[~drawn["zero"]], along, x, y, variants, look, points)
    layers += names.labels(drawn, along, x, y, variants, look, unlabelled)
    if theory is not None:
        band = strands.theory_band(theory, x, y, axis, look)
        layers = [*band, *layers, *strands.theory_line(theory, x, y, axis, look)]
    zeros = drawn[drawn["zero"]]
    if len(zeros):
        layers += edges.marks(zeros, along, x, y, "triangle-down", "exactly 0", variants, look)
    over = drawn[table["overflow"]].assign(middle=axis.high)
    if len(over):
        layers += edges.marks(over, along, x, y, "triangle-up", "overflow", variants, look)
    return layers
