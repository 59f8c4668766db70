"""Claims about the size of random weights: when gradients vanish or explode, swept over width, depth and activation."""

from __future__ import annotations

import numpy as np

from core.claims.claim import Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, crossings, only, region
from core.claims.readings import FACTOR, Array, a_layer, activation_of, changed, whole
from core.claims.spreads import over_seeds, over_seeds_log, point
from core.claims.trials import DEPTHS, page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.statistics import EXPLODED, VANISHED
from core.wording import listed, number, percent, span

WIDTHS = (8, 16, 32, 64, 128, 256)
STDS = (1, 2, 3)
EACH = ("relu", "tanh", "sigmoid")
FACTOR_AXIS = "factor of rms(dZ⁽ˡ⁾) a layer, going back"
EVEN = (Bound(1.0, "keeps its size"),)

# C04


def _widths_and_depths(seed: int) -> dict[str, Experiment]:
    swept = {
        f"{g} {depth} × {width}": trial(seed, Variant("normal"), hidden=(width,) * depth, activation=g)
        for g in EACH
        for depth in DEPTHS
        for width in WIDTHS
    }
    shown = trial(seed, Variant("normal"), hidden=(64,) * 10, activation="sigmoid", steps=10)
    return {**swept, "sigmoid 10 × 64": shown}


def _by_width(results: dict[str, Result], activation: str, depth: int) -> list[Result]:
    return [results[f"{activation} {depth} × {width}"] for width in WIDTHS]


@judging
def _judge_either(results: dict[str, Result]) -> Finding:
    beyond = {key: changed(whole(result)) for key, result in results.items()}
    verdict = all_some_none(list(beyond.values()))
    counts = [sum(bool(b.all()) for key, b in beyond.items() if f" {depth} × " in key) for depth in DEPTHS]
    of = len(EACH) * len(WIDTHS)
    sentence = (
        f"{only(verdict, [_fate(results, depth) for depth in DEPTHS])}going back the gradient changes over a "
        f"hundredfold in {counts[0]} of {of} networks with {DEPTHS[0]} hidden layers and {counts[1]} of {of} with "
        f"{DEPTHS[1]}; a layer's factor is {listed([_factor(_by_width(results, g, DEPTHS[-1])) for g in EACH])}."
    )
    points = [
        point(activation_of(r), width, over_seeds_log(a_layer(r)))
        for g in reversed(EACH)
        for width, r in zip(WIDTHS, _by_width(results, g, DEPTHS[-1]), strict=True)
    ]
    share = over_seeds(np.array([*beyond.values()]).mean(axis=0))
    return Finding(verdict, sentence, *share, tuple(points), FACTOR_AXIS, "width", True, EVEN)


def _fate(results: dict[str, Result], depth: int) -> str:
    """At which widths the gradient vanishes or explodes, by activation; nothing where it does with none."""
    with_each = []
    for g in EACH:
        networks = _by_width(results, g, depth)
        ratios = np.array([whole(r) for r in networks])
        vanishes = region(WIDTHS, ratios, "width", VANISHED, above=False)
        explodes = region(WIDTHS, ratios, "width", EXPLODED, above=True)
        does = [f"{verb} {where}" for verb, where in (("vanishes", vanishes), ("explodes", explodes)) if where]
        if does:
            with_each.append(f"{activation_of(networks[0])} ({' and '.join(does)})")
    return f"at {depth} hidden layers with {listed(with_each)}" if with_each else ""


def _factor(networks: list[Result]) -> str:
    """The factor a layer over all widths, and the width at which it is 1."""
    factors = np.array([a_layer(r) for r in networks])
    even = [f" (1 at width {span(found[1:])})" for found in crossings(WIDTHS, factors)]
    return f"{span([over_seeds_log(row)[0] for row in factors])} with {activation_of(networks[0])}{''.join(even)}"


# C06


