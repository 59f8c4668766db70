"""Clipping: whether it saves a training that would overflow, and how often it is active."""

import numpy as np

from core import statistics
from core.experiment import Result
from core.verdicts.verdict import GROWN, Ending, Status, Verdict, describe_chance
from core.wording import conjugate, count_seeds, format_range, format_setting, number, percent


def clipping(result: Result) -> Verdict:
    """Clipping: variant 0 trains as it is, variant 1 with its gradients clipped, on the same draws."""
    clip = result.experiment.variants[1].clip
    assert clip is not None
    raw, applied = result.gradient_norm[1], result.applied_norm[1]
    active, cuts = share_clipped(result), np.isfinite(raw) & (applied > 0)
    without, clipped = Ending(result, 0), Ending(result, 1)
    facts = [
        f"Without clipping, {_describe(without)}.",
        f"Clipped at {format_setting(clip.threshold)}, {_describe(clipped)}.",
        describe_chance(result),
    ]
    if np.isfinite(raw).any():
        largest = number((raw[cuts] / applied[cuts]).max(initial=1))
        cut = f" and divides the gradient by up to {largest}" if active and cuts.any() else ""
        facts.append(f"Clipping is active in {percent(active)} of the steps{cut}.")
    status, sentence = _judge(without, clipped, active)
    return Verdict(status, f"{sentence}.", " ".join(facts))


def share_clipped(result: Result) -> float:
    """The share of the steps with a finite gradient in which variant 1's is clipped; 0 without any."""
    raw, applied = result.gradient_norm[1], result.applied_norm[1]
    measured = np.isfinite(raw)
    return float((applied < raw * (1 - 1e-6))[measured].mean()) if measured.any() else 0.0


def _judge(without: Ending, clipped: Ending, active: float) -> tuple[Status, str]:
    n, lost = clipped.seeds, without.lost
    if clipped.lost:
        if clipped.lost < lost:
            return "mixed", f"**Clipping prevents the overflow in {count_seeds(lost - clipped.lost, lost)}**"
        rest = f" in {count_seeds(clipped.lost, n)}; without it, {lost} {conjugate('overflow', lost)}"
        return "bad", f"**Clipping does not prevent the overflow**{rest if clipped.lost < n else ''}"
    if lost:
        return _judge_rescue(clipped, lost)
    if not active:
        return "mixed", "**There is nothing to clip**: no gradient exceeds the threshold"
    losses = f": final loss {number(clipped.loss)} with it, {number(without.loss)} without"
    found = statistics.compare_losses(np.array([without.losses, clipped.losses]), clipped.chance)
    assert found is not None  # no seed diverged
    if found.tied.all():
        return "mixed", f"**{'One seed shows' if n == 1 else f'{n} seeds show'} no certain effect of clipping**{losses}"
    if found.best == 1:
        return "good", f"**Clipping helps**{losses}"
    if without.learned and not clipped.learned:
        return "bad", f"**Clipping at this threshold prevents learning**{losses}"
    slower = "Clipping slows this training" if clipped.learned else "Clipping leaves the loss higher"
    return "mixed", f"**{slower}**{losses}"


def _judge_rescue(clipped: Ending, lost: int) -> tuple[Status, str]:
    n, learned, end, chance = clipped.seeds, clipped.learned, clipped.loss, clipped.chance
    if learned == n:
        without = f"without it {count_seeds(lost, n)} {conjugate('overflow', min(lost, n))}"
        return "good", f"**Clipping saves the training**: {without}, with it none"
    if learned:
        some = f"{count_seeds(learned, n)} {conjugate('learn', learned)}"
        return "mixed", f"**Clipping prevents the overflow, and {some}**"
    if end > GROWN * max(clipped.first_loss, chance):
        losses = f" to {number(end)}; guessing has {number(chance)}"
        return "bad", f"**Clipping prevents the overflow, but the loss grows**{losses}"
    if end > GROWN * chance:
        but = "the loss ends far above chance"
    else:
        fates = {"slow": "training is slow", "stalled": "hardly anything is learned"}
        but = fates.get(clipped.outcome, "the loss ends near chance")
    return "mixed", f"**Clipping prevents the overflow, but {but}**: loss {number(end)}, guessing {number(chance)}"


def _describe(ending: Ending) -> str:
    n, learned = ending.seeds, ending.learned
    parts = [f"it {ending.overflow}, {ending.first_overflow}"] if ending.lost else []
    if ending.outcome in ("stalled", "uncalibrated"):
        parts.append(f"it {ending.describe()}")
    elif ending.lost < n:
        some = f"{count_seeds(learned, n)} {conjugate('learn', learned)}"
        some = some if learned else "no seed reaches half the chance loss"
        start, ends = number(ending.first_loss), format_range(ending.losses)
        parts.append(f"{some}: the loss starts at {start} and ends at {ends}")
    return ", and ".join(parts)
