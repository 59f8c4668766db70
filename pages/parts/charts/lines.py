"""A line and a band over the seeds for each variant: by layer or by step, on a logarithmic or a linear axis."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from pages.parts.charts import edges
from pages.parts.charts.scales import LogAxis, Shared, spread_labels, whole_ticks
from pages.parts.palette import Look, dashes

LABEL_GAP = 0.075  # of the chart's height, between two direct labels
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
    return _log_lines(table, "layer", x, variants, look, title, points=True, theory=theory)


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
    lost = _lost(table, divergences)
    chart = _log_lines(table, "step", x, variants, look, title, unlabelled=lost, floor=floor)
    return alt.layer(*chart.layer, *_crosses(divergences, lost, variants, look, table), *_floor(floor, look))


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
    layers = _bands_and_lines(known, "step", x, y, variants, look, points=True)
    lost = _lost(table, divergences)
    layers += _labels(table, "step", x, y, variants, look, lost)
    return alt.layer(*layers, *_crosses(divergences, lost, variants, look, table))


def count_by_step(
    table: pd.DataFrame, variants: Sequence[Variant], look: Look, title: str, highest: int
) -> alt.LayerChart:
    """A count from 1 to `highest` by training step, on a log axis; tables.records."""
    table = table.assign(middle=table["middle"].where(table["middle"] > 0))
    ticks = [1, *(n for n in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if n < highest * 0.8), highest]
    axis = LogAxis(0.9, max(2, highest) * 1.1, False, False)
    y = Shared(title, axis.scale(), alt.Axis(values=sorted(set(ticks)), format="d"), axis)
    x = _step_axis(table)
    layers = _bands_and_lines(table.dropna(subset=["middle"]), "step", x, y, variants, look, points=True)
    return alt.layer(*layers, *_labels(table, "step", x, y, variants, look))


def _lost(table: pd.DataFrame, divergences: pd.DataFrame | None) -> list[str]:
    """The variants that diverged with every seed, so that no number is left at the last step."""
    if divergences is None:
        return []
    last = table.loc[table["step"] == table["step"].max(), ["variant", "middle"]].dropna()
    return [label for label in divergences["variant"].unique() if label not in set(last["variant"])]


def _floor(floor: float, look: Look) -> list[alt.Chart]:
    if not floor > 0:
        return []
    base = alt.Chart(pd.DataFrame({"middle": [floor], "said": ["rounding"]}))
    word = base.mark_text(align="right", dx=-4, dy=-look.size(8), fontSize=look.size(12), color=look.quiet)
    return [
        base.mark_rule(strokeDash=[2, 3], strokeWidth=look.size(2), color=look.quiet).encode(y=alt.Y("middle:Q")),
        word.encode(x=alt.XValue("width"), y=alt.Y("middle:Q"), text=alt.Text("said:N")),
    ]


def colour(variants: Sequence[Variant], look: Look) -> alt.Color:
    labels = [variant.label for variant in variants]
    scale = alt.Scale(domain=labels, range=look.colours(variants))
    return alt.Color("variant:N", scale=scale, sort=labels, legend=None)


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
) -> alt.LayerChart:
    # A line that ends as not a number would stretch the axis until the others lie flat: it is cut off instead.
    kept = table[~table["variant"].isin(unlabelled)] if set(table["variant"]) - set(unlabelled) else table
    unbounded = kept["high"].where(~kept["overflow"], float("inf"))
    axis = LogAxis.over(kept["low"], kept["middle"], unbounded, [floor] if floor > 0 else [])
    drawn = table.assign(**{column: axis.place(table[column]) for column in ("low", "middle", "high")})
    drawn["zero"] = table["middle"] == 0
    drawn["size"] = table["middle"]
    y = Shared.log(title, axis)
    layers = _bands_and_lines(drawn[~drawn["zero"]], along, x, y, variants, look, points)
    layers += _labels(drawn, along, x, y, variants, look, unlabelled)
    if theory is not None:
        layers = [*_theory_band(theory, x, y, axis, look), *layers, *_theory_line(theory, x, y, axis, look)]
    zeros = drawn[drawn["zero"]]
    if len(zeros):
        layers += _edge_marks(zeros, along, x, y, "triangle-down", "exactly 0", variants, look)
    over = drawn[table["overflow"]].assign(middle=axis.high)
    if len(over):
        layers += _edge_marks(over, along, x, y, "triangle-up", "overflow", variants, look)
    return alt.layer(*layers)


def _bands_and_lines(
    table: pd.DataFrame,
    along: str,
    x: alt.X,
    y: Shared,
    variants: Sequence[Variant],
    look: Look,
    points: bool = False,
) -> list[alt.Chart]:
    labels = [variant.label for variant in variants]
    hue = colour(variants, look)
    dash = alt.StrokeDash("variant:N", scale=alt.Scale(domain=labels, range=dashes(variants)), legend=None)
    tooltip = [
        alt.Tooltip("variant:N"),
        alt.Tooltip(f"{along}:Q"),
        *(alt.Tooltip(f"{c}:Q", format=".3g") for c in ("low", "middle", "high")),
    ]
    base = alt.Chart(table)
    band = base.mark_area(opacity=0.18).encode(x=x, y=y.y("low"), y2=alt.Y2("high:Q"), color=hue)
    line = base.mark_line(strokeWidth=look.size(2.5)).encode(x=x, y=y.y("middle"), color=hue, strokeDash=dash)
    dots = base.mark_circle(size=look.size(46), opacity=1 if points else 0).encode(
        x=x, y=y.y("middle"), color=hue, tooltip=tooltip
    )
    return [band, line, dots]


def _theory_band(theory: pd.DataFrame, x: alt.X, y: Shared, axis: LogAxis, look: Look) -> list[alt.Chart]:
    known = theory.dropna(subset=["low"])
    bounded = known.assign(low=axis.place(known["low"]), high=axis.place(known["high"]))
    area = alt.Chart(bounded).mark_area(opacity=0.16, color=look.quiet)
    return [area.encode(x, y.y("low"), alt.Y2("high:Q"), alt.Detail("variant:N"))] if len(bounded) else []


def _theory_line(theory: pd.DataFrame, x: alt.X, y: Shared, axis: LogAxis, look: Look) -> list[alt.Chart]:
    inside = theory[(theory["middle"] >= axis.low) & (theory["middle"] <= axis.high)]
    line = alt.Chart(inside).mark_line(strokeDash=[3, 3], strokeWidth=look.size(1.4), color=look.ink)
    return [line.encode(x, y.y("middle"), alt.Detail("variant:N"))] if len(inside) else []


def _labels(
    table: pd.DataFrame,
    along: str,
    x: alt.X,
    y: Shared,
    variants: Sequence[Variant],
    look: Look,
    unlabelled: Sequence[str] = (),
) -> list[alt.Chart]:
    """Each variant's name once: at the end of its line, a cross after it where numbers end early, or on top."""
    known = table.dropna(subset=["middle"])
    hue = colour(variants, look)
    nowhere = [v.label for v in variants if v.label not in {*known["variant"], *unlabelled}]
    named = known[~known["variant"].isin(unlabelled)]
    ends = named.loc[named.groupby("variant", sort=False)[along].idxmax()].sort_values(along)
    charts = _missing(nowhere, len(unlabelled), hue, look)
    if ends.empty:
        return charts
    ends["said"] = ends["variant"].where(ends[along] == table[along].max(), ends["variant"] + " ✕")
    ends["at"] = ends["middle"]
    # Labels of lines that end far from each other stand at their own place.
    reach = 0.3 * (table[along].max() - table[along].min())
    for _, group in ends.groupby((ends[along].diff() > reach).cumsum()):
        apart = spread_labels([y.axis.position(value) for value in group["middle"]], LABEL_GAP)
        ends.loc[group.index, "at"] = [y.axis.value_at(position) for position in apart]
    text = (
        alt.Chart(ends)
        .mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
        .encode(x=x, y=y.y("at"), text=alt.Text("said:N"), color=hue)
    )
    return [text, *charts]


