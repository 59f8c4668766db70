"""A line and a band over the seeds for each variant by training step."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import Variant
from core.wording import count_things, number, percent
from pages.parts.figures.charts.marks import alt_text, axis_notes, line_marks, names, playing, stacked, tooltips
from pages.parts.figures.charts.marks.scales import Axes, LinearAxis, LogAxis, step_axis
from pages.parts.figures.theme import ChartTheme, dashes, pinned

PINNED = 0.65  # opacity of a pinned run's lines
FURTHEST = 1e12  # how far below all sizes their rounding may be and still be drawn


def by_step(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    divergences: pd.DataFrame | None = None,
    floor: float = 0.0,
) -> alt.LayerChart:
    """A size on a log axis, a cross where runs stopped being numbers; tables.steps, .divergences.

    `floor`, below which a size is rounding, is a rule, where an axis can show it and the sizes.
    """
    smallest = table["middle"].where(table["middle"] > 0).min()
    floor = 0.0 if floor < smallest / FURTHEST else floor
    lost = _find_lost(table, divergences)
    # A line that ends as not a number would flatten the others: the axis cuts it off instead.
    ending = table[~table["variant"].isin(lost)] if set(table["variant"]) - set(lost) else table
    y = LogAxis.spanning(*ends(ending), [floor] if floor > 0 else [], title=title)
    above = []
    if floor > 0:
        rounding = pd.DataFrame({"middle": [floor], "words": ["rounding"]})
        level = alt.Y("middle:Q")
        rule = alt.Chart(rounding).mark_rule(strokeDash=[2, 3], color=theme.quiet)
        rule = rule.encode(y=level, tooltip=[tooltips.value("middle", "rounding error")])
        look = {"dy": -theme.size(8), "fontWeight": "normal", "color": theme.quiet}
        above = [rule, playing.write_words(rounding, alt.XValue("width"), level, dx=-4, **look)]
    return _over_steps(table, Axes("step", step_axis(table), y, theme, variants), divergences, above)


def share_by_step(
    table: pd.DataFrame,
    variants: Sequence[Variant],
    theme: ChartTheme,
    title: str,
    divergences: pd.DataFrame | None = None,
) -> alt.LayerChart:
    """A share from 0 to 1 by training step, a cross where runs stopped being numbers; tables.steps, .divergences."""
    axes = Axes("step", step_axis(table), LinearAxis.share(title), theme, variants)
    return _over_steps(table, axes, divergences, points=True, write=percent)


def count_by_step(
    table: pd.DataFrame, variants: Sequence[Variant], theme: ChartTheme, title: str, highest: int
) -> alt.LayerChart:
    """A count from 1 to `highest` by training step, on a log axis; tables.steps."""
    table = table.assign(middle=table["middle"].where(table["middle"] > 0))
    ticks = [1, *(n for n in (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) if n < highest * 0.8), highest]
    y = LogAxis(0.9, max(2, highest) * 1.1, title, alt.Axis(values=sorted(set(ticks)), format="d"))
    axes = Axes("step", step_axis(table), y, theme, variants)
    return _over_steps(table, axes, points=True, write="{:g}".format)


def _over_steps(
    table: pd.DataFrame,
    axes: Axes,
    divergences: pd.DataFrame | None = None,
    above: Sequence[alt.Chart] = (),
    points: bool = False,
    write: alt_text.Write = number,
) -> alt.LayerChart:
    description = alt_text.lines(table, "step", axes.y.title, write=write)
    if divergences is None or divergences.empty:
        return stacked(*on_axis(table, axes, points), *above, description=description)
    lost = _find_lost(table, divergences)
    layers = on_axis(table, axes, points, lost, divergences["variant"])
    crosses = _crosses(divergences, lost, axes, int(table["step"].max()) / 2)
    for label, found in divergences.groupby("variant", sort=False):
        words = alt_text.overflows(found["diverged"].sum(), found["seeds"].max())
        description += f" {label} {words}, first at step {found['step'].min()}."
    return stacked(*layers, *crosses, *above, description=description)


def _find_lost(table: pd.DataFrame, divergences: pd.DataFrame | None) -> list[str]:
    """The variants with no number left at their last step, as every seed diverged."""
    if divergences is None:
        return []
    last = table.drop_duplicates("variant", keep="last").dropna(subset=["middle"])
    return list(divergences.loc[~divergences["variant"].isin(last["variant"]), "variant"].unique())


def _crosses(divergences: pd.DataFrame, lost: Sequence[str], axes: Axes, middle: float) -> list[alt.Chart]:
    """A cross where each seed stopped being a number, a row a variant, with words beside them."""
    theme, x, y = axes.theme, alt.X("step:Q"), alt.Y("row:Q", scale=None, axis=None)
    ended = [variant.label for variant in axes.variants if variant.label in set(divergences["variant"])]
    rows = {label: axis_notes.note_y(place, theme) for place, label in enumerate(ended)}
    counts = zip(divergences["diverged"], divergences["seeds"], strict=True)
    counts = [f"{diverged} of {count_things(seeds, 'seed')}" for diverged, seeds in counts]
    placed = divergences.assign(row=divergences["variant"].map(rows), count=counts)
    tips = [tooltips.NETWORK, tooltips.words("count", "overflows in"), tooltips.STEP]
    tips.append(alt.Tooltip("layer:Q", title="first in layer"))
    cross = alt.Chart(placed).mark_point(shape="cross", angle=45, filled=True, size=theme.size(150), opacity=1)
    notes = []
    for label, found in placed.groupby("variant"):
        first, last = found["step"].min(), found["step"].max()
        step = last if first <= middle else first
        diverged, seeds = found["diverged"].sum(), found["seeds"].max()
        words = alt_text.overflows(diverged, seeds)
        rest = ", the other dashed" if seeds - diverged == 1 else ", the others dashed"
        if label in lost:  # no line is left to have its name
            words, rest = f"{label}: {words}", ""
        note = {"variant": label, "row": rows[label], "step": step, "early": last <= middle}
        notes.append(note | {"words": words, "rest": rest})
    notes = pd.DataFrame(notes)
    texts = names.write_inwards(notes, notes["early"], x, y, axes, 12)
    on_wide = f"datum.words + ({names.NARROW} ? '' : datum.rest)"
    texts = [text.transform_calculate(all=on_wide).encode(text=alt.Text("all:N")) for text in texts]
    return [cross.encode(x=x, y=y, color=axes.hue, tooltip=tips), *texts]


def ends(table: pd.DataFrame) -> list[pd.Series]:
    """What an axis over the lines and bands of a table has to hold, overflow as infinity."""
    return [table["low"], table["middle"], table["high"].where(~table["overflow"], float("inf"))]


def on_axis(
    table: pd.DataFrame, axes: Axes, points: bool = False, unlabeled: Sequence[str] = (), counted: Sequence[str] = ()
) -> list[alt.Chart]:
    """Lines and bands of variants with their names, zeros on the floor of a log axis, overflow at its top.

    How many seeds are left is written beside the lines, but for the `counted`, of which other marks say it.
    """
    drawn, zero = axes.place(table), (table["middle"] == 0) & isinstance(axes.y, LogAxis)
    overflowing = drawn[table["overflow"]].assign(middle=axes.y.high)
    tips = [tooltips.NETWORK, tooltips.PLACES[axes.along]]
    band, lines, dots = line_marks.over_seeds(drawn[~zero], axes, "variant", axes.hue, tips, points)
    labels = [variant.label for variant in axes.variants]
    dash = alt.StrokeDash("variant:N", scale=alt.Scale(domain=labels, range=dashes(axes.variants)), legend=None)
    lines[0] = lines[0].encode(dash)
    if any(map(pinned, axes.variants)):
        opacities = [PINNED if pinned(variant) else 1 for variant in axes.variants]
        fainter = alt.Opacity("variant:N", scale=alt.Scale(domain=labels, range=opacities), legend=None)
        lines = [line.encode(fainter) for line in lines]
    return [
        band,
        *lines,
        *dots,
        *names.labels(drawn, axes, unlabeled),
        *names.seed_counts(drawn, axes, counted),
        *axis_notes.variant_marks(drawn[zero], axes, "triangle-down", "exactly 0"),
        *axis_notes.variant_marks(overflowing, axes, "triangle-up", "overflow"),
    ]
