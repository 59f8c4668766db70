"""Where runs stopped being numbers: a cross for each, and who has no number left."""

from collections.abc import Sequence
from itertools import groupby

import altair as alt
import pandas as pd

from core.wording import count_things
from pages.parts.figures.charts.marks import alt_text, axis_notes, names, tooltips
from pages.parts.figures.charts.marks.scales import Axes


def find_lost(table: pd.DataFrame, divergences: pd.DataFrame | None) -> list[str]:
    """The variants that diverged with every seed, so that no number is left at their last step."""
    if divergences is None:
        return []
    known = dict(zip(table["variant"].tolist(), table["middle"].notna().tolist(), strict=True))  # at the last step
    return [label for label in find_counted(divergences) if not known.get(label)]


def find_counted(divergences: pd.DataFrame | None) -> list[str]:
    """The variants of which the crosses say how many seeds are lost."""
    return [] if divergences is None else list(dict.fromkeys(divergences["variant"].tolist()))


def crosses(divergences: pd.DataFrame | None, lost: Sequence[str], axes: Axes, table: pd.DataFrame) -> list[alt.Chart]:
    """A cross at the step where each seed stopped being a number, a row a variant.

    Beside them stands in how many of its seeds, and the variant's name where none is left to end a line; else that its
    line goes on dashed, as the median of the others.
    """
    if divergences is None or divergences.empty:
        return []
    theme, last_step = axes.theme, int(table["step"].max())
    ended = [variant.label for variant in axes.variants if variant.label in set(divergences["variant"])]
    place = {label: axis_notes.note_y(k, theme) for k, label in enumerate(ended)}
    counts = zip(divergences["diverged"].tolist(), divergences["seeds"].tolist(), strict=True)
    placed = divergences.assign(
        row=[place[label] for label in divergences["variant"].tolist()],
        count=[f"{diverged} of {count_things(seeds, 'seed')}" for diverged, seeds in counts],
    )
    hue, x, y = axes.hue, alt.X("step:Q"), alt.Y("row:Q", scale=None, axis=None)
    tips = [tooltips.NETWORK, tooltips.words("count", "overflows in"), tooltips.STEP]
    tips.append(alt.Tooltip("layer:Q", title="first in layer"))
    cross = (
        alt.Chart(placed)
        .mark_point(shape="cross", angle=45, filled=True, size=theme.size(150), opacity=1)
        .encode(x=x, y=y, color=hue, tooltip=tips)
    )
    texts = [
        alt.Chart(pd.DataFrame(some))
        .mark_text(align=align, dx=theme.size(12 * side), fontWeight="bold")
        .transform_calculate(all=f"datum.words + ({names.NARROW} ? '' : datum.rest)")
        .encode(x=x, y=y, text=alt.Text("all:N"), color=hue)
        for some, align, side in zip(_words(placed, lost, last_step / 2), ("left", "right"), (1, -1), strict=True)
        if some
    ]
    return [cross, *texts]


def _words(placed: pd.DataFrame, lost: Sequence[str], half: float) -> tuple[list[dict], list[dict]]:
    """A row a variant that ended, early and late: words about late steps stand before them, to stay on the chart."""
    early, late = [], []
    ends = sorted(placed.to_dict("records"), key=lambda end: (end["variant"], end["step"]))
    for label, group in groupby(ends, key=lambda end: end["variant"]):
        mine = list(group)
        first, last = mine[0]["step"], mine[-1]["step"]
        count, seeds = sum(end["diverged"] for end in mine), mine[0]["seeds"]
        row = {"variant": label, "row": mine[-1]["row"], "step": last if first <= half else first}
        row["words"] = alt_text.overflows(count, seeds)
        if label in lost:
            row |= {"words": f"{label}: {row['words']}", "rest": ""}
        else:
            row["rest"] = ", the other dashed" if seeds - count == 1 else ", the others dashed"
        (late if last > half else early).append(row)
    return early, late
