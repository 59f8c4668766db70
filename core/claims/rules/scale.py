"""Claims about the size of random weights: when gradients vanish or explode, swept over width, depth and activation."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, grouped, join_parts, region
from core.claims.readings import FACTOR, Array, a_layer, activation_of, backward_ratio, change
from core.claims.spreads import over_seeds, point, share_over_seeds
from core.claims.trials import DEPTHS, page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.statistics import EXPLODED, VANISHED
from core.wording import format_range, join_words, number, percent

# Away from where the gradient comes to vanish or to explode: other draws are judged alike.
WIDTHS = (16, 32, 64, 128, 192)
WIDTHS_OF_LARGE = (8, 32, 128)
STDS = (1, 2)
SEEDS = 7
SEEDS_OF_LARGE = 10  # narrow layers of large weights differ most from draw to draw
EACH = ("relu", "tanh", "sigmoid")
FACTOR_AXIS = "factor of rms(dZ⁽ˡ⁾) a layer, going back"
ENDS = ("vanishes", "explodes")
EVEN = (Bound(1.0, "no change"),)

# C04


def _widths_and_depths(seed: int) -> dict[str, Experiment]:
    swept = {
        f"{g} {depth} × {width}": trial(seed, Variant("normal"), hidden=(width,) * depth, activation=g, seeds=SEEDS)
        for g in EACH
        for depth in DEPTHS
        for width in WIDTHS
    }
    shown = trial(seed, Variant("normal"), hidden=(64,) * 10, activation="sigmoid", steps=10, seeds=SEEDS)
    return {**swept, "sigmoid 10 × 64": shown}


def _by_width(results: dict[str, Result], activation: str, depth: int) -> list[Result]:
    return [results[f"{activation} {depth} × {width}"] for width in WIDTHS]


@judging
def _judge_either(results: dict[str, Result]) -> Finding:
    beyond = {key: change(result) in ("vanishes", "explodes") for key, result in results.items()}
    verdict = all_some_none([*beyond.values()])
    counts = [sum(is_beyond for key, is_beyond in beyond.items() if f" {depth} × " in key) for depth in DEPTHS]
    total = len(EACH) * len(WIDTHS)
    sentence = (
        f"{condition_prefix(verdict, [_fate(results, depth) for depth in DEPTHS])}going back the gradient vanishes "
        "or explodes in "
        f"{counts[0]} of {total} networks with {DEPTHS[0]} hidden layers and {counts[1]} of {total} with {DEPTHS[1]}, "
        f"{WIDTHS[0]} to {WIDTHS[-1]} wide; a layer's factor is "
        f"{join_words([_factor(_by_width(results, g, DEPTHS[-1])) for g in EACH])}."
    )
    points = [
        point(activation_of(r), width, over_seeds(a_layer(r)))
        for g in reversed(EACH)
        for width, r in zip(WIDTHS, _by_width(results, g, DEPTHS[-1]), strict=True)
    ]
    runs = [(backward_ratio(r) < VANISHED) | (backward_ratio(r) > EXPLODED) for r in results.values()]
    share = share_over_seeds(np.mean(runs, axis=0))
    return Finding(verdict, sentence, *share, tuple(points), FACTOR_AXIS, "width", True, EVEN)


def _fate(results: dict[str, Result], depth: int) -> str:
    """At which widths the gradient vanishes or explodes, by activation; nothing where it does with none."""
    with_each = []
    for g in EACH:
        networks = _by_width(results, g, depth)
        changes = [change(r) for r in networks]
        regions = {verb: region(WIDTHS, [found == verb for found in changes], "width") for verb in ENDS}
        does = [f"{verb} {where}" for verb, where in regions.items() if where]
        if does:
            with_each.append(f"{activation_of(networks[0])} ({' and '.join(does)})")
    return f"at {depth} hidden layers with {join_words(with_each)}" if with_each else ""


def _factor(networks: list[Result]) -> str:
    """The factor a layer over all widths."""
    return f"{format_range([over_seeds(a_layer(r))[0] for r in networks])} with {activation_of(networks[0])}"


# C06


def _large_weights(seed: int) -> dict[str, Experiment]:
    sizes = [Variant("normal", std, label=f"std {std}") for std in STDS]
    swept = {
        f"{g} {width}": trial(seed, *sizes, hidden=(width,) * 10, activation=g, seeds=SEEDS_OF_LARGE)
        for g in ("sigmoid", "tanh")
        for width in WIDTHS_OF_LARGE
    }
    return {**swept, "shown": trial(seed, Variant("normal"), hidden=(64,) * 10, activation="tanh", steps=10)}


@judging
def _judge_large(results: dict[str, Result]) -> Finding:
    swept = {g: [results[f"{g} {width}"] for width in WIDTHS_OF_LARGE] for g in ("sigmoid", "tanh")}
    changes = {g: np.array([[change(r, v) for v in range(len(STDS))] for r in found]) for g, found in swept.items()}
    verdict = all_some_none([found == "vanishes" for found in changes.values()])
    where = [f"with {activation_of(swept[g][0])} {w}" for g, found in changes.items() if (w := _vanishing(found))]
    clauses = [_counted(swept[g][-1], found) for g, found in changes.items()]
    sentence = (
        f"{condition_prefix(verdict, where)}of networks of 10 layers, {join_words([*map(str, WIDTHS_OF_LARGE)])} "
        "wide, with weights of "
        f"std {STDS[0]} and {STDS[-1]}, the gradient vanishes going back in {' and '.join(clauses)}."
    )
    points = [
        point(f"{activation_of(r)}, std {std}", width, over_seeds(a_layer(r, v)))
        for found in swept.values()
        for v, std in enumerate(STDS)
        for width, r in zip(WIDTHS_OF_LARGE, found, strict=True)
    ]
    runs = [backward_ratio(r, v) < VANISHED for found in swept.values() for r in found for v in range(len(STDS))]
    share = share_over_seeds(np.mean(runs, axis=0))
    return Finding(verdict, sentence, *share, tuple(points), FACTOR_AXIS, "width", True, EVEN)


def _vanishing(changes: Array) -> str:
    """At which widths the gradient vanishes, by the std of the weights, from changes (width, std)."""
    found = {f"std {std}": region(WIDTHS_OF_LARGE, changes[:, v] == "vanishes", "width") for v, std in enumerate(STDS)}
    return join_parts(grouped(found, "at"))


def _counted(widest: Result, changes: Array) -> str:
    vanish, explode = (int((changes == end).sum()) or "none" for end in ENDS)
    saturated = float(statistics.average(widest.saturated[0, :, 0, :-1].mean(axis=1)))
    return (
        f"{vanish} of {changes.size} with {activation_of(widest)}, where it explodes in {explode} (at width "
        f"{WIDTHS_OF_LARGE[-1]} and std {STDS[0]} it changes by a factor {number(over_seeds(a_layer(widest))[0])} a "
        f"layer while {percent(saturated)} of the slopes are saturated)"
    )


CLAIMS = (
    Claim(
        "C04",
        "Weights from the standard normal distribution make the gradients of a deep network vanish or explode.",
        f"How much {FACTOR}, before the first update, over three activations, five widths and two depths. Its median "
        "over seeds under a tenth counts as vanished, over ten as exploded: the first layer then needs ten times the "
        "learning rate of the last, or a tenth. It holds where every network does either, and only if … where some do.",
        "share of runs whose gradient changes over tenfold, either way (mean over networks and range over seeds)",
        "random_init",
        _widths_and_depths,
        _judge_either,
        "sigmoid 10 × 64",
        page_settings(_widths_and_depths(0)["sigmoid 10 × 64"], initializer="normal", std=1),
    ),
    Claim(
        "C06",
        "With sigmoid or tanh and large weights, gradients vanish.",
        f"How much {FACTOR}, for weights of std 1 and 2 and three widths. Its median over seeds under a tenth "
        "counts as vanished, as on all pages: it holds where every network's gradient vanishes, and only if … where "
        "some do.",
        "share of runs whose gradient falls under a tenth going back (mean over networks and range over seeds)",
        "random_init",
        _large_weights,
        _judge_large,
        "shown",
        page_settings(_large_weights(0)["shown"], initializer="normal", std=1),
    ),
)
