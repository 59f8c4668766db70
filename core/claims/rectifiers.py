"""Claims about ReLU and leaky ReLU: whether gradients vanish with them, and whether their units die."""

from __future__ import annotations

import numpy as np

from core import measures
from core.claims.claim import FAILS, Claim, Finding, judging
from core.claims.readings import (
    DEPTHS,
    FACTOR,
    a_layer,
    all_some_none,
    crossing,
    dead_units,
    name,
    only,
    over_seeds,
    over_seeds_log,
    page_settings,
    point,
    trial,
    whole,
)
from core.clipping import Clip
from core.experiment import Experiment, Result, Variant
from core.verdicts.propagation import VANISHED
from core.wording import listed, number, percent, seeds_of, span

SCALES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # n · Var(W)

# C07


def _relu_scales(seed: int) -> dict[str, Experiment]:
    sizes = [Variant("he", (k / 2) ** 0.5, label=f"{k:g}/n") for k in SCALES]
    swept = {
        f"{depth} × {width}": trial(seed, *sizes, hidden=(width,) * depth, activation="relu")
        for depth in DEPTHS
        for width in (32, 128)
    }
    return {**swept, "shown": trial(seed, Variant("xavier"), hidden=(128,) * 30, activation="relu", steps=10)}


@judging
def _judge_relu(results: dict[str, Result]) -> Finding:
    swept = {key: result for key, result in results.items() if key != "shown"}
    ratios = {key: np.array([whole(r, v) for v in range(len(SCALES))]) for key, r in swept.items()}
    survives = np.array([r >= VANISHED for r in ratios.values()])
    bounds = {}
    for key, found in ratios.items():
        bounds[key] = over_seeds(crossing(SCALES, found, VANISHED))[0]
    by_depth = [
        f"{span([bounds[f'{depth} × {width}'] for width in (32, 128)])} at {depth} hidden layers" for depth in DEPTHS
    ]
    deep = ratios[f"{DEPTHS[-1]} × 128"]
    he, xavier = (over_seeds_log(deep[SCALES.index(k)])[0] for k in (2.0, 1.0))
    tail = over_seeds_log(a_layer(results[f"{DEPTHS[-1]} × 128"], SCALES.index(1.0)))[0]
    verdict = all_some_none(survives)
    sentence = (
        f"{only(verdict, 'at the right scale')}layer 1 receives under 1 % of the last hidden layer's gradient where "
        f"n·Var(W) is below {listed(by_depth)} (widths 32 and 128); at {DEPTHS[-1]} layers of 128 it receives "
        f"{number(he)} times as much with He (n·Var(W) = 2), {number(xavier)} times with Xavier (1), which loses a "
        f"factor {number(tail)} a layer."
    )
    points = [point(key, k, over_seeds_log(found[i])) for key, found in ratios.items() for i, k in enumerate(SCALES)]
    edge = over_seeds(crossing(SCALES, ratios[f"{DEPTHS[-1]} × 128"], VANISHED))
    axis = "rms(dZ⁽¹⁾) over that of the last hidden layer"
    return Finding(verdict, sentence, *edge, tuple(points), axis, "n·Var(W)", True)


# C10


def _rectifiers(seed: int) -> dict[str, Experiment]:
    clip = Clip("norm", 100)
    both = ("relu", "leaky_relu")
    he = {g: trial(seed, Variant("he"), hidden=(64,) * 5, activation=g, steps=100, seeds=5) for g in both}
    harsh = {
        f"{g} harsh": trial(seed, Variant("normal", clip=clip), hidden=(64,) * 5, activation=g, steps=100, seeds=5)
        for g in both
    }
    return {**he, **harsh}


@judging
def _judge_rectifiers(results: dict[str, Result]) -> Finding:
    dead = {key: dead_units(r) for key, r in results.items()}
    good = {key: int(measures.learnt(r)[0].sum()) for key, r in results.items()}
    n = results["relu"].experiment.seeds
    immortal = all(bool((dead[key] == 0).all()) for key in ("leaky_relu", "leaky_relu harsh"))
    before, after, harsh = (
        float(x.mean()) for x in (dead["relu"][:, 0], dead["relu"][:, -1], dead["relu harsh"][:, -1])
    )
    never = max(float(dead[key].max()) for key in ("leaky_relu", "leaky_relu harsh"))
    robust = [count == n for count in good.values()]
    verdict = all_some_none(robust) if immortal and robust[0] and robust[1] else FAILS
    counts = {key: seeds_of(count, n) for key, count in good.items()}
    sentence = (
        f"{only(verdict, 'from weights of the right scale')}with He, ReLU learns in {counts['relu']} and leaky ReLU in "
        f"{counts['leaky_relu']}; from standard normal weights, clipped so as not to overflow, in "
        f"{counts['relu harsh']} and {counts['leaky_relu harsh']}; of ReLU units {percent(before)} are dead on a batch "
        f"before and {percent(after)} after training from He, {percent(harsh)} after the other start; of leaky ReLU "
        f"units at most {percent(never)} at any recorded step."
    )
    points = [
        point(f"{name(r.experiment.activation)}, {'standard normal' if 'harsh' in key else 'He'}", int(step), spread)
        for key, r in results.items()
        for step, spread in zip(r.recorded_steps, map(over_seeds, dead[key].T), strict=True)
    ]
    value = over_seeds(dead["leaky_relu harsh"].max(axis=1))
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
        "many seeds get under half of the loss of chance, from He weights and from standard normal ones. It does not "
        "hold where a unit of leaky ReLU dies or He weights fail; it holds only if … where the other start fails.",
        "share of leaky ReLU units dead at any recorded step, from the harsher start (mean and range over seeds)",
        "random_init",
        _rectifiers,
        _judge_rectifiers,
        "relu",
        page_settings(_rectifiers(0)["relu"], initializer="he", std=1),
    ),
)
