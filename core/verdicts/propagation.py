"""Random init: whether the gradient vanishes or explodes on its way back, and by which factor a layer."""

from __future__ import annotations

import numpy as np

from core import measures
from core.experiment import Result
from core.verdicts.verdict import Verdict, when_diverged
from core.wording import number, seeds_of, span

VANISHED, EXPLODED = 0.01, 100.0  # the gradient of the first hidden layer over that of the last


def propagation(result: Result, variant: int = 0, *, trained: bool = True) -> Verdict:
    """Random init: whether the gradient vanishes or explodes on its way back at step 0, by which factor a layer.

    `trained` adds how the training that follows goes.
    """
    layers = len(result.experiment.hidden)
    sizes = result.dz_rms[variant, :, 0, :-1]
    tail = _training_tail(result, variant) if trained else ""
    n = result.experiment.seeds
    at_once = result.diverged_at[variant] == 0
    if at_once.any():
        layer = result.diverged_layer[variant][at_once].min()
        count = seeds_of(int(at_once.sum()), n)
        return Verdict("bad", f"**The numbers overflow** before the first update, in {count}, first in layer {layer}.")
    gone = (sizes == 0).any(axis=1)
    if gone.any():
        first = layers - int((sizes[gone] == 0).any(axis=0)[::-1].argmax())
        where = f"exactly 0 from layer {first} back, in {seeds_of(int(gone.sum()), n)}"
        return Verdict("bad", f"**The gradient vanishes altogether:** {where}.{tail}")
    if layers == 1:
        return Verdict("neutral", f"With one hidden layer nothing is multiplied along the layers: depth matters.{tail}")
    factor = measures.backward_factor(result, variant)
    whole = float(np.exp(np.log(factor.whole).mean()))
    a_layer = float(np.exp(np.log(factor.per_layer).mean()))
    spread = f" (over {n} seeds {span(factor.per_layer)})" if n > 1 else ""
    fact = (
        f"layer 1 receives {_times(whole)} the gradient of layer {layers}, a factor {number(a_layer)} a layer{spread}"
    )
    if whole < VANISHED:
        return Verdict("bad", f"**The gradient vanishes:** {fact}.{tail}")
    if whole > EXPLODED:
        return Verdict("bad", f"**The gradient explodes:** {fact}.{tail}")
    return Verdict(
        "good" if _all_learnt(result, variant) else "mixed", f"**The gradient keeps its size:** {fact}.{tail}"
    )


def _times(ratio: float) -> str:
    return f"{number(ratio)} of" if ratio < 0.95 else f"{number(ratio)} times"


def _all_learnt(result: Result, variant: int) -> bool:
    return bool(measures.learnt(result)[variant].all())


def _training_tail(result: Result, variant: int) -> str:
    """How the short training that follows went."""
    n = result.experiment.seeds
    lost = int(measures.diverged(result)[variant].sum())
    if lost:
        return f" Training overflows {when_diverged(result, variant)}."
    steps = result.loss.shape[-1]
    start, end = result.loss[variant, :, 0].mean(), measures.final_loss(result)[variant].mean()
    good = int(measures.learnt(result)[variant].sum())
    none = "nothing" if end > measures.STALLED * measures.chance_loss(result.experiment) else "little"
    learnt = f"{seeds_of(good, n)} learn{'s' if n == 1 else ''}" if good else f"{none} is learnt"
    return f" In {steps} steps {learnt} (loss {number(float(start))} → {number(float(end))})."
