"""Random settings of every page, its banner, and the numbers it leans on: `python -m tests.banners`.

To be read for truth after a change to a verdict.
"""

from __future__ import annotations

import argparse
import random
import warnings

import numpy as np

from core import Result, run, statistics
from core.advice import advise, measure, verdict
from core.advice.__main__ import format_table
from core.engine.budget import cost
from core.wording import format_range, number
from pages.parts.settings import BY_PAGE, Claims, Training, YourNetwork
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import Choice, Field, Integer, MultiChoice, Scale, Text, Toggle, TypedNumber

WORK = 2e10  # of an experiment, as in core.engine.budget: about a second
NETWORKS = ("64, 32, 32, 10", "64, 10", "2, 16, 16, 1", "64, 8, 8, 8, 8, 8, 8, 10", "1, 64, 1", "64, 64, 64, 30")
EXTREME = 0.3  # of the numbers are one of the two ends of their range


def draw_value(field: Field, rng: random.Random) -> object:
    """A value that the field allows, often an extreme one."""
    match field:
        case MultiChoice():
            return tuple(rng.sample(list(field.labels), rng.randint(1, len(field.labels))))
        case Choice():
            return rng.choice(list(field.labels))
        case Toggle():
            return False
        case TypedNumber():
            return rng.choice([field.default, "1/3", "0.75"])
        case Text(default="usual"):
            return "usual"
        case Text():
            return rng.choice(NETWORKS)
        case Scale():
            ends = (field.options[0], field.options[-1])
            return rng.choice(ends if rng.random() < EXTREME else field.options)
        case Integer():
            ends = (field.low, field.high)
            value = (
                rng.choice(ends) if rng.random() < EXTREME else rng.randint(field.low, min(field.high, field.low + 60))
            )
            return value if field.step == 1 else max(field.low, value - value % field.step)
    raise TypeError(field)


def draw_settings(kind: type[Settings], rng: random.Random) -> Settings:
    """Settings of a page at random; of a training page those whose training takes about a second at most."""
    while True:
        settings = kind(**{name: draw_value(field, rng) for name, field in kind.fields().items()})
        if not isinstance(settings, Training) or cost(settings.experiment).work < WORK:
            return settings


def describe_numbers(result: Result) -> list[str]:
    """A line a variant: how its seeds end, and how its gradient changes on the way back."""
    losses, accuracy = statistics.final_loss(result), statistics.final_accuracy(result)
    compared = statistics.compare_losses(losses, statistics.chance_loss(result.experiment))
    lines = [f"  chance: loss {statistics.chance_loss(result.experiment):.4g}"]
    for v, label in enumerate(result.experiment.labels):
        ratios = statistics.backward_factor(result, v).end_to_end
        ratios = ratios[np.isfinite(ratios)]
        change = f", gradient {format_range(ratios)} {statistics.classify_change(ratios)}" if ratios.size else ""
        beside = f", {format_range([compared.low[v], compared.high[v]])} of the best" if compared else ""
        lines.append(
            f"  {label}: {int(statistics.diverged(result)[v].sum())} diverged, loss "
            f"{number(float(result.loss[v, 0, 0]))} → {number(float(statistics.average(losses)[v]))} "
            f"({format_range(losses[v])}){beside}, "
            f"accuracy {np.round(accuracy[v], 2).tolist()}, {statistics.outcome(result, v)}{change}"
        )
    if len(result.experiment.variants) > 1 and result.experiment.variants[1].clip:
        raw, applied = result.gradient_norm[1], result.applied_norm[1]
        lines.append(
            f"  clipped: {np.mean(applied < raw * (1 - 1e-6)):.1%} of the steps, norms {format_range(raw.ravel())}"
        )
    return lines


def print_case(settings: Settings) -> None:
    """The settings that differ from the page's defaults, the banner, and the numbers."""
    print(" ".join(f"{name}={','.join(texts)}" for name, texts in settings.changed().items()) or "defaults")
    if isinstance(settings, YourNetwork):
        question, changed = settings.question()
        advice = advise(measure(question))
        print(f"  {verdict(advice).status}: {' '.join([*changed, verdict(advice).sentence])}")
        print(f"  chance: {advice.chance:.4g}\n{format_table(advice)}\n", flush=True)
    elif isinstance(settings, Training):
        found = settings.verdict(run)
        print(
            f"  {found.status}: {found.sentence}",
            f"  {found.details}",
            *describe_numbers(run(settings.experiment)),
            "",
            sep="\n",
            flush=True,
        )


def main() -> None:
    """Print so many cases of each page."""
    pages = [name for name, kind in BY_PAGE.items() if kind is not Claims]
    parser = argparse.ArgumentParser(prog="python -m tests.banners", description=__doc__)
    parser.add_argument("--settings", type=int, default=40, metavar="N", help="of each page")
    parser.add_argument("--pages", nargs="+", choices=pages, default=pages, metavar="PAGE", help=", ".join(pages))
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    warnings.simplefilter("error")
    for page in chosen.pages:
        print(f"== {page}\n")
        rng = random.Random(f"{chosen.seed} {page}")
        for _ in range(chosen.settings):
            print_case(draw_settings(BY_PAGE[page], rng))


if __name__ == "__main__":
    main()
