"""Clipping: whether it saves a training that would overflow, and how often it is active."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import GROWN, Status, Verdict, describe_end, first_loss, when_diverged
from core.wording import count_seeds, format_range, number, percent


def clipping(result: Result) -> Verdict:
    """Clipping: variant 0 trains as it is, variant 1 with its gradients clipped, on the same draws."""
    clip = result.experiment.variants[1].clip
    assert clip is not None
    raw, applied = result.gradient_norm[1], result.applied_norm[1]
    measured = np.isfinite(raw)
    active = float((applied < raw * (1 - 1e-6))[measured].mean()) if measured.any() else 0.0
    cuts = measured & (applied > 0)
    ratios = raw[cuts] / applied[cuts]
    cut = f", shortening it up to {number(float(ratios.max()))}-fold" if active and ratios.size else ""
    status, head = _judge(result, active)
    firing = f" Clipping is active in {percent(active)} of the steps{cut}." if measured.any() else ""
    without, clipped = _describe(result, 0), _describe(result, 1)
    return Verdict(status, f"**{head}.** Without clipping {without}; clipped at {clip.threshold:g}, {clipped}.{firing}")


def _judge(result: Result, active: float) -> tuple[Status, str]:
    """The status and the message: what clipping changed, first about overflow, then about learning."""
    n = result.experiment.seeds
    lost, learned = statistics.diverged(result).sum(axis=1), statistics.learned(result).sum(axis=1)
    if lost[1]:
        if lost[1] >= lost[0]:
            return "bad", "Clipping does not prevent the overflow"
        return "mixed", f"Clipping prevents the overflow in {count_seeds(int(lost[0] - lost[1]), int(lost[0]))}"
    if lost[0]:
        return _judge_rescue(result, int(learned[1]), n)
    if not active:
        return "mixed", "There is nothing to clip"
    found = statistics.compare_losses(statistics.final_loss(result), statistics.chance_loss(result.experiment))
    assert found is not None  # no seed diverged
    if found.tied.all():
        few = "A single seed cannot tell" if n == 1 else f"{n} seeds cannot tell"
        return "mixed", f"{few} what clipping changes"
    if found.best == 1:
        return "good", "Clipping helps"
    if learned[0] and not learned[1]:
        return "bad", "Clipping at this threshold prevents learning"
    return "mixed", "Clipping slows this training" if learned[1] else "Clipping leaves the loss higher"


def _judge_rescue(result: Result, learned: int, n: int) -> tuple[Status, str]:
    """Where clipping prevents every overflow: what becomes of the training."""
    if learned == n:
        return "good", "Clipping saves the training"
    if learned:
        return "mixed", f"Clipping prevents the overflow, and {count_seeds(learned, n)} {_learn(learned, n)}"
    end, chance = float(statistics.average(statistics.final_loss(result)[1])), statistics.chance_loss(result.experiment)
    if end > GROWN * max(first_loss(result, 1), chance):
        return "bad", "Clipping prevents the overflow, but the loss grows"
    if end > GROWN * chance:
        return "mixed", "Clipping prevents the overflow, but the loss ends far above that of chance"
    if statistics.outcome(result, 1) == "slow":
        return "mixed", "Clipping prevents the overflow, but training is slow"
    return "mixed", "Clipping prevents the overflow, but hardly anything is learned"


def _learn(count: int, n: int) -> str:
    return "learns" if count == 1 or n == 1 else "learn"


def _describe(result: Result, variant: int) -> str:
    """How the training goes of the variant that is clipped, or not."""
    n = result.experiment.seeds
    lost, learned = int(statistics.diverged(result)[variant].sum()), int(statistics.learned(result)[variant].sum())
    parts = [f"it overflows {when_diverged(result, variant)}"] if lost else []
    if lost < n:
        if statistics.outcome(result, variant) in ("stalled", "uncalibrated"):
            parts.append(f"it {describe_end(result, variant)}")
        else:
            start = number(first_loss(result, variant))
            ends = format_range(statistics.final_loss(result)[variant])
            some = f"{count_seeds(learned, n)} {_learn(learned, n)}"
            parts.append(f"{some if learned else 'no seed reaches half the chance loss'} (loss {start} → {ends})")
    return ", and ".join(parts)
