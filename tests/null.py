"""How often a sentence is wrong by chance: `python -m tests.null` prints false alarms, and beside them the power.

In every trial no start is better than another, and theory is true. Losses are log-normal with a part that the starts of
a seed share; in the last table they are those of real runs of one start, dealt out to starts that are thereby alike.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable

import numpy as np

from core import Experiment, Variant, run, statistics
from core.theory.agreement import find_disagreement
from core.wording import align_columns

Array = np.ndarray

STARTS, LAYERS, SEEDS = (2, 4, 8, 14), (1, 5, 20, 50), (1, 2, 3, 5, 10, 20)
SPREAD = 0.3  # of log losses and log sizes over seeds: far more than what counts as even, or as agreement
EFFECT = 6.0  # times that spread is one start's log loss lower, or one layer's size off, where power is measured


def misjudge_starts(losses: Array, better: int | None = None) -> bool:
    """Whether the comparison puts a start behind; with `better`, whether it puts all behind that one."""
    found = statistics.compare_losses(losses, 1.0)
    assert found is not None
    if better is None:
        return not found.tied.all()
    return found.best == better and found.tied.sum() == 1


def draw_losses(rng: np.random.Generator, starts: int, seeds: int, effect: float) -> Array:
    """Log-normal losses (start, seed) around that of chance; the first start's are lower by the effect."""
    logs = rng.normal(0, 1, seeds) + rng.normal(0, SPREAD, (starts, seeds))
    logs[0] -= effect * SPREAD
    return np.exp(logs)


def share_of_starts(rng: np.random.Generator, trials: int, starts: int, seeds: int) -> tuple[float, float]:
    """False alarms and power of the comparison of so many starts."""
    wrong = [misjudge_starts(draw_losses(rng, starts, seeds, 0)) for _ in range(trials)]
    right = [misjudge_starts(draw_losses(rng, starts, seeds, EFFECT), 0) for _ in range(trials)]
    return float(np.mean(wrong)), float(np.mean(right))


def share_of_layers(rng: np.random.Generator, trials: int, layers: int, seeds: int) -> tuple[float, float]:
    """False alarms and power of the comparison with theory, over so many independent layers."""
    shares = []
    for effect in (0.0, EFFECT):
        theory = np.ones(layers)
        theory[0] = np.exp(-effect * SPREAD)
        sizes = np.exp(rng.normal(0, SPREAD, (trials, seeds, layers)))
        found = [find_disagreement(each, theory, np.full(layers, np.nan)) is not None for each in sizes]
        shares.append(float(np.mean(found)))
    return shares[0], shares[1]


def share_of_real_runs(rng: np.random.Generator, trials: int, starts: int, seeds: int) -> tuple[float, float]:
    """False alarms and power where losses are those of He, dealt out at random; one start's are then made a third."""
    pool = _real_losses()
    tables = [rng.choice(pool, (starts, seeds)) for _ in range(trials)]
    wrong = [misjudge_starts(table) for table in tables]
    for table in tables:
        table[0] /= 3
    return float(np.mean(wrong)), float(np.mean([misjudge_starts(table, 0) for table in tables]))


@functools.cache
def _real_losses(seeds: int = 50) -> Array:
    """Final losses of so many runs, some of which train late: their logarithms are far from normal."""
    experiment = Experiment("digits", (16,) * 12, variants=(Variant("he"),), seeds=seeds, steps=120, batch_size=64)
    result = run(experiment)
    return statistics.final_loss(result)[0] / statistics.chance_loss(experiment)


def tabulate(
    name: str, counts: tuple[int, ...], share: Callable[[int, int], tuple[float, float]]
) -> tuple[list[tuple[str, ...]], float]:
    """A row a count, a column a number of seeds, false alarms / power in each cell; and the most false alarms."""
    rows, most = [(name, *(f"{n} seed{'s' * (n > 1)}" for n in SEEDS))], 0.0
    for count in counts:
        cells = [share(count, seeds) for seeds in SEEDS]
        most = max(most, *(wrong for wrong, _ in cells))
        rows.append((str(count), *(f"{wrong:5.1%} / {right:4.0%}" for wrong, right in cells)))
    return rows, most


def main() -> None:
    """Print the tables: in every cell the share of false alarms, then the power."""
    parser = argparse.ArgumentParser(prog="python -m tests.null", description=__doc__)
    parser.add_argument("--trials", type=int, default=500, help="in each cell")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    rng = np.random.default_rng(chosen.seed)
    print(f"{chosen.trials} trials a cell: false alarms (promised: at most 5 %) / power\n")
    for name, counts, share in (
        ("starts", STARTS, share_of_starts),
        ("layers", LAYERS, share_of_layers),
        ("starts, real losses", STARTS, share_of_real_runs),
    ):
        rows, most = tabulate(name, counts, lambda count, seeds, share=share: share(rng, chosen.trials, count, seeds))
        print(f"{align_columns(rows)}\nat most {most:.1%}\n", flush=True)


if __name__ == "__main__":
    main()
