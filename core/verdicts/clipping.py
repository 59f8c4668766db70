"""Clipping: whether it saves a training that would overflow, and how often it fires."""

from __future__ import annotations

import numpy as np

from core import measures
from core.experiment import Result
from core.verdicts.verdict import Verdict, when_diverged
from core.wording import number, percent, seeds_of, span


def clipping(result: Result) -> Verdict:
    """Clipping: variant 0 trains as it is, variant 1 with its gradients clipped, on the same draws."""
    n, lost, good = result.experiment.seeds, measures.diverged(result).sum(axis=1), measures.learnt(result).sum(axis=1)
    clip = result.experiment.variants[1].clip
    assert clip is not None
    raw, applied = result.gradient_norm[1], result.applied_norm[1]
    measured = np.isfinite(raw)
    fires = float((applied < raw * (1 - 1e-6))[measured].mean()) if measured.any() else float("nan")
    ratios = (raw / applied)[measured & (applied > 0)]
    cut = float(ratios.max()) if ratios.size else float("nan")
    losses = measures.final_loss(result)
    chance = measures.chance_loss(result.experiment)
    before = (
        f"Without clipping training overflows {when_diverged(result, 0)}"
        if lost[0]
        else f"Without clipping {_trained(int(good[0]), n)}, loss {span(losses[0])} at the end"
    )
    if lost[1]:
        after = f"clipped at {clip.threshold:g} it still overflows {when_diverged(result, 1)}"
    elif good[1] == n:
        after = f"clipped at {clip.threshold:g} {_trained(n, n)}, loss {span(losses[1])} at the end"
    else:
        start = float(result.loss[1, :, 0].mean())
        after = (
            f"clipped at {clip.threshold:g} nothing overflows, but {_trained(int(good[1]), n)}: "
            f"loss {number(start)} → {span(losses[1])}, chance is {number(chance)}"
        )
    firing = f"It fires at {percent(fires)} of the steps" + (f", by a factor of up to {number(cut)}" if fires else "")
    rescued = lost[0] > 0 and good[1] == n
    status = "good" if rescued else "bad" if lost[1] else "mixed"
    head = {"good": "Clipping saves it", "bad": "Clipping does not save it", "mixed": _no_rescue(lost, good, n, fires)}
    known = f" {firing}." if measured.any() else ""
    return Verdict(status, f"**{head[status]}.** {before}; {after}.{known}")


def _trained(count: int, n: int) -> str:
    if count == 0:
        return "no seed trains"
    return f"{seeds_of(count, n)} train{'s' if n == 1 else ''}"


def _no_rescue(lost: np.ndarray, good: np.ndarray, n: int, fires: float) -> str:
    if lost[0]:
        return "It survives, but crawls"
    if fires == 0:
        return "There is nothing to clip"
    if good[0] > good[1]:
        return "Clipping holds it back"
    return "Clipping changes little" if good[0] == good[1] == n else "Clipping is not what is missing"
