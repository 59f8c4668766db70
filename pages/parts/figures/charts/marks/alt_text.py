"""A chart in words, computed from its table, which Vega gives to a screen reader."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from core.wording import count_seeds, join_words, number, whole_span
from pages.parts.figures.charts.marks import playing

Write = Callable[[float], str]


def list_named(title: str, named: Iterable[tuple[object, str]]) -> str:
    """The title as a sentence, and one for each name and its words."""
    return " ".join([f"{title}.", *(f"{name}: {words}." for name, words in named)])


def lines(
    table: pd.DataFrame,
    along: str,
    title: str,
    by: str | None = "variant",
    column: str = "middle",
    write: Write = number,
) -> str:
    """Sentences about lines by layer or step: each from end to end, its extremes, and which ends highest."""
    places, values = table[along].to_numpy(), table[column].to_numpy(float)
    names = np.array(table[by].tolist() if by else [""] * len(table), dtype=object)
    first, last = int(places.min()), int(places.max())
    sentences = [f"{title} by {along}, {first} to {last}."]
    one = pd.Series(1, table.index)
    left, seeds = table.get("left", one).to_numpy(), table.get("seeds", one).to_numpy()
    ends = {}
    for name in dict.fromkeys(names):
        rows = np.flatnonzero(names == name)
        rows = rows[np.argsort(places[rows], kind="stable")]
        words = (f"{name}: " if by else "") + _line(places[rows], values[rows], along, write)
        some = rows[(left[rows] > 0) & (left[rows] < seeds[rows])]
        if len(some):
            words += f", {whole_span(left[some])} of {seeds[rows].max()} seeds left"
            words += f" at {along} {whole_span(places[some])}"
        sentences.append(f"{words}.")
        # The median of the seeds that are left is not to be compared with one of all.
        if places[rows[-1]] == last and np.isfinite(values[rows[-1]]) and left[rows[-1]] == seeds[rows[-1]]:
            ends[name] = float(values[rows[-1]])
    if len(set(ends.values())) > 1:
        high, low = max(ends.values()), min(ends.values())
        top, bottom = ([name for name, value in ends.items() if value == end] for end in (high, low))
        sentences.append(f"At {along} {last} highest: {join_words(top)}; lowest: {join_words(bottom)}.")
    return " ".join(sentences)


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
    for word, extreme in (("lowest", values.argmin()), ("highest", values.argmax())):
        if write(values[extreme]) not in ends:
            parts.append(f"{word} {write(values[extreme])} at {along} {places[extreme]}")
    if (values == 0).any():
        parts.append(f"exactly 0 at {along} {whole_span(places[values == 0])}")
    if len(gone):
        parts.append(f"overflowed at {along} {whole_span(gone)}")
    return ", ".join(parts)


def at_last(title: str, words: Mapping[str, str], steps: Sequence[int]) -> str:
    """A sentence that lists words about each variant at the last recorded step."""
    return list_named(f"{title}, {playing.describe_steps(steps)[-1]}", words.items())


def at_ends(table: pd.DataFrame, steps: Sequence[int], title: str, by: str = "variant", write: Write = number) -> str:
    """Sentences about lines by layer at the first and at the last of several recorded steps."""
    texts = playing.describe_steps(steps)
    return " ".join(
        lines(table[table["record"] == record], "layer", f"{title} {texts[record]}", by, write=write)
        for record in sorted({0, len(steps) - 1})
    )


def overflows(diverged: int, seeds: int) -> str:
    """Overflows in 2 of 5 seeds; where there is one seed alone it needs no count."""
    return f"overflows in {count_seeds(diverged, seeds)}" if seeds > 1 else "overflows"


def values(table: pd.DataFrame, title: str, by: str, column: str, write: Write = number) -> str:
    """A sentence about dots beside names, a dot a seed: each name's range, and how many seeds have no number."""
    named = []
    for name, rows in table.groupby(by, sort=False):
        known = rows[column].dropna()
        ends = dict.fromkeys(write(float(end)) for end in (known.min(), known.max())) if len(known) else {}
        parts = [" to ".join(ends)] if ends else []
        if len(known) < len(rows):
            parts.append(overflows(len(rows) - len(known), len(rows)))
        named.append((name if isinstance(name, str) else f"{name:g}", ", ".join(parts)))
    return list_named(title, named)
