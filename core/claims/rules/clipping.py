"""The claim about gradient clipping: what a bound on the gradient's norm saves, and what it does not."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix
from core.claims.readings import Array, backward_ratio, change, end_points, learned_below
from core.claims.spreads import over_seeds, share_over_seeds
from core.claims.trials import TEN, page_settings, trial
from core.clipping import Clip
from core.experiment import Experiment, Result, Variant
from core.wording import count_seeds, number

GAINS = (1.5, 2.0)
THRESHOLD = 5.0
STEPS = 160


def _clipped(seed: int) -> dict[str, Experiment]:
    clips = None, Clip("norm", THRESHOLD), Clip("value", 0.1)
    exploding = {
        f"He × {gain:g}": trial(seed, *_ways("he", gain, *clips), hidden=TEN, activation="relu", steps=STEPS, seeds=5)
        for gain in GAINS
    }
    vanishing = trial(seed, *_ways("xavier", 1, *clips[:2]), hidden=TEN, activation="sigmoid", steps=60, seeds=5)
    return {**exploding, "vanishing": vanishing}


def _ways(initializer: str, gain: float, *clips: Clip | None) -> list[Variant]:
    """One start, clipped in several ways or not at all."""
    return [
        Variant(initializer, gain, clip=clip, label=f"clipped by {clip.kind}" if clip else "not clipped")
        for clip in clips
    ]


@judging
def _judge_clipping(results: dict[str, Result]) -> Finding:
    exploding = {key: r for key, r in results.items() if change(r) == "explodes"}
    lost = {key: statistics.diverged(r).sum(axis=1) for key, r in exploding.items()}
    good = {key: statistics.learned(r).sum(axis=1) for key, r in exploding.items()}
    n = next(iter(results.values())).experiment.seeds
    saved = {key: bool(lost[key][1] == 0 and 2 * good[key][1] > n) for key in exploding if 2 * lost[key][0] > n}
    verdict = all_some_none([*saved.values()] or [False])
    fates = [
        f"from {key}, where the gradient grows {number(over_seeds(backward_ratio(r))[0])} times going back, "
        f"{count_seeds(int(lost[key][0]), n)} overflow unclipped and {count_seeds(int(lost[key][1]), n)} clipped "
        f"by norm at {THRESHOLD:g}, where {count_seeds(int(good[key][1]), n)} learn"
        for key, r in exploding.items()
    ]
    steps = results[f"He × {GAINS[0]:g}"].experiment.steps
    sentence = (
        f"{condition_prefix(verdict, [f'from {key}' for key, is_saved in saved.items() if is_saved])}in {steps} steps "
        f"{'; '.join(fates)}; the cosine between the gradient and what is applied is at least {_cosine(exploding, 1)}, "
        f"by value {_cosine(exploding, 2)}; {_of_vanishing(results['vanishing'])}."
    )
    points = [
        mark
        for key, r in results.items()
        if key != "vanishing"
        for mark in end_points(r, r.experiment.labels, [key] * len(r.experiment.labels))
    ]
    share = np.mean([_learned(r) for r in exploding.values()] or [np.zeros(n)], axis=0)
    bounds = (learned_below(results["vanishing"]),)
    return Finding(verdict, sentence, *share_over_seeds(share), tuple(points), "final loss", "start", True, bounds)


def _of_vanishing(result: Result) -> str:
    """What clipping does where the gradient is too small, not too large."""
    shares = [number(over_seeds(backward_ratio(result, v))[0]) for v in range(2)]
    learned = count_seeds(int(statistics.learned(result)[1].sum()), result.experiment.seeds)
    return (
        f"layer 1 of a sigmoid network gets {shares[0]} of layer {len(TEN)}'s gradient without and {shares[1]} with "
        f"clipping, and {learned} learn in {result.experiment.steps} steps"
    )


def _learned(result: Result) -> Array:
    return statistics.learned(result)[1].astype(float)


def _cosine(exploding: dict[str, Result], variant: int) -> str:
    cosines = [np.nanmin(r.clip_cosine[variant], initial=1.0) for r in exploding.values()]
    return number(float(min(cosines)))


CLAIMS = (
    Claim(
        "C16",
        "Clipping the gradient by its L2 norm deals with exploding gradients.",
        "Runs that overflow or learn, without and with clipping by norm, from He weights that are 1.5 and 2 times "
        "too large, with which the gradient explodes. A start is saved where most seeds overflow unclipped, none does "
        "clipped, and most get under half of the loss of chance: it holds where all starts are saved, and only if … "
        "where some are.",
        "share of runs that learn when clipped by norm (mean over starts, range over seeds)",
        "clipping",
        _clipped,
        _judge_clipping,
        "He × 1.5",
        page_settings(_clipped(0)["He × 1.5"], initializer="he", gain=1.5, threshold=THRESHOLD, kind="norm"),
    ),
)
