"""Claims about the size of random weights: when gradients vanish or explode, swept over width, depth and activation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.claims.claim import Claim, Finding, judging
from core.claims.readings import (
    DEPTHS,
    FACTOR,
    Array,
    a_layer,
    all_some_none,
    changed,
    crossing,
    name,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    trial,
    whole,
)
from core.experiment import Experiment, Result, Variant
from core.wording import listed, number, percent, span

WIDTHS = (8, 16, 32, 64, 128, 256)
STDS = (1, 2, 3)

# C04


def _widths_and_depths(seed: int) -> dict[str, Experiment]:
    swept = {
        f"{g} {depth} × {width}": trial(seed, Variant("normal"), hidden=(width,) * depth, activation=g)
        for g in ("sigmoid", "tanh", "relu")
        for depth in DEPTHS
        for width in WIDTHS
    }
    shown = trial(seed, Variant("normal"), hidden=(64,) * 10, activation="sigmoid", steps=10)
    return {**swept, "sigmoid 10 × 64": shown}


def _factors(results: dict[str, Result], activation: str, depth: int) -> Array:
    """The factor a layer (width, seed)."""
    return np.array([a_layer(results[f"{activation} {depth} × {width}"]) for width in WIDTHS])


def _course(activation: str, factors: Array, xs: Sequence[float], what: str) -> str:
    """In words: whether the gradient grows or shrinks going back, and from which x on."""
    means = [over_seeds_log(row)[0] for row in factors]
    at = crossing(xs, factors)
    if all(m > 1 for m in means):
        return f"with {activation} it grows at every {what} from {xs[0]:g} to {xs[-1]:g} (by {span(means)} a layer)"
    if all(m < 1 for m in means):
        return f"with {activation} it shrinks at every {what} from {xs[0]:g} to {xs[-1]:g} (by {span(means)} a layer)"
    below, above = ("shrinks", "grows") if means[0] < 1 else ("grows", "shrinks")
    return f"with {activation} it {below} below {what} {number(over_seeds(at)[0])} (seeds {span(at)}) and {above} above"


@judging
def _judge_either(results: dict[str, Result]) -> Finding:
    beyond = {key: changed(whole(result)) for key, result in results.items()}
    share = np.array([*beyond.values()]).mean(axis=0)
    counts = [
        f"{sum(bool(b.all()) for key, b in beyond.items() if f' {depth} × ' in key)} of {3 * len(WIDTHS)} with "
        f"{depth} hidden layers"
        for depth in DEPTHS
    ]
    courses = [_course(name(g), _factors(results, g, DEPTHS[-1]), WIDTHS, "width") for g in ("relu", "tanh", "sigmoid")]
    verdict = all_some_none(list(beyond.values()))
    sentence = (
        f"{only(verdict, 'with enough layers, and a width away from that at which their factor is 1')}going back the "
        f"gradient changes over a hundredfold in {listed(counts)}; {'; '.join(courses)}."
    )
    points = [
        point(name(g), width, over_seeds_log(a_layer(results[f"{g} {DEPTHS[-1]} × {width}"])))
        for g in ("sigmoid", "tanh", "relu")
        for width in WIDTHS
    ]
    axis = "factor of rms(dZ⁽ˡ⁾) a layer, going back"
    return Finding(verdict, sentence, *over_seeds(share), tuple(points), axis, "width", True)


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
    swept = {key: result for key, result in results.items() if key != "shown"}
    factors = np.array([[a_layer(result, v) for v in range(len(STDS))] for result in swept.values()])
    shrinks = factors < 1
    wide = results["tanh 64"]
    saturated = [percent(float(r.saturated[0, :, 0, :-1].mean())) for r in (wide, results["sigmoid 64"])]
    grown = over_seeds_log(a_layer(wide))[0]
    turns = []
    for v, std in enumerate(STDS):
        line = np.array([a_layer(results[f"sigmoid {width}"], v) for width in WIDTHS])
        at = over_seeds(crossing(WIDTHS, line))[0]
        turns.append(f"{number(at)} at std {std}" if np.isfinite(at) else f"no width tried at std {std}")
    tanh = np.array([[a_layer(results[f"tanh {width}"], v) for v in range(len(STDS))] for width in WIDTHS])
    verdict = all_some_none(shrinks)
    sentence = (
        f"{only(verdict, 'with sigmoid, and in narrow layers') if (tanh > 1).mean() > 0.5 else ''}"
        f"going back, the gradient of a sigmoid network shrinks in layers narrower than {listed(turns)} and grows in "
        f"wider ones; that of a tanh network grows in {percent(float((tanh > 1).mean()))} of the runs at widths "
        f"{WIDTHS[0]} to {WIDTHS[-1]} and std {STDS[0]} to {STDS[-1]}: by {number(grown)} a layer at width 64 and "
        f"std 1, although {saturated[0]} of its slopes are saturated (sigmoid: {saturated[1]})."
    )
    points = [
        point(f"{name(g)}, std {std}", width, over_seeds_log(a_layer(results[f"{g} {width}"], v)))
        for g in ("sigmoid", "tanh")
        for v, std in enumerate(STDS)
        for width in WIDTHS
    ]
    share = over_seeds(shrinks.mean(axis=(0, 1)))
    axis = "factor of rms(dZ⁽ˡ⁾) a layer, going back"
    return Finding(verdict, sentence, *share, tuple(points), axis, "width", True)


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
