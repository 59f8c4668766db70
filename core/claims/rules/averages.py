"""The claim about the Glorot average, whose variance depends on both sizes of a layer: in equal and unequal layers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from core import statistics
from core.claims.claim import Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, grouped
from core.claims.readings import activation_of, end_points, learned_below, with_all
from core.claims.spreads import share_over_seeds
from core.claims.trials import page_settings, starts, trial
from core.datasets import dataset
from core.experiment import Experiment, Result
from core.wording import format_range

LAYERS = (4, 10)
WIDE, THIN = 128, 16
STEPS = 120
SHAPES = ("equal", "unequal")

# C13


def _glorot(seed: int) -> dict[str, Experiment]:
    return {
        f"{g} {layers} {shape}": trial(
            seed, *starts("glorot", "xavier", rate=0.1), hidden=_sizes(shape, layers), activation=g, steps=STEPS
        )
        for g in ("tanh", "relu")
        for layers in LAYERS
        for shape in SHAPES
    }


def _sizes(shape: str, layers: int) -> tuple[int, ...]:
    """Layers wide and thin in turn, or as many of the one size that comes nearest to as many parameters."""
    turns = (WIDE, THIN) * (layers // 2)
    if shape == "unequal":
        return turns
    width = min(range(THIN, WIDE), key=lambda n: abs(_parameters((n,) * layers) - _parameters(turns)))
    return (width,) * layers


def _parameters(hidden: tuple[int, ...]) -> int:
    digits = dataset("digits")
    return sum(n * (k + 1) for k, n in pairwise((digits.inputs, *hidden, digits.outputs)))


@judging
def _judge_glorot(results: dict[str, Result]) -> Finding:
    good = {key: statistics.learned(r)[0] for key, r in results.items()}
    most = {key: bool(found.mean() > 0.5) for key, found in good.items()}
    verdict = all_some_none([*most.values()])
    with_each = {
        _shaped(r): with_all([other for key, other in results.items() if most[key] and _shaped(other) == _shaped(r)])
        for r in results.values()
    }
    first = next(iter(results.values()))
    counts = [_count([r for r in results.values() if r.experiment.activation == g]) for g in ("tanh", "relu")]
    equal, unequal = (
        format_range([_ratio(r) for key, r in results.items() if key.split()[2] == shape]) for shape in SHAPES
    )
    sentence = (
        f"{condition_prefix(verdict, grouped(with_each, 'in'))}in {first.experiment.steps} steps from the Glorot "
        "average "
        f"{' and '.join(counts)} learn; the loss ends at {equal} times Xavier's in equal layers and {unequal} times in "
        "unequal ones, with as many layers and parameters."
    )
    points = [
        mark
        for r in results.values()
        for mark in end_points(r, r.experiment.labels, [f"{activation_of(r)}, {_shaped(r)}"] * 2)
    ]
    share = np.mean(list(good.values()), axis=0)
    return Finding(
        verdict, sentence, *share_over_seeds(share), tuple(points), "final loss", "", True, (learned_below(first),)
    )


def _ratio(result: Result) -> float:
    glorot, xavier = statistics.average(statistics.final_loss(result))
    return float(glorot / xavier)


def _count(results: list[Result]) -> str:
    learned = np.array([statistics.learned(r)[0] for r in results])
    return f"{learned.sum()} of {learned.size} runs with {activation_of(results[0])}"


def _shaped(result: Result) -> str:
    hidden = result.experiment.hidden
    sizes = dict.fromkeys(hidden)
    turns = " in turn" if len(sizes) > 1 else ""
    return f"{len(hidden)} layers of {' and '.join(map(str, sizes))}{turns}"


CLAIMS = (
    Claim(
        "C13",
        "The Glorot average 2/(n_in + n_out) is a good start as well.",
        f"The share of seeds that get under half of the loss of chance in {STEPS} steps, with tanh and ReLU, in few "
        "and in many layers, wide and thin in turn or all of the one size that comes nearest to as many parameters. "
        "It holds where most seeds do in all eight networks, and only if … where in some.",
        "share of runs that learn (mean over networks, range over seeds)",
        "heuristics",
        _glorot,
        _judge_glorot,
        f"tanh {LAYERS[0]} equal",
        page_settings(_glorot(0)[f"tanh {LAYERS[0]} equal"], initializers=("glorot", "xavier")),
    ),
)
