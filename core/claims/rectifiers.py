"""Claims about ReLU and leaky ReLU: whether gradients vanish with them, and whether their units die."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import FAILS, Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, crossings, grouped, only, region
from core.claims.readings import FACTOR, Array, a_layer, activation_of, dead_units, network, whole, with_all
from core.claims.spreads import over_seeds, over_seeds_log, point
from core.claims.trials import DEPTHS, page_settings, trial
from core.clipping import Clip
from core.experiment import Experiment, Result, Variant
from core.statistics import VANISHED
from core.wording import listed, number, percent

SCALES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # n · Var(W)
WIDTHS = (32, 128)

# C07


def _relu_scales(seed: int) -> dict[str, Experiment]:
    sizes = [Variant("he", (k / 2) ** 0.5, label=f"{k:g}/n") for k in SCALES]
    swept = {
        f"{depth} × {width}": trial(seed, *sizes, hidden=(width,) * depth, activation="relu")
        for depth in DEPTHS
        for width in WIDTHS
    }
    return {**swept, "shown": trial(seed, Variant("xavier"), hidden=(128,) * 30, activation="relu", steps=10)}


@judging
def _judge_relu(results: dict[str, Result]) -> Finding:
    swept = {key: result for key, result in results.items() if key != "shown"}
    ratios = {key: np.array([whole(r, v) for v in range(len(SCALES))]) for key, r in swept.items()}
    verdict = all_some_none(np.array([r >= VANISHED for r in ratios.values()]))
    lasts = {key: region(SCALES, found, "scale", VANISHED, above=True) for key, found in ratios.items()}
    where = [f"{scales} with {key.replace('×', 'layers of')}" for key, scales in lasts.items() if scales]
    deepest = f"{DEPTHS[-1]} × {WIDTHS[-1]}"
    he, xavier = (over_seeds_log(ratios[deepest][SCALES.index(k)])[0] for k in (2.0, 1.0))
    factor = over_seeds_log(a_layer(results[deepest], SCALES.index(1.0)))[0]
    sentence = (
        f"{only(verdict, where)}at {DEPTHS[-1]} layers of {WIDTHS[-1]}, layer 1 receives {number(he)} times the last "
        f"hidden layer's gradient with He (scale n·Var(W) = 2), and {number(xavier)} times with Xavier (1), a factor "
        f"{number(factor)} a layer; under {percent(VANISHED)} it counts as vanished."
    )
    points = [point(key, k, over_seeds_log(found[i])) for key, found in ratios.items() for i, k in enumerate(SCALES)]
    axis = "rms(dZ⁽¹⁾) over that of the last hidden layer"
    bounds = (Bound(VANISHED, "vanished below"),)
    return Finding(verdict, sentence, *_edge(ratios[deepest]), tuple(points), axis, "n·Var(W)", True, bounds)


def _edge(ratios: Array) -> tuple[float, float, float]:
    """The scale at which the gradient comes to vanish; NaN where it does at none, or at all."""
    found = crossings(SCALES, ratios, VANISHED)
    return over_seeds(found[0][1:]) if found else over_seeds(np.array([np.nan]))


# C10


def _rectifiers(seed: int) -> dict[str, Experiment]:
    # Clipped, so that too large a start does not overflow before it is seen whether it learns.
    clip = Clip("norm", 100)
    others = [
        Variant(start, gain, clip=clip, label=Variant(start, gain).label)
        for start, gain in (("he", 0.5), ("he", 2), ("normal", 1))
    ]
    return {
        g: trial(seed, Variant("he"), *others, hidden=(64,) * 5, activation=g, steps=300)
        for g in ("relu", "leaky_relu")
    }


@judging
def _judge_rectifiers(results: dict[str, Result]) -> Finding:
    relu, leaky = results["relu"], results["leaky_relu"]
    good = {key: statistics.learned(r) for key, r in results.items()}
    labels = relu.experiment.labels
    variants = range(len(labels))
    never = max(float(dead_units(leaky, v).max()) for v in variants)
    robust = {key: np.asarray(found.all(axis=1)) for key, found in good.items()}
    verdict = (
        all_some_none(np.array([*robust.values()]))
        if never == 0 and all(well[0] for well in robust.values())
        else FAILS
    )
    with_each = {label: with_all([r for key, r in results.items() if robust[key][v]]) for v, label in enumerate(labels)}
    counts = [f"{good[key].sum()} of {good[key].size} runs with {activation_of(r)}" for key, r in results.items()]
    before, after = (percent(float(dead_units(relu)[:, record].mean())) for record in (0, -1))
    harsh = percent(float(dead_units(relu, variants[-1])[:, -1].mean()))
    sentence = (
        f"{only(verdict, grouped(with_each, 'from'))}in {relu.experiment.steps} steps from {listed(labels)} "
        f"{' and '.join(counts)} learn; of ReLU units {before} are dead on a batch before and {after} after training "
        f"from {labels[0]}, {harsh} after training from {labels[-1]}; of leaky ReLU units "
        f"{'none' if never == 0 else percent(never)} at any recorded step."
    )
    points = [
        point(network(r, v), int(step), spread)
        for r in results.values()
        for v in (variants[0], variants[-1])
        for step, spread in zip(r.recorded_steps, map(over_seeds, dead_units(r, v).T), strict=True)
    ]
    value = over_seeds(dead_units(leaky, variants[-1]).max(axis=1))
    return Finding(verdict, sentence, *value, tuple(points), "share of units dead on a batch", "training step", False)


CLAIMS = (
    Claim(
        "C07",
        "With ReLU, vanishing gradients are generally no problem.",
        f"How much {FACTOR}, for weights of variance k/n, two depths and two widths. Below 1 % they have vanished: it "
        "holds where that happens at no scale, and only if … where the scale decides. The deciding number is the k at "
        "which the bound is crossed.",
        "n·Var(W) below which layer 1 gets under 1 % of the gradient, 30 layers of 128 (mean and range over seeds)",
        "random_init",
        _relu_scales,
        _judge_relu,
        "shown",
        page_settings(_relu_scales(0)["shown"], initializer="xavier", std=1),
    ),
    Claim(
        "C10",
        "The ReLU family is robust, and units of leaky ReLU never die.",
        "The share of hidden units whose slope is 0 on every example of the batch, before and after training, and how "
        "many seeds get under half of the loss of chance, from He weights, from half and twice as large ones, and from "
        "standard normal ones. It does not hold where a unit of leaky ReLU dies or He weights fail; it holds only if … "
        "where another start fails.",
        "share of leaky ReLU units dead at any recorded step, from the harsher start (mean and range over seeds)",
        "random_init",
        _rectifiers,
        _judge_rectifiers,
        "relu",
        page_settings(_rectifiers(0)["relu"], initializer="he", std=1),
    ),
)
