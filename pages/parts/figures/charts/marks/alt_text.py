"""A chart in words, computed from its table: for those who cannot see it. Vega gives them to a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from core.wording import count_seeds, join_words, number, percent, whole_span
from pages.parts.figures.charts.marks import playing, survivors

Write = Callable[[float], str]


def lines(
    table: pd.DataFrame, along: str, title: str, by: str | None = "variant", of: str = "middle", write: Write = number
) -> str:
    """Of lines over a whole number (layer or step): each from end to end, its extremes, and which ends highest."""
    places, values = table[along].to_numpy(), table[of].to_numpy(float)
    names = np.array(table[by].tolist() if by else [""] * len(table), dtype=object)
    first, last = int(places.min()), int(places.max())
    sentences = [f"{title} by {along}, {first} to {last}."]
    left = (table["left"] if "left" in table else pd.Series(1, table.index)).to_numpy()
    seeds = (table["seeds"] if "seeds" in table else pd.Series(1, table.index)).to_numpy()
    ends = {}
    for name in dict.fromkeys(names):
        rows = np.flatnonzero(names == name)
        rows = rows[np.argsort(places[rows], kind="stable")]
        counts = _seeds_left(places[rows], left[rows], seeds[rows], along)
        sentences.append((f"{name}: " if by else "") + _line(places[rows], values[rows], along, write) + counts + ".")
        # The median of the seeds that are left is not to be compared with one of all.
        if places[rows[-1]] == last and np.isfinite(values[rows[-1]]) and left[rows[-1]] == seeds[rows[-1]]:
            ends[name] = float(values[rows[-1]])
    return " ".join([*sentences, *_ranked(ends, f"At {along} {last}")])


def at_ends(table: pd.DataFrame, steps: Sequence[int], title: str, by: str = "variant", write: Write = number) -> str:
    """Of lines by layer at several recorded steps: at the first and at the last."""
    texts = playing.describe_steps(steps)
    return " ".join(
        lines(table[table["record"] == record], "layer", f"{title} {texts[record]}", by, write=write)
        for record in sorted({0, len(steps) - 1})
    )


def _line(places: np.ndarray, values: np.ndarray, along: str, write: Write) -> str:
    known = np.isfinite(values)
    if not known.any():
        return "overflowed"
    gone = places[~known]
    places, values = places[known], values[known]
    ends = [write(values[0]), write(values[-1])]
    if (values == values[0]).all() and not len(gone):
        return f"{'exactly 0' if values[0] == 0 else ends[0]} throughout"
    at_ends = zip(ends, places[[0, -1]], strict=True)
    parts = list(dict.fromkeys(f"{end} at {along} {place}" for end, place in at_ends))
    extremes = {"lowest": int(values.argmin()), "highest": int(values.argmax())}
    inner = {word: place for word, place in extremes.items() if write(values[place]) not in ends}
    parts += [f"{word} {write(values[place])} at {along} {places[place]}" for word, place in inner.items()]
    parts += [f"exactly 0 at {along} {whole_span(places[values == 0])}"] if (values == 0).any() else []
    return ", ".join([*parts, *([f"overflowed at {along} {whole_span(gone)}"] if len(gone) else [])])


def _seeds_left(places: np.ndarray, left: np.ndarray, seeds: np.ndarray, along: str) -> str:
    """Where some seeds are lost, and how many are left there, after a comma; nothing where all are, or none."""
    some = (left > 0) & (left < seeds)
    if not some.any():
        return ""
    return f", {whole_span(left[some])} of {seeds.max()} seeds left at {along} {whole_span(places[some])}"


def _ranked(ends: dict[str, float], where: str) -> list[str]:
    if len(set(ends.values())) < 2:
        return []
    high, low = max(ends.values()), min(ends.values())
    top, bottom = ([name for name, value in ends.items() if value == end] for end in (high, low))
    return [f"{where} highest: {join_words(top)}; lowest: {join_words(bottom)}."]


def diverged(divergences: pd.DataFrame | None) -> str:
    """Where runs stopped being numbers, after a space; nothing where none did."""
    if divergences is None or divergences.empty:
        return ""
    sentences = [
        f" {name} {overflows(rows['diverged'].sum(), rows['seeds'].max())}, first at step {rows['step'].min()}."
        for name, rows in divergences.groupby("variant", sort=False)
    ]
    return "".join(sentences)


def overflows(diverged: int, seeds: int) -> str:
    """Overflows in 2 of 5 seeds; where there is one seed alone it needs no count."""
    return f"overflows in {count_seeds(diverged, seeds)}" if seeds > 1 else "overflows"


def layer_by_step(table: pd.DataFrame, title: str, of: str) -> str:
    """Of a map of a size by layer and step: its first and last column, layer 1 against the last layer."""
    deepest = int(table["layer"].max())
    sentences = [f"{title} by layer, 1 to {deepest}, and training step, 0 to {int(table['step'].max())}."]
    for step, when in ((table["step"].min(), "At the first step"), (table["step"].max(), "At the last")):
        now = table[table["step"] == step].set_index("layer")[of]
        sentences.append(f"{when} " + ", ".join(f"{number(now[k])} in layer {k}" for k in sorted({1, deepest})) + ".")
    some, gone = table[survivors.is_partial(table)], table.loc[table["left"] == 0, "step"]
    sentences += (
        [f"{survivors.seeds_left(some)} from step {int(some['step'].min())}.".capitalize()] if len(some) else []
    )
    return " ".join([*sentences, *([f"Overflowed from step {int(gone.min())}."] if len(gone) else [])])


def histograms(table: pd.DataFrame, zeros: pd.DataFrame, bounded: bool, when: str) -> str:
    """Of histograms by layer: where most activations of the first and of the last layer lie, and exact zeros."""
    layers = int(zeros["layer"].max())
    what = "activations" if bounded else "decades (log₁₀) of the activations' size"
    sentences = [f"How {what} are distributed in layers 1 to {layers} {when}."]
    for layer in sorted({1, layers}):
        filled = table[table["layer"] == layer].dropna(subset=["share"])
        none = float(zeros.loc[zeros["layer"] == layer, "share"].iloc[0])
        if len(filled):
            most = filled.loc[filled["share"].idxmax()]
            around = f"most often {number(most['low'])} to {number(most['high'])}"
        else:
            around = "none but zeros" if none > 0 else "overflowed"
        counted = zeros[(zeros["layer"] == layer) & survivors.is_partial(zeros)]
        of = f" ({survivors.seeds_left(counted)})" if len(counted) else ""
        sentences.append(f"Layer {layer}{of}: {around}" + (f", {percent(none)} exactly 0." if none > 0 else "."))
    return " ".join(sentences)


def values(table: pd.DataFrame, title: str, by: str, of: str, write: Write = number) -> str:
    """Of a dot a seed beside names: the range of each name's, and how many seeds have no number."""
    sentences = [f"{title}."]
    for name, rows in table.groupby(by, sort=False):
        known = rows[of].dropna()
        lost = len(rows) - len(known)
        ends = dict.fromkeys(write(float(end)) for end in (known.min(), known.max())) if len(known) else {}
        parts = [*([" to ".join(ends)] if ends else []), *([overflows(lost, len(rows))] if lost else [])]
        sentences.append(f"{name if isinstance(name, str) else format(name, 'g')}: {', '.join(parts)}.")
    return " ".join(sentences)