def _large_weights(seed: int) -> dict[str, Experiment]:
    sizes = [Variant("normal", std, label=f"std {std}") for std in STDS]
    swept = {
        f"{g} {width}": trial(seed, *sizes, hidden=(width,) * 10, activation=g)
        for g in ("sigmoid", "tanh")
        for width in WIDTHS
    }
    return {**swept, "shown": trial(seed, Variant("normal"), hidden=(64,) * 10, activation="tanh", steps=10)}


@judging
def _judge_large(results: dict[str, Result]) -> Finding:
    swept = {g: [results[f"{g} {width}"] for width in WIDTHS] for g in ("sigmoid", "tanh")}
    factors = {g: np.array([[a_layer(r, v) for v in range(len(STDS))] for r in found]) for g, found in swept.items()}
    shrinks = np.array([found < 1 for found in factors.values()])
    verdict = all_some_none(shrinks)
    where = [f"with {activation_of(swept[g][0])} {w}" for g, found in factors.items() if (w := _shrinking(found))]
    clauses = [_at_64(swept[g][WIDTHS.index(64)], found < 1) for g, found in factors.items()]
    sentence = (
        f"{only(verdict, where)}of networks of 10 layers, {WIDTHS[0]} to {WIDTHS[-1]} wide, "
        f"with weights of std {STDS[0]} to {STDS[-1]}, the gradient shrinks going back in {' and in '.join(clauses)}."
    )
    points = [
        point(f"{activation_of(r)}, std {std}", width, over_seeds_log(a_layer(r, v)))
        for found in swept.values()
        for v, std in enumerate(STDS)
        for width, r in zip(WIDTHS, found, strict=True)
    ]
    share = over_seeds(shrinks.mean(axis=(0, 1, 2)))
    return Finding(verdict, sentence, *share, tuple(points), FACTOR_AXIS, "width", True, EVEN)


def _shrinking(factors: Array) -> str:
    """Below which widths the gradient shrinks, by the std of the weights, from factors (width, std, seed)."""
    found = {std: region(WIDTHS, factors[:, v], "width", above=False) for v, std in enumerate(STDS)}
    return listed([f"{where} at std {std}" for std, where in found.items() if where] or [""])


def _at_64(result: Result, shrinks: Array) -> str:
    return (
        f"{percent(float(shrinks.mean()))} of the runs with {activation_of(result)} (at width 64 and std {STDS[0]} a "
        f"factor {number(over_seeds_log(a_layer(result))[0])} a layer, where "
        f"{percent(float(result.saturated[0, :, 0, :-1].mean()))} of the slopes are saturated)"
    )


CLAIMS = (
    Claim(
        "C04",
        "Weights from the standard normal distribution make the gradients of a deep network vanish or explode.",
        f"How much {FACTOR}, before the first update, over three activations, six widths and two depths. A change of "
        "more than a hundredfold counts, either way: the first layer then needs a hundred times the learning rate of "
        "the last, or a hundredth. It holds where every network changes so much, and only if … where some do.",
        "share of networks whose gradient changes over a hundredfold (mean and range over seeds)",
        "random_init",
        _widths_and_depths,
        _judge_either,
        "sigmoid 10 × 64",
        page_settings(_widths_and_depths(0)["sigmoid 10 × 64"], initializer="normal", std=1),
    ),
    Claim(
        "C06",
        "With sigmoid or tanh and large weights, gradients vanish.",
        f"The factor a layer by which {FACTOR}, for weights of std 1, 2 and 3 and six widths. Under 1 the gradient "
        "vanishes with depth, over 1 it explodes: it holds where the factor is under 1 in every network, and only if … "
        "where it is in some.",
        "share of networks whose gradient shrinks going back (mean and range over seeds)",
        "random_init",
        _large_weights,
        _judge_large,
        "shown",
        page_settings(_large_weights(0)["shown"], initializer="normal", std=1),
    ),
)