def _missing(labels: Sequence[str], rows_above: int, hue: alt.Color, look: Look) -> list[alt.Chart]:
    """The names of variants that have no number at all, a row each from the top."""
    return [
        alt.Chart(pd.DataFrame({"variant": [label], "said": [f"✕ {label}: not a number"]}))
        .mark_text(align="left", dx=look.size(8), fontSize=look.size(13), fontWeight="bold")
        .encode(x=alt.XValue(0), y=alt.YValue(edges.row(row, look)), text=alt.Text("said:N"), color=hue)
        for row, label in enumerate(labels, start=rows_above)
    ]


def _edge_marks(
    table: pd.DataFrame, along: str, x: alt.X, y: Shared, shape: str, word: str, variants: Sequence[Variant], look: Look
) -> list[alt.Chart]:
    base = alt.Chart(table)
    marks = base.mark_point(shape=shape, filled=True, size=look.size(90), opacity=1).encode(
        x=x,
        y=y.y("middle"),
        color=colour(variants, look),
        tooltip=[alt.Tooltip("variant:N"), alt.Tooltip(f"{along}:Q"), alt.Tooltip("size:Q", format=".3g")],
    )
    first = table.sort_values(along).head(1)
    text = (
        alt.Chart(first)
        .mark_text(
            align="left", dx=look.size(8), dy=look.size(-12 if shape == "triangle-down" else 14), fontSize=look.size(12)
        )
        .encode(x=x, y=y.y("middle"), text=alt.TextValue(word), color=alt.ColorValue(look.quiet))
    )
    return [marks, text]


