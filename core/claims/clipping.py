"""The claim about gradient clipping: what a bound on the gradient's norm saves, and what it does not."""

from __future__ import annotations

import numpy as np

from core import measures
from core.claims.claim import Claim, Finding, judging
from core.claims.readings import (
    Array,
    all_some_none,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    trial,
    whole,
)
from core.clipping import Clip
from core.experiment import Experiment, Result, Variant
from core.wording import listed, number, seeds_of

GAINS = (1.5, 2.0)
THRESHOLD = 5.0


def _clipped(seed: int) -> dict[str, Experiment]:
    def starts(initializer: str, gain: float, *clips: Clip | None) -> list[Variant]:
        return [
            Variant(initializer, gain, clip=clip, label=f"clipped by {clip.kind}" if clip else "not clipped")
            for clip in clips
        ]

    clips = None, Clip("norm", THRESHOLD), Clip("value", 0.1)
    exploding = {
        f"He × {gain:g}": trial(
            seed, *starts("he", gain, *clips), hidden=(64,) * 10, activation="relu", steps=160, seeds=5
        )
        for gain in GAINS
    }
    vanishing = trial(
        seed, *starts("xavier", 1, *clips[:2]), hidden=(64,) * 10, activation="sigmoid", steps=60, seeds=5
    )
    return {**exploding, "vanishing": vanishing}


@judging
def _judge_clipping(results: dict[str, Result]) -> Finding:
    exploding = {key: r for key, r in results.items() if key != "vanishing"}
    lost = {key: measures.diverged(r).sum(axis=1) for key, r in exploding.items()}
    good = {key: measures.learnt(r).sum(axis=1) for key, r in exploding.items()}
    n = next(iter(exploding.values())).experiment.seeds
    tested = [key for key in exploding if lost[key][0] == n]
    saved = [bool(lost[key][1] == 0 and 2 * good[key][1] > n) for key in tested]
    unclipped = listed([f"{seeds_of(int(lost[key][0]), n)} at {key}" for key in exploding])
    clipped = listed([f"{seeds_of(int(good[key][1]), n)} at {key}" for key in exploding])
    over = sum(int(lost[key][1]) for key in exploding)
    vanishing = results["vanishing"]
    shares = [number(over_seeds_log(whole(vanishing, v))[0]) for v in range(2)]
    verdict = all_some_none(saved or [False])
    rescued = listed([key for key, well in zip(tested, saved, strict=True) if well] or ["no start"])
    sentence = (
        f"{only(verdict, f'from weights not far too large ({rescued} of those tried)')}unclipped training overflows in "
        f"{unclipped}; clipped by norm at {THRESHOLD:g} it overflows in {over or 'none'} "
        f"of {n * len(exploding)} runs, and learns in {clipped}; the direction is kept (cosine at least "
        f"{_cosine(exploding, 1)}, by value {_cosine(exploding, 2)}), and a vanishing gradient stays: "
        f"layer 1 of a sigmoid network gets {shares[0]} of layer 10's without and {shares[1]} with clipping, and "
        f"{seeds_of(int(measures.learnt(vanishing)[1].sum()), n)} learn."
    )
    points = [
        point(label, key, over_seeds_log(losses))
        for key, r in exploding.items()
        for label, losses in zip(r.experiment.labels, measures.final_loss(r), strict=True)
        if np.isfinite(losses).any()
    ]
    share = np.mean([_learnt(r) for r in exploding.values()], axis=0)
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), "final loss", "start", True)


def _learnt(result: Result) -> Array:
    return measures.learnt(result)[1].astype(float)


def _cosine(exploding: dict[str, Result], variant: int) -> str:
    cosines = [np.nanmin(r.clip_cosine[variant], initial=1.0) for r in exploding.values()]
    return number(float(min(cosines)))


CLAIMS = (
    Claim(
        "C16",
        "Clipping the gradient by its L2 norm deals with exploding gradients.",
        "Runs that overflow or learn, without and with clipping by norm, from He weights that are 1.5 and 2 times "
        "too large. A start is saved where every seed overflows unclipped, none does clipped, and most get under "
        "half of the loss of chance: it holds where all starts are saved, and only if … where some are.",
        "share of runs that learn when clipped by norm (mean over starts, range over seeds)",
        "clipping",
        _clipped,
        _judge_clipping,
        "He × 1.5",
        page_settings(_clipped(0)["He × 1.5"], initializer="he", gain=1.5, threshold=THRESHOLD, kind="norm"),
    ),
)
