"""Clipping: whether it saves a training that would overflow, and how often it is active."""

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import (
    GROWN,
    Status,
    Verdict,
    count_diverged,
    describe_chance,
    describe_end,
    first_divergence,
    first_loss,
)
from core.wording import conjugate, count_seeds, format_range, format_setting, number, percent


def clipping(result: Result) -> Verdict:
    """Clipping: variant 0 trains as it is, variant 1 with its gradients clipped, on the same draws."""
    clip = result.experiment.variants[1].clip
    assert clip is not None
    raw, applied = result.gradient_norm[1], result.applied_norm[1]
    measured = np.isfinite(raw)
    active = share_clipped(result, 1)
    cuts = measured & (applied > 0)
    ratios = raw[cuts] / applied[cuts]
    facts = [
        f"Without clipping, {_describe(result, 0)}.",
        f"Clipped at {format_setting(clip.threshold)}, {_describe(result, 1)}.",
        describe_chance(result),
    ]
    if measured.any():
        cut = f" and divides the gradient by up to {number(float(ratios.max()))}" if active and ratios.size else ""
        facts.append(f"Clipping is active in {percent(active)} of the steps{cut}.")
    status, sentence = _judge(result, active)
    return Verdict(status, f"{sentence}.", " ".join(facts))


def share_clipped(result: Result, variant: int) -> float:
    """In which share of the steps whose gradient is finite a variant's gradient is clipped; 0 where there is none."""
    raw, applied = result.gradient_norm[variant], result.applied_norm[variant]
    measured = np.isfinite(raw)
    return float((applied < raw * (1 - 1e-6))[measured].mean()) if measured.any() else 0.0


def _judge(result: Result, active: float) -> tuple[Status, str]:
    """The status and the message: what clipping changed, first about overflow, then about learning."""
    n = result.experiment.seeds
    lost, learned = statistics.diverged(result).sum(axis=1), statistics.learned(result).sum(axis=1)
    if lost[1]:
        if lost[1] >= lost[0]:
            without = f"; without it, {lost[0]} {conjugate('overflow', int(lost[0]))}"
            losses = "" if lost[1] == n else f" in {count_seeds(int(lost[1]), n)}{without}"
            return "bad", f"**Clipping does not prevent the overflow**{losses}"
        return "mixed", f"**Clipping prevents the overflow in {count_seeds(int(lost[0] - lost[1]), int(lost[0]))}**"
    if lost[0]:
        return _judge_rescue(result, int(lost[0]), int(learned[1]), n)
    if not active:
        return "mixed", "**There is nothing to clip**: no gradient exceeds the threshold"
    without, clipped = (number(float(loss)) for loss in statistics.average(statistics.final_loss(result)))
    losses = f": final loss {clipped} with it, {without} without"
    found = statistics.compare_losses(statistics.final_loss(result), statistics.chance_loss(result.experiment))
    assert found is not None  # no seed diverged
    if found.tied.all():
        return "mixed", f"**{'One seed shows' if n == 1 else f'{n} seeds show'} no certain effect of clipping**{losses}"
    if found.best == 1:
        return "good", f"**Clipping helps**{losses}"
    if learned[0] and not learned[1]:
        return "bad", f"**Clipping at this threshold prevents learning**{losses}"
    slower = "Clipping slows this training" if learned[1] else "Clipping leaves the loss higher"
    return "mixed", f"**{slower}**{losses}"


def _judge_rescue(result: Result, lost: int, learned: int, n: int) -> tuple[Status, str]:
    """Where clipping prevents every overflow: what becomes of the training."""
    if learned == n:
        without = f"without it {count_seeds(lost, n)} {conjugate('overflow', min(lost, n))}"
        return "good", f"**Clipping saves the training**: {without}, with it none"
    if learned:
        some = f"{count_seeds(learned, n)} {conjugate('learn', learned)}"
        return "mixed", f"**Clipping prevents the overflow, and {some}**"
    end, chance = float(statistics.average(statistics.final_loss(result)[1])), statistics.chance_loss(result.experiment)
    losses = f" to {number(end)}; guessing has {number(chance)}"
    if end > GROWN * max(first_loss(result, 1), chance):
        return "bad", f"**Clipping prevents the overflow, but the loss grows**{losses}"
    losses = f": loss {number(end)}, guessing {number(chance)}"
    if end > GROWN * chance:
        return "mixed", f"**Clipping prevents the overflow, but the loss ends far above chance**{losses}"
    if statistics.outcome(result, 1) == "slow":
        return "mixed", f"**Clipping prevents the overflow, but training is slow**{losses}"
    but = "hardly anything is learned" if statistics.outcome(result, 1) == "stalled" else "the loss ends near chance"
    return "mixed", f"**Clipping prevents the overflow, but {but}**{losses}"


def _describe(result: Result, variant: int) -> str:
    n = result.experiment.seeds
    learned, lost = int(statistics.learned(result)[variant].sum()), count_diverged(result, variant)
    parts = [f"it {lost}, {first_divergence(result, variant)}"] if lost else []
    if not statistics.diverged(result)[variant].all():
        if statistics.outcome(result, variant) in ("stalled", "uncalibrated"):
            parts.append(f"it {describe_end(result, variant)}")
        else:
            start, ends = number(first_loss(result, variant)), format_range(statistics.final_loss(result)[variant])
            some = f"{count_seeds(learned, n)} {conjugate('learn', learned)}"
            some = some if learned else "no seed reaches half the chance loss"
            parts.append(f"{some}: the loss starts at {start} and ends at {ends}")
    return ", and ".join(parts)
