"""Which axis of a stored weight is the output's, and which layer follows which: read off sizes, biases and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from core.diagnosis import naming
from core.diagnosis.layers import Weight

SEARCHED = 12  # layers: orders of more are not tried out
TRIED = 5000  # steps of that search


Judged = tuple[int, int, list[Weight]]  # biases and neighbors that speak against a layout, in this order of layers


@dataclass(frozen=True)
class Arrangement:
    """How a stack is laid out. `certain` is whether something in the file speaks for this layout; `because` is what."""

    layout: str
    certain: bool
    because: str
    breaks: tuple[int, ...]  # layers (from 1) whose outputs are not what the next layer takes


def arrange(weights: Sequence[Weight], layout: str | None = None) -> tuple[list[Weight], Arrangement]:
    """Order the weights and find their layout, or keep to the one given; one file follows one convention."""
    orders = _orders(weights)
    first, last = (_best(way, orders) for way in ("first", "last"))
    if first[1] and last[1]:
        # In no order that is written down do the layers connect; it may be that they do in a single other one.
        first, last = (_best(way, [*orders, *_only_path(weights, way)]) for way in ("first", "last"))
    if layout:
        return _arranged(first if layout == "first" else last, layout, True, "as you chose")
    lesser, greater = sorted((("first", first), ("last", last)), key=lambda way: way[1][:2])
    (misfits, breaks, order), (more_misfits, more_breaks, _) = lesser[1], greater[1]
    if misfits < more_misfits:
        return _arranged(lesser[1], lesser[0], True, "by the lengths of the biases")
    if breaks == 0 < more_breaks:
        return _arranged(lesser[1], lesser[0], True, "by the sizes of neighboring layers")
    votes = {vote for weight in order if (vote := _vote(weight))}
    if len(votes) == 1:
        (way,) = votes
        return _arranged(first if way == "first" else last, way, True, "by the names and shapes of the arrays")
    return _arranged(lesser[1], lesser[0], breaks < more_breaks, "by most of the sizes of neighboring layers")


def _best(layout: str, orders: Sequence[list[Weight]]) -> Judged:
    """What speaks against a layout, in the order in which the least does."""
    return min((_judged(order, layout) for order in orders), key=lambda judged: judged[:2])


def _orders(weights: Sequence[Weight]) -> list[list[Weight]]:
    """The order of the file and that of the names; the latter first where the file is merely sorted by letters."""
    names = [weight.name for weight in weights]
    numbered = sorted(weights, key=lambda weight: naming.order(weight.name))
    return [numbered, list(weights)] if names == sorted(names) else [list(weights), numbered]


def _judged(order: list[Weight], layout: str) -> Judged:
    misfits = sum(w.bias is not None and len(w.bias) != w.outputs(layout) for w in order)
    return misfits, len(_breaks(order, layout)), order


def _breaks(order: Sequence[Weight], layout: str) -> tuple[int, ...]:
    return tuple(i for i, (a, b) in enumerate(pairwise(order), start=1) if not a.connects(b, layout))


def _only_path(weights: Sequence[Weight], layout: str) -> list[list[Weight]]:
    """The order in which every layer's outputs are what the next one takes, if there is exactly one, in a list."""
    if len(weights) > SEARCHED:
        return []
    paths: list[list[int]] = []
    follows = [[j for j, b in enumerate(weights) if j != i and a.connects(b, layout)] for i, a in enumerate(weights)]
    open_paths = [[i] for i in range(len(weights))]
    for _ in range(TRIED):
        if not open_paths or len(paths) > 1:
            break
        path = open_paths.pop()
        if len(path) == len(weights):
            paths.append(path)
        open_paths += [[*path, j] for j in follows[path[-1]] if j not in path]
    return [[weights[i] for i in path] for path in paths] if len(paths) == 1 and not open_paths else []


def _vote(weight: Weight) -> str | None:
    """What a weight's name or, for a convolution, its small axes say by themselves."""
    said = set(naming.words(weight.name))
    if said & naming.OUTPUTS_LAST:
        return "last"
    if said & naming.OUTPUTS_FIRST:
        return "first"
    shape = weight.array.shape
    if weight.kind == "convolution" and prod(shape[2:]) != prod(shape[:-2]):
        return "first" if prod(shape[2:]) < prod(shape[:-2]) else "last"
    return None


def _arranged(judged: Judged, layout: str, certain: bool, because: str) -> tuple[list[Weight], Arrangement]:
    order = judged[2]
    return order, Arrangement(layout, certain, because if certain else "", _breaks(order, layout))
