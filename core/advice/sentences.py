"""The advice in words: what to write, and why, in two sentences computed from the measurement."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.activations import ACTIVATIONS
from core.advice.recommendation import DEFAULTS, Advice, Start
from core.verdicts.verdict import Status, Verdict
from core.wording import count_seeds, format_range, join_words, number, percent

PITFALLS = ("zeros", "constant", "normal")
MANY_SATURATED = 0.2
MOST_NAMED = 4  # ties, before they are counted
LITTLE = 1.25  # times the lowest loss: up to there a difference, though it may be clear, is called little


def verdict(advice: Advice) -> Verdict:
    """What to write and how it did; then what the libraries' defaults do, and what is different about the worst."""
    best = advice.recommended
    if best is None:
        hopeless = advice.starts[0].standing in ("stalled", "diverged")
        what = (
            "None of the initializers tried trains this network"
            if hopeless
            else "No start brings the loss under that of chance"
        )
        return Verdict("bad", f"**{what}** {_none(advice)}.")
    status: Status = "good" if best.loss < statistics.LEARNED * advice.chance else "mixed"
    return Verdict(status, f"{_outcome(advice, best)} {_reason(advice, best)}")


def _none(advice: Advice) -> str:
    lowest, experiment = advice.starts[0], advice.measured.experiment
    if lowest.standing == "diverged":
        return f"in {experiment.steps} steps: each of them overflows at some seed, whatever its learning rate"
    return (
        f"in {experiment.steps} steps, whatever its learning rate: the lowest loss is that of {lowest.label}, "
        f"{number(lowest.loss)}, and a network that ignores its input has {number(advice.chance)}"
    )


def _outcome(advice: Advice, best: Start) -> str:
    result, v = advice.measured.place(best.name)
    losses = statistics.final_loss(result)[v]
    ended = (
        f"ends at loss {number(best.loss)} (seeds {format_range(losses)}) at its own best learning rate, {best.rate:g}"
    )
    if not advice.tied:
        return f"**{best.label}** {ended}, lower than every other start."
    labels = [start.label for start in advice.tied]
    others = join_words(labels) if len(labels) <= MOST_NAMED else f"{len(labels)} other starts"
    tie = f"{others} cannot be told from it over {len(losses)} paired seeds"
    scaled = [start for start in advice.starts if start.name not in PITFALLS]
    if all(start.standing in ("recommended", "tied") for start in scaled):
        return f"**Among the usual starts it makes no difference:** {best.label} {ended}; {tie}."
    # Near the loss of chance a small ratio may be all there is to learn.
    if all(start.ratio <= LITTLE and start.standing != "stalled" for start in scaled):
        return f"**Among the usual starts it makes little difference:** {best.label} {ended}; {tie}."
    return f"**{best.label}** {ended}; {tie}."


def _reason(advice: Advice, best: Start) -> str:
    fates: dict[str, list[str]] = {}
    for start in advice.starts:
        if start.name in DEFAULTS:
            fates.setdefault(_fate(start, advice.measured.experiment.seeds), []).append(DEFAULTS[start.name])
    said = [f"what {join_words(names)} do{'es' * (len(names) == 1)} by default {fate}" for fate, names in fates.items()]
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}{_difference(advice, best)}."


def _fate(start: Start, seeds: int) -> str:
    return {
        "recommended": "is just this",
        "tied": "ties with it: nothing to change",
        "behind": f"ends at {number(start.ratio)} times the lowest loss",
        "stalled": f"hardly learns (loss {number(start.loss)})",
        "diverged": f"diverges in {count_seeds(start.lost, seeds)}",
    }[start.standing]


def _difference(advice: Advice, best: Start) -> str:
    """What is different, before the first step, about the default that is furthest behind, else the furthest start."""
    behind = [start for start in advice.starts if start.standing in ("behind", "stalled")]
    scaled = [start for start in behind if start.name not in PITFALLS]
    worst = next(reversed([start for start in behind if start.name in DEFAULTS] or scaled or behind), None)
    if worst is None:
        return ""
    kept = {"signal": (worst.forward[1], best.forward[1]), "gradient": (worst.backward[1], best.backward[1])}
    known = {what: pair for what, pair in kept.items() if np.isfinite(pair).all() and min(pair) > 0}
    if not known:
        return (
            f"; before the first step the loss is {number(worst.first_loss)} from {worst.label}, "
            f"{number(best.first_loss)} from {best.label}"
        )
    what, (theirs, ours) = max(known.items(), key=lambda item: abs(np.log(item[1][0] / item[1][1])))
    flat = ""
    if ACTIVATIONS[advice.measured.question.activation].bounded and worst.saturated > MANY_SATURATED:
        flat = f", and {percent(worst.saturated)} of the slopes are flat"
    way = "forward" if what == "signal" else "back"
    return (
        f"; from {worst.label}'s start the {what} is multiplied by {number(theirs)} a layer going {way}, from "
        f"{best.label} by {number(ours)}{flat}"
    )
