"""Claims about ReLU and leaky ReLU: whether gradients vanish with them, and whether their units die."""

from __future__ import annotations

import numpy as np

from core import statistics
from core.claims.claim import FAILS, Bound, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix, crossings, grouped, region
from core.claims.readings import FACTOR, a_layer, activation_of, backward_ratio, change, dead_units, network, with_all
from core.claims.spreads import over_seeds, point
from core.claims.trials import DEPTHS, page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.statistics import VANISHED
from core.wording import count_seeds, number, percent

SCALES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # n · Var(W)
WIDTHS = (32, 128)
SEEDS = 8

# C07


def _relu_scales(seed: int) -> dict[str, Experiment]:
    sizes = [Variant("he", (k / 2) ** 0.5, label=f"{k:g}/n") for k in SCALES]
    swept = {
        f"{depth} × {width}": trial(seed, *sizes, hidden=(width,) * depth, activation="relu", seeds=SEEDS)
        for depth in DEPTHS
        for width in WIDTHS
    }
    return {
        **swept,
        "shown": trial(seed, Variant("xavier"), hidden=(128,) * 30, activation="relu", steps=10, seeds=SEEDS),
    }


@judging
def _judge_relu(results: dict[str, Result]) -> Finding:
    swept = {key: result for key, result in results.items() if key != "shown"}
    ratios = {key: np.array([backward_ratio(r, v) for v in range(len(SCALES))]) for key, r in swept.items()}
    lasts = {key: [change(r, v) != "vanishes" for v in range(len(SCALES))] for key, r in swept.items()}
    verdict = all_some_none([*lasts.values()])
    where = {key.replace("×", "layers of"): region(SCALES, found, "scale") for key, found in lasts.items()}
    deepest = f"{DEPTHS[-1]} × {WIDTHS[-1]}"
    he, xavier = (over_seeds(ratios[deepest][SCALES.index(k)])[0] for k in (2.0, 1.0))
    factor = over_seeds(a_layer(results[deepest], SCALES.index(1.0)))[0]
    sentence = (
        f"{condition_prefix(verdict, grouped(where, 'with'))}at {DEPTHS[-1]} layers of {WIDTHS[-1]}, layer 1 "
        f"receives {number(he)} "
        f"times the last hidden layer's gradient with He (scale n·Var(W) = 2), and {number(xavier)} times with Xavier "
        f"(1), a factor {number(factor)} a layer; under {percent(VANISHED)} it counts as vanished."
    )
    points = [point(key, k, over_seeds(found[i])) for key, found in ratios.items() for i, k in enumerate(SCALES)]
    axis = "rms(dZ⁽¹⁾) over that of the last hidden layer"
    bounds = (Bound(VANISHED, "vanished below"),)
    edge = over_seeds(crossings(SCALES, ratios[deepest], VANISHED))
    return Finding(verdict, sentence, *edge, tuple(points), axis, "n·Var(W)", True, bounds)


# C10


def _rectifiers(seed: int) -> dict[str, Experiment]:
    sizes = Variant("he"), Variant("he", 0.5), Variant("he", 1.5), Variant("he", 2), Variant("normal")
    return {g: trial(seed, *sizes, hidden=(64,) * 5, activation=g, steps=300, seeds=5) for g in ("relu", "leaky_relu")}


@judging
def _judge_rectifiers(results: dict[str, Result]) -> Finding:
    relu, leaky = results["relu"], results["leaky_relu"]
    good = {key: statistics.learned(r) for key, r in results.items()}
    labels = relu.experiment.labels
    variants = range(len(labels))
    never = max(float(np.nanmax(dead_units(leaky, v))) for v in variants)
    robust = {key: np.asarray(found.all(axis=1)) for key, found in good.items()}
    verdict = all_some_none([*robust.values()]) if never == 0 and all(well[0] for well in robust.values()) else FAILS
    with_each = {label: with_all([r for key, r in results.items() if robust[key][v]]) for v, label in enumerate(labels)}
    rate = relu.experiment.variants[0].learning_rate
    fates = [
        f"with {activation_of(r)} {', '.join(grouped({labels[v]: _fate(r, v) for v in variants}, 'from'))}"
        for r in results.values()
    ]
    before, after = (percent(over_seeds(dead_units(relu)[:, record])[0]) for record in (0, -1))
    most = percent(max(float(np.nanmax(dead_units(relu, v))) for v in variants))
    sentence = (
        f"{condition_prefix(verdict, grouped(with_each, 'from'))}in {relu.experiment.steps} steps of "
        f"{len(relu.experiment.hidden)} layers at learning rate {rate:g}, "
        f"{'; '.join(fates)}; of ReLU units {before} are dead on a batch before and {after} after training from "
        f"{labels[0]}, and up to {most} at a recorded step of any run; of leaky ReLU units "
        f"{'none' if never == 0 else percent(never)} at any."
    )
    points = [
        point(network(r, v), int(step), spread)
        for r in results.values()
        for v in _whole_variants(r)
        for step, spread in zip(r.recorded_steps, map(over_seeds, dead_units(r, v).T), strict=True)
    ]
    value = over_seeds(np.array([np.nanmax(dead_units(leaky, v), axis=1) for v in variants]).max(axis=0))
    return Finding(verdict, sentence, *value, tuple(points), "share of units dead on a batch", "training step", False)


def _fate(result: Result, variant: int) -> str:
    """How many seeds learn from a start, and how many overflow."""
    learned, lost = (int(found[variant].sum()) for found in (statistics.learned(result), statistics.diverged(result)))
    overflow = f" and {lost} overflow" if lost else ""
    return f"{count_seeds(learned, result.experiment.seeds)} learn{overflow}"


def _whole_variants(result: Result) -> list[int]:
    """The first and the last start of which no seed diverged: lines of the others would be of those that are left."""
    whole_ones = np.flatnonzero(~statistics.diverged(result).any(axis=1))
    return [*dict.fromkeys(map(int, whole_ones[[0, -1]]))] if len(whole_ones) else []


CLAIMS = (
    Claim(
        "C07",
        "With ReLU, vanishing gradients are generally no problem.",
        f"How much {FACTOR}, for weights of variance k/n, two depths and two widths. Where its median over "
        "seeds is under a tenth they have vanished, as on all pages: it holds where that happens at no scale, and only "
        "if … where the scale decides. The deciding number is the k at which the bound is crossed.",
        f"n·Var(W) below which layer 1 gets under {percent(VANISHED)} of the gradient, 30 layers of 128 (median and "
        "range over seeds)",
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
        "many seeds get under half of the loss of chance at learning rate 0.1 without clipping, from He weights, from "
        "half, one and a half and twice as large ones, and from standard normal ones. It does not hold where a unit of "
        "leaky ReLU dies or He weights fail in a seed; it holds only if … where another start fails in a seed.",
        "share of leaky ReLU units dead at any recorded step, from any start (median and range over seeds)",
        "random_init",
        _rectifiers,
        _judge_rectifiers,
        "relu",
        page_settings(_rectifiers(0)["relu"], initializer="he", std=1),
    ),
)