def shares_of(table: pd.DataFrame, title: str, threshold: float) -> str:
    """Of a distribution cut at a threshold: its range, the share above, and what has no place on the axis."""
    sized = table[table["low"] > 0]
    sentences = [f"{title}."]
    if len(sized):
        sentences.append(f"From {number(float(sized['low'].min()))} to {number(float(sized['high'].max()))}.")
    cut = float(table.loc[table["clipped"].astype(bool), "share"].sum())
    sentences.append(f"{percent(cut)} are cut at {number(threshold)}.")
    rest = table[~(table["low"] > 0)]
    sentences += [f"{percent(share)}: {what}." for share, what in zip(rest["share"], rest["what"], strict=True)]
    return " ".join(sentences)


def ratios(table: pd.DataFrame, title: str) -> str:
    """Of ratios with their intervals: each, and whether it is a tie."""
    sentences = [f"{title}."]
    columns = (table[column] for column in ("variant", "ratio", "low", "high", "tied", "lost"))
    for name, ratio, low, high, tied, lost in zip(*columns, strict=True):
        if np.isfinite(ratio):
            tie = ", a tie" if tied else ""
            sentences.append(f"{name}: {number(ratio)} ({number(low)} to {number(high)}){tie}.")
        else:
            sentences.append(f"{name}: overflows in {lost}.")
    return " ".join(sentences)


def points(table: pd.DataFrame, title: str) -> str:
    """Of the points of a finding: each series' values, in order."""
    sentences = [f"{title}."]
    for name, rows in table.groupby("series", sort=False):
        marks = (
            f"{number(middle)} at {x if isinstance(x, str) else format(x, 'g')}"
            for x, middle in zip(rows["x"], rows["middle"], strict=True)
        )
        sentences.append(f"{name}: {', '.join(marks)}.")
    return " ".join(sentences)
