"""Heuristics: which start ends with the lowest loss, and which cannot be told from it."""

from __future__ import annotations

from core import measures
from core.experiment import Result
from core.verdicts.verdict import Verdict
from core.wording import listed, number, seeds_of, span


def comparison(result: Result) -> Verdict:
    """Heuristics: which start ends with the lowest loss, and which cannot be told from it over paired seeds."""
    labels, losses = result.experiment.labels, measures.final_loss(result)
    lost, n = measures.diverged(result).sum(axis=1), result.experiment.seeds
    usable = [v for v in range(len(labels)) if not lost[v]]
    fallen = [f"{labels[v]} overflows in {seeds_of(int(lost[v]), n)}" for v in range(len(labels)) if lost[v]]
    if not usable:
        return Verdict("bad", f"**Every start diverges:** {listed(fallen)}.")
    means = {v: measures.geometric_mean(losses[v]) for v in usable}
    best = min(usable, key=means.__getitem__)
    ties = [v for v in usable if v != best and n > 1 and not measures.paired_ratio(result, v, best).clear]
    behind = [v for v in usable if v != best and v not in ties]
    chance = measures.chance_loss(result.experiment)
    if means[best] > measures.STALLED * chance:
        rest = f"; {listed(fallen)}" if fallen else ""
        return Verdict(
            "bad", f"**No start learns:** the best, {labels[best]}, ends at loss {number(means[best])}{rest}."
        )
    seeds = f"seeds {span(losses[best])}" if n > 1 else "one seed tells little"
    lead = f"{labels[best]} ends at loss {number(means[best])} ({seeds})"
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
    return f"{label} ends at {number(loss / best) if best else '∞'} times that loss"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
