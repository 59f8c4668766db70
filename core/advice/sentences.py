"""The advice in words: what to use, how the library's default does beside it, and on what that was measured."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.advice.measuring import Measured
from core.advice.output_bias import describe_gain
from core.advice.planning import FINALISTS, PITFALLS, prior
from core.advice.recommendation import DEFAULTS, TIED, Advice, Start
from core.advice.rosetta import names_of
from core.advice.sizes import written
from core.datasets import dataset
from core.initializers import INITIALIZERS
from core.verdicts.verdict import Status, Verdict
from core.wording import count_seeds, format_setting, join_words, number, percent

LITTLE = 0.1  # of the recommended one's loss: a difference that is called none would have been seen from here on
LARGE = 20  # the largest of numbers that were not scaled, from which on it is said
CLEAR = 1.25  # times a layer: what a start does to a signal by less than this beside another is no reason


def verdict(advice: Advice, library: str = "PyTorch") -> Verdict:
    """What to use, by its name in a library first, and how that library's default does beside it."""
    best, where, measured = advice.recommended, _where(advice.measured), " ".join(_describe_measurement(advice))
    if best is None:
        steps = advice.measured.experiment.steps
        unscaled = _describe_unscaled(advice.measured)
        sentence = (
            f"{where}**no initializer tried beats guessing** on held-out data in {steps} steps. {unscaled}".rstrip()
        )
        return Verdict("bad", sentence, measured)
    status: Status = "good" if best.loss < statistics.LEARNED * advice.chance else "mixed"
    return Verdict(status, f"{where}**use {name_in(best.name, library)}**{_beside(advice, best, library)}.", measured)


def name_in(initializer: str, library: str) -> str:
    """An initializer as people write it, with its name in a library's code if it has one: He (`kaiming_normal_`)."""
    label, names = INITIALIZERS[initializer].label, names_of(initializer, library)
    return f"{label} (`{names[0].written}`)" if names else label


def _describe_measurement(advice: Advice) -> list[str]:
    """How it was measured, how certain it is, and how each library's default does: a sentence each."""
    experiment, best = advice.measured.experiment, advice.recommended
    seeds, first = (pick(start.seeds for start in advice.starts) for pick in (max, min))
    misfit = advice.measured.question.misfit
    sentences = [f"Random numbers, because {misfit}: upload your own data to decide for them."] if misfit else []
    sentences += [
        f"Lowest validation loss in {experiment.steps} steps of {experiment.optimizer}{_clipping(advice.measured)}, "
        f"mean of {seeds} paired seeds"
        + (f", {first} where a start is not among the best {FINALISTS}; " if seeds > first else "; ")
        + f"guessing has {number(advice.chance)}"
        + (f" and classifies {percent(advice.chance_accuracy)}." if np.isfinite(advice.chance_accuracy) else ".")
    ]
    if len(advice.measured.results) > 1:
        sentences.append(
            f"The rows are few: {len(advice.measured.results)} different fifths of them were held out in turn."
        )
    if advice.measured.is_narrower:
        sentences.append(
            f"Measured on narrower layers, {written(experiment.sizes)}: find the learning rate at your own width."
        )
    if best is None:
        return sentences
    if unscaled := _describe_unscaled(advice.measured):
        sentences.append(unscaled)
    if gain := describe_gain(advice.measured):
        sentences.append(gain)
    if advice.measured.is_brief:
        return sentences
    if advice.tied:
        sentences.append(
            f"A difference of {percent(advice.detectable_change)} or more would have been seen in every tie, "
            f"of {percent(advice.detectable_among_best)} among the best."
        )
    others = [start for start in advice.starts if start.name in DEFAULTS and start is not best]
    return sentences + [f"{_possessive(DEFAULTS[start.name])} default {_fate(advice, start)}." for start in others]


def _clipping(measured: Measured) -> str:
    clip = measured.question.clip
    return f", gradients clipped at norm {format_setting(clip.threshold)}" if clip else ""


def _describe_unscaled(measured: Measured) -> str:
    """What large numbers do that were left as they came; nothing where there are none."""
    question, data = measured.question, dataset(measured.experiment.dataset)
    raw = {"inputs": (question.scaling, data.X_train), "targets": (question.target_scaling, data.Y_train)}
    sizes = {name: np.abs(values).max() for name, (scaling, values) in raw.items() if scaling == "raw"}
    large = {name: size for name, size in sizes.items() if size > LARGE}
    if not large:
        return ""
    return f"Standardize the {join_words(list(large))}: unscaled, they reach {number(max(large.values()))}."


def _where(measured: Measured) -> str:
    """On what it was measured: before anything else where that is not the user's own or fitting data."""
    question, data = measured.question, dataset(measured.experiment.dataset)
    if question.misfit:
        return "**Measured on random numbers**. Upload your own data to decide for them. On these, "
    if question.on_noise:
        return "On random numbers, which your own data should replace, "
    return f"On {data.label}, "


def _beside(advice: Advice, best: Start, library: str) -> str:
    """What follows the name: whether it matters, and how the library's default or theory's law does."""
    if advice.measured.is_brief:
        return ", theory's law: what a few seconds can train of this network is too little to prefer another"
    if all(start.standing in ("recommended", *TIED) for start in advice.starts if start.name not in PITFALLS):
        if advice.detectable_change <= LITTLE:
            seen = percent(advice.detectable_change)
            return f", or any other usual initializer: **it makes no difference**, {seen} would have been seen"
        seen = percent(advice.detectable_among_best)
        return f". No other is clearly better or worse; among the best, a difference of {seen} would have been seen"
    default = next((s for s in advice.starts if DEFAULTS.get(s.name) == library), None)
    law = next(start for start in advice.starts if start.name == prior(advice.measured.question))
    if default is None or default is best or default.standing in TIED:
        default = law if law is not best else default
    if default is None or default is best:
        return ""
    usual = "theory's law" if advice.measured.question.skip else "the usual choice"
    name = f"{_possessive(library)} default" if DEFAULTS.get(default.name) == library else f"{default.label}, {usual},"
    return f". {name} {_fate(advice, default)}{_reason(default, best)}"


def _possessive(library: str) -> str:
    return f"{library}'" if library.endswith("s") else f"{library}'s"


def _fate(advice: Advice, start: Start) -> str:
    return {
        "recommended": "is this one",
        "tied": "cannot be told from it",
        "uncertain": "cannot be told from it",
        "behind": f"has {number(start.ratio)} times its validation loss",
        "contrast": f"has {number(start.ratio)} times its validation loss",
        "stalled": "is no better than guessing",
        "diverged": f"overflows in {count_seeds(start.lost, start.seeds)}",
    }[start.standing]


def _reason(worse: Start, best: Start) -> str:
    """The larger of the two factors by which the worse one changes signal or gradient, where the best keeps it better.

    Nothing where neither factor speaks for the best one. It goes with the loss; that it is the cause was not measured.
    """
    if worse.standing not in ("behind", "stalled"):
        return ""
    reasons = []
    for what, theirs, ours in (
        ("signal", worse.forward[1], best.forward[1]),
        ("gradient", worse.backward[1], best.backward[1]),
    ):
        if np.isfinite([theirs, ours]).all() and min(theirs, ours) > 0:
            excess = abs(np.log(theirs)) - abs(np.log(ours))
            reasons.append((excess, what, theirs, ours))
    excess, what, theirs, ours = max(reasons, default=(0.0, "", 1.0, 1.0))
    if excess < np.log(CLEAR):
        return ""
    return f"; at the start it multiplies the {what} by {number(theirs)} a layer, not {number(ours)}"
