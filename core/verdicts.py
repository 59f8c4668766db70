"""Result → one sentence and a status, computed from the numbers of that very run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core import measures
from core.experiment import Result
from core.wording import listed, number, percent, seeds_of, span, whole_span

VANISHED, EXPLODED = 0.01, 100.0  # the gradient of the first hidden layer over that of the last


@dataclass(frozen=True)
class Verdict:
    """`status` is good, bad, mixed or neutral; `sentence` is Markdown."""

    status: str
    sentence: str


def contrast(result: Result) -> Verdict:
    """Overview: how far apart networks end that differ by their starting weights alone."""
    labels, lost = result.experiment.labels, measures.diverged(result).sum(axis=1)
    accuracy = measures.final_accuracy(result).mean(axis=1)
    order = sorted((v for v in range(len(labels)) if not lost[v]), key=lambda v: -accuracy[v])
    parts = [f"{labels[v]} {percent(float(accuracy[v]))}" for v in order]
    fallen = [labels[v] for v in range(len(labels)) if lost[v]]
    overflow = f"; {listed(fallen)} overflow{'s' if len(fallen) == 1 else ''}" if fallen else ""
    steps, layers = result.experiment.steps, len(result.experiment.hidden)
    return Verdict(
        "neutral",
        f"**Only the starting weights differ.** Same {layers} hidden layers, same digits, same batches, {steps} steps; "
        f"new digits read rightly: {listed(parts) if parts else 'none'}{overflow}.",
    )


def symmetry(result: Result, baseline: Result | None = None) -> Verdict:
    """Zero init: how many units the first variant's hidden layers really have. `baseline`: a linear model's run."""
    groups = result.distinct_units[0, :, :, :-1]
    finite = np.where(groups > 0, groups, np.nan)
    widths = result.experiment.hidden
    name, layers = result.experiment.labels[0], len(widths)
    most = np.nanmax(finite, axis=(0, 1))
    outcome = _accuracies(result, baseline)
    if widths == (1,) * layers:
        return Verdict("neutral", f"**{name}:** a layer of one unit has no symmetry to break. {outcome}")
    if (most == 1).all():
        what = f"{widths[0]} hidden units behave as 1" if len(set(widths)) == 1 else "Every layer behaves as one unit"
        return Verdict(
            "bad",
            f"**{what}**, in {_each(layers)}, at every recorded step of {_every_seed(result)}; "
            f"the hidden weights {_movement(result)}. {outcome}",
        )
    end = finite[:, -1]
    if np.isnan(end).all():
        return Verdict("bad", f"**{name} diverged**, {_when_diverged(result, 0)}. {outcome}")
    share = np.nanmean(end / np.array(widths))
    if (finite[:, 0] == 1).all():
        step = int(result.recorded_steps[np.argmax((finite > 1).any(axis=(0, 2)))])
        deepest = int(np.argmax(most > 1)) + 1
        return Verdict(
            "mixed",
            f"**The tie breaks:** units that start identical differ by step {step}, first seen in layer {deepest}; "
            f"at the end a layer has {_groups(end)} distinct units of {widths[0]}. {outcome}",
        )
    status = "good" if share > 0.99 else "mixed"
    return Verdict(
        status,
        f"**{'The symmetry is broken' if status == 'good' else 'The symmetry is partly broken'}:** {name} ends with "
        f"{_groups(end)} distinct units of {widths[0]} a hidden layer. {outcome}",
    )


def _each(layers: int) -> str:
    return "the one hidden layer" if layers == 1 else f"each of the {layers} hidden layers"


def _every_seed(result: Result) -> str:
    n = result.experiment.seeds
    return "the one seed" if n == 1 else f"all {n} seeds"


def _groups(end: np.ndarray) -> str:
    return whole_span(end)


def _movement(result: Result) -> str:
    norms = result.weight_norm[0, :, :, :-1]
    moved = np.abs(norms - norms[:, :1]).max()
    spreads = np.nanmax(result.update_ratio[0, :, :, :-1], initial=0)
    return "never move" if moved == 0 and spreads == 0 else "move, all alike"


def _accuracies(result: Result, baseline: Result | None) -> str:
    accuracy = np.where(measures.diverged(result), np.nan, measures.final_accuracy(result)).mean(axis=1)
    if np.isnan(result.test_accuracy).all():
        losses = measures.final_loss(result).mean(axis=1)
        parts = [f"{n} {number(x)}" for n, x in zip(result.experiment.labels, losses, strict=True) if np.isfinite(x)]
        return f"Final loss: {listed(parts)}." if parts else "Every run diverged."
    parts = [f"{name} {percent(a)}" for name, a in zip(result.experiment.labels, accuracy, strict=True) if a == a]
    if baseline is not None:
        parts.append(f"a linear model {percent(float(measures.final_accuracy(baseline).mean()))}")
    return f"Test accuracy: {listed(parts)}." if parts else "Every run diverged."


def _when_diverged(result: Result, variant: int) -> str:
    at = result.diverged_at[variant]
    hit = at >= 0
    layer = result.diverged_layer[variant][hit][np.argmin(at[hit])]
    return f"in {seeds_of(int(hit.sum()), len(at))}, first at step {at[hit].min()} in layer {layer}"


def propagation(result: Result, variant: int = 0, *, trained: bool = True) -> Verdict:
    """Random init: whether the gradient vanishes or explodes on its way back at step 0, by which factor a layer.

    `trained` adds how the training that follows goes.
    """
    layers = len(result.experiment.hidden)
    name = result.experiment.labels[variant]
    sizes = result.dz_rms[variant, :, 0, :-1]
    tail = _training_tail(result, variant) if trained else ""
    if not np.isfinite(sizes).all() or not np.isfinite(result.loss[variant, :, 0]).all():
        where = _when_diverged(result, variant) if measures.diverged(result)[variant].any() else "at step 0"
        return Verdict("bad", f"**The numbers overflow** before the first update: {name} {where}.{tail}")
    if (sizes == 0).any():
        first = layers - int((sizes == 0).any(axis=0)[::-1].argmax())
        return Verdict("bad", f"**The gradient vanishes altogether:** exactly 0 from layer {first} back.{tail}")
    if layers == 1:
        return Verdict("neutral", f"With one hidden layer nothing is multiplied along the layers: depth matters.{tail}")
    factor = measures.backward_factor(result, variant)
    whole = float(np.exp(np.log(factor.whole).mean()))
    a_layer = float(np.exp(np.log(factor.per_layer).mean()))
    seeds = result.experiment.seeds
    spread = f" (over {seeds} seeds {span(factor.per_layer)})" if seeds > 1 else ""
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
        return f" Training overflows {_when_diverged(result, variant)}."
    steps = result.loss.shape[-1]
    start, end = result.loss[variant, :, 0].mean(), measures.final_loss(result)[variant].mean()
    good = int(measures.learnt(result)[variant].sum())
    learnt = f"{seeds_of(good, n)} learn{'s' if n == 1 else ''}" if good else "nothing is learnt"
    return f" In {steps} steps {learnt} (loss {number(float(start))} → {number(float(end))})."


def comparison(result: Result) -> Verdict:
    """Heuristics: which start ends with the lowest loss, and which cannot be told from it over paired seeds."""
    labels, losses = result.experiment.labels, measures.final_loss(result)
    lost, n = measures.diverged(result).sum(axis=1), result.experiment.seeds
    usable = [v for v in range(len(labels)) if not lost[v]]
    fallen = [f"{labels[v]} overflows in {seeds_of(int(lost[v]), n)}" for v in range(len(labels)) if lost[v]]
    if not usable:
        return Verdict("bad", f"**Every start diverges:** {listed(fallen)}.")
    means = {v: float(np.exp(np.log(losses[v]).mean())) for v in usable}
    best = min(usable, key=means.__getitem__)
    ties = [v for v in usable if v != best and not measures.paired_ratio(result, v, best).clear]
    behind = [v for v in usable if v != best and v not in ties]
    chance = measures.chance_loss(result.experiment)
    if means[best] > measures.STALLED * chance:
        rest = f"; {listed(fallen)}" if fallen else ""
        return Verdict(
            "bad", f"**No start learns:** the best, {labels[best]}, ends at loss {number(means[best])}{rest}."
        )
    lead = f"{labels[best]} ends at loss {number(means[best])} (seeds {span(losses[best])})"
    parts = [_behind(labels[v], means[v], means[best], chance) for v in sorted(behind, key=means.__getitem__)] + fallen
    after = f" {_sentence(listed(parts))}." if parts else ""
    if ties:
        names = listed([labels[v] for v in [best, *ties]])
        return Verdict(
            "mixed" if not parts else "good", f"**{names} cannot be told apart** over {n} seeds: {lead}.{after}"
        )
    head = f"{labels[best]} trains best" if len(usable) + len(fallen) > 1 else labels[best]
    status = "good" if means[best] < measures.LEARNT * chance else "mixed"
    return Verdict(status, f"**{head}:** {lead}.{after}")


def _behind(label: str, loss: float, best: float, chance: float) -> str:
    if loss > measures.STALLED * chance:
        return f"{label} stalls at {number(loss)}, no better than chance ({number(chance)})"
    return f"{label} ends at {number(loss / best)} times that loss"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


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
    trains = "trains" if n == 1 else "train"
    before = (
        f"Without clipping training overflows {_when_diverged(result, 0)}"
        if lost[0]
        else f"Without clipping {seeds_of(int(good[0]), n)} train to loss {span(losses[0])}"
    )
    if lost[1]:
        after = f"clipped at {clip.threshold:g} it still overflows {_when_diverged(result, 1)}"
    elif good[1] == n:
        after = f"clipped at {clip.threshold:g} {seeds_of(n, n)} {trains} to loss {span(losses[1])}"
    else:
        start = float(result.loss[1, :, 0].mean())
        after = (
            f"clipped at {clip.threshold:g} nothing overflows, but {seeds_of(int(good[1]), n)} {trains}: "
            f"loss {number(start)} → {span(losses[1])}, chance is {number(chance)}"
        )
    firing = f"It fires at {percent(fires)} of the steps" + (f", by a factor of up to {number(cut)}" if fires else "")
    rescued = lost[0] > 0 and good[1] == n
    status = "good" if rescued else "bad" if lost[1] else "mixed"
    head = {"good": "Clipping saves it", "bad": "Clipping does not save it", "mixed": _no_rescue(lost, good, n, fires)}
    return Verdict(status, f"**{head[status]}.** {before}; {after}. {firing}.")


def _no_rescue(lost: np.ndarray, good: np.ndarray, n: int, fires: float) -> str:
    if lost[0]:
        return "It survives, but crawls"
    if fires == 0:
        return "There is nothing to clip"
    if good[0] > good[1]:
        return "Clipping holds it back"
    return "Clipping changes little" if good[0] == good[1] == n else "Clipping is not what is missing"