def _crosses(
    divergences: pd.DataFrame | None,
    lost: Sequence[str],
    variants: Sequence[Variant],
    look: Look,
    table: pd.DataFrame,
) -> list[alt.Chart]:
    """A cross at the step where each seed stopped being a number, a row a variant.

    Beside the first stands how many seeds, and the variant's name where none of its seeds is left to end a line.
    """
    if divergences is None or divergences.empty:
        return []
    last_step = int(table["step"].max())
    ended = [variant.label for variant in variants if variant.label in set(divergences["variant"])]
    placed = divergences.assign(row=divergences["variant"].map(lambda label: edges.row(ended.index(label), look)))
    hue, x = colour(variants, look), alt.X("step:Q")
    y = alt.Y("row:Q", scale=None, axis=None)
    tooltip = [alt.Tooltip("variant:N"), alt.Tooltip("step:Q"), alt.Tooltip("layer:Q"), alt.Tooltip("seeds:Q")]
    cross = (
        alt.Chart(placed)
        .mark_point(shape="cross", angle=45, filled=True, size=look.size(150), opacity=1)
        .encode(x=x, y=y, color=hue, tooltip=tooltip)
    )
    last = placed.sort_values("step").groupby("variant", as_index=False).last()
    seeds = placed.groupby("variant")["seeds"].sum()
    last["said"] = [
        f"{label + ': ' if label in lost else ''}not a number, {seeds[label]} seed{'' if seeds[label] == 1 else 's'}"
        for label in last["variant"]
    ]
    # Words about late steps stand before them, so that they stay on the chart.
    late, first = last["step"] > last_step / 2, placed.groupby("variant")["step"].min()[last["variant"]].to_numpy()
    last["step"] = last["step"].where(first <= last_step / 2, first)
    words = [
        alt.Chart(some)
        .mark_text(align=align, dx=look.size(12 * side), fontSize=look.size(13), fontWeight="bold")
        .encode(x=x, y=y, text=alt.Text("said:N"), color=hue)
        for some, align, side in ((last[~late], "left", 1), (last[late], "right", -1))
        if len(some)
    ]
    return [cross, *words]
