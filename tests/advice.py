"""Is the advice right? Ten networks, each recommendation against a longer training: `python -m tests.advice [1 2 …]`.

The longer training takes three times as many steps, other draws and other batches, and gives every start that the
advisor saw learn the choice between its own learning rate and a third of it. A recommendation is confirmed where no
other start is clearly better by the advisor's own test; where one is, the line says which, and by how much.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from core import INITIALIZERS, Variant, run, statistics
from core.advice import Advice, Question, advise, measure
from core.advice.planning import STEPS
from core.advice.report import aligned

LONGER = 3  # times as many steps
OTHER_SEED = 1000
NETWORKS = {
    "shallow ReLU": Question((64, 64, 10), "relu", data="digits"),
    "deep ReLU": Question((64, *(48,) * 16, 10), "relu", data="digits"),
    "wide to narrow": Question((64, 128, 64, 32, 16, 10), "relu", data="digits"),
    "deep tanh": Question((64, *(48,) * 12, 10), "tanh", data="digits"),
    "sigmoid": Question((64, 48, 48, 10), "sigmoid", data="digits"),
    "SELU": Question((64, *(48,) * 10, 10), "selu", data="digits"),
    "raw pixels": Question((64, 64, 64, 10), "leaky_relu", data="digits", scaling="raw"),
    "two moons": Question((2, 32, 32, 1), "tanh", "sigmoid", "moons"),
    "regression": Question((1, 64, 64, 1), "elu", "squared", "curve"),
    "GELU on noise": Question((100, 100, 100, 100, 10), "gelu"),
}


def longer(advice: Advice) -> dict[str, np.ndarray]:
    """Final losses (seed,) of the longer training, at the better of two learning rates, by initializer."""
    learning = [start for start in advice.starts if start.standing in ("recommended", "tied", "behind")]
    variants = tuple(
        Variant(start.name, learning_rate=rate, label=f"{start.name} at {rate:g}")
        for start in learning
        for rate in (start.rate, start.rate / 3)
    )
    base = advice.measured.experiment
    result = run(replace(base, variants=variants, steps=LONGER * STEPS, seed=OTHER_SEED))
    found: dict[str, np.ndarray] = {}
    for variant, row in zip(variants, statistics.final_loss(result), strict=True):
        kept = found.get(variant.initializer)
        found[variant.initializer] = row if kept is None or _average(row) < _average(kept) else kept
    return found


def _average(row: np.ndarray) -> float:
    return float(statistics.average(row)) if np.isfinite(row).all() else np.inf


def judged(name: str, question: Question) -> tuple[str, ...]:
    """A row of the table: the network, what was recommended, and what the longer training says of it."""
    advice = advise(measure(question))
    best = advice.recommended
    if best is None:
        return name, question.described, "none learns", "", ""
    found = longer(advice)
    names, table = list(found), np.array(list(found.values()))
    comparison = statistics.compare_losses(table, advice.chance)
    assert comparison is not None
    place, lowest = names.index(best.name), INITIALIZERS[names[comparison.best]].label
    ratio = f"{comparison.ratio[place]:.2f} ({comparison.low[place]:.2f} to {comparison.high[place]:.2f})"
    if place == comparison.best:
        said = "confirmed: the lowest"
    elif comparison.tied[place]:
        said = f"confirmed: ties with {lowest}"
    else:
        said = f"MISSED: {lowest} is lower"
    return name, question.described, f"{best.label}, {len(advice.tied)} tied", said, ratio


def main() -> None:
    wanted = [int(word) - 1 for word in sys.argv[1:]] or range(len(NETWORKS))
    rows = [("", "network", "recommended", f"after {LONGER * STEPS} steps", "loss ÷ the lowest")]
    for i in wanted:
        rows.append(judged(*list(NETWORKS.items())[i]))
        print(rows[-1], file=sys.stderr, flush=True)
    print(aligned(rows))


if __name__ == "__main__":
    main()
