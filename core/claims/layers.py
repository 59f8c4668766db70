"""Claims about single layers: which of them train slowest, and what becomes of the gradients of their biases."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import measures
from core.claims.claim import FAILS, Claim, Finding, judging
from core.claims.readings import (
    Array,
    all_some_none,
    by_layer,
    name,
    only,
    over_seeds_log,
    page_settings,
    point,
    trial,
    whole,
)
from core.experiment import Experiment, Result, Variant
from core.verdicts.propagation import EXPLODED, VANISHED
from core.wording import listed, number, span

SLOW = 0.5  # of the median hidden layer's relative update
SHRUNK = 0.1  # layer 1 receives less of the last hidden layer's gradient

# C05


def _vanishing(seed: int) -> dict[str, Experiment]:
    common: dict[str, Any] = {"hidden": (32,) * 10, "steps": 30, "seeds": 5}
    return {
        "sigmoid": trial(seed, Variant("xavier"), activation="sigmoid", **common),
        "sigmoid He": trial(seed, Variant("he"), activation="sigmoid", **common),
        "tanh": trial(seed, Variant("xavier", 0.5), activation="tanh", **common),
        "relu": trial(seed, Variant("xavier"), activation="relu", **common),
    }


def _relative_updates(result: Result) -> Array:
    """‖ΔW‖/‖W‖ of the hidden layers over the recorded steps, a geometric mean (seed, layer)."""
    return np.exp(np.log(result.update_ratio[0, :, :, :-1]).mean(axis=1))


@judging
def _judge_slowest(results: dict[str, Result]) -> Finding:
    updates = {key: _relative_updates(r) for key, r in results.items()}
    ratios = {key: u[:, 0] / np.median(u, axis=1) for key, u in updates.items()}
    vanished = [key for key, r in results.items() if (whole(r) < SHRUNK).all()]
    slow = {key: bool((ratios[key] < SLOW).all()) for key in vanished}
    clauses = [
        f"{number(over_seeds_log(ratios[key])[0])} with {_start(results[key])} (going back "
        f"{number(over_seeds_log(whole(results[key]))[0])} of the gradient is left, going forward "
        f"{number(_kept(results[key]))} of the signal)"
        for key in vanished
    ]
    verdict = all_some_none(list(slow.values())) if vanished else FAILS
    sentence = (
        f"{only(verdict, _where(results, slow))}layer 1's relative update over the median hidden "
        f"layer's is {'; '.join(clauses)}, as ‖dW‖ is a product of dZ and the layer's input."
        if vanished
        else "None of 4 networks lost its gradient on the way back, so that nothing can be said."
    )
    points = [
        point(_start(results[key]), layer + 1, over_seeds_log(u[:, layer]))
        for key, u in updates.items()
        for layer in range(u.shape[1])
    ]
    return Finding(
        verdict, sentence, *over_seeds_log(ratios["sigmoid"]), tuple(points), "‖ΔW⁽ˡ⁾‖/‖W⁽ˡ⁾‖ a step", "layer l", True
    )


def _where(results: dict[str, Result], slow: dict[str, bool]) -> str:
    """What sets the networks whose first layer is slow apart from those in which it is not."""
    yes, no = ([_kept(results[key]) for key, is_slow in slow.items() if is_slow == wanted] for wanted in (True, False))
    if yes and no and min(yes) > max(no):
        return "where the forward signal keeps its size"
    return f"with {listed([_start(results[key]) for key, is_slow in slow.items() if is_slow])}"


def _kept(result: Result) -> float:
    """The signal of the last hidden layer over that of the first, before training."""
    return over_seeds_log(measures.forward_factor(result, 0).whole)[0]


def _start(result: Result) -> str:
    return f"{name(result.experiment.activation)} and {result.experiment.labels[0]}"


# C17


def _vanish_and_explode(seed: int) -> dict[str, Experiment]:
    ten = (64,) * 10
    return {
        "vanishing": trial(seed, Variant("xavier"), hidden=ten, activation="sigmoid", seeds=5),
        "exploding": trial(seed, Variant("normal"), hidden=ten, activation="relu", seeds=5, steps=10),
    }


@judging
def _judge_bias_gradients(results: dict[str, Result]) -> Finding:
    biases = {key: _ends(r.bias_gradient_norm[0, :, 0, :-1]) for key, r in results.items()}
    weights = {key: _ends(r.weight_gradient_norm[0, :, 0, :-1]) for key, r in results.items()}
    level = [(found >= VANISHED) & (found <= EXPLODED) for found in biases.values()]
    clauses = [
        f"{name(r.experiment.activation)} and {r.experiment.labels[0]} weights ‖db‖ of layer 1 is "
        f"{number(over_seeds_log(biases[key])[0])} times that of layer 10 (seeds {span(biases[key])}), ‖dW‖ "
        f"{number(over_seeds_log(weights[key])[0])} times"
        for key, r in results.items()
    ]
    points = []
    for key, r in results.items():
        points += by_layer(f"‖db‖, {key}", r.bias_gradient_norm[0, :, 0, :-1])
        points += by_layer(f"‖dW‖, {key}", r.weight_gradient_norm[0, :, 0, :-1])
    sentence = f"With {'; with '.join(clauses)}: db⁽ˡ⁾ sums dZ⁽ˡ⁾ over examples and goes where dZ⁽ˡ⁾ goes."
    value = over_seeds_log(biases["vanishing"])
    return Finding(all_some_none(level), sentence, *value, tuple(points), "norm of the gradient", "layer l", True)


def _ends(norms: Array) -> Array:
    """The first hidden layer's over the last's (seed,), of norms (seed, layer)."""
    return norms[:, 0] / norms[:, -1]


CLAIMS = (
    Claim(
        "C05",
        "When gradients vanish, the earliest layers train slowest.",
        "The relative update ‖ΔW‖/‖W‖ of layer 1 over the median of the hidden layers, in networks whose rms(dZ) "
        "falls under a tenth from the last hidden layer to the first. Under a half layer 1 counts as slow: less is "
        "what neighbouring layers differ by. It holds where layer 1 is slow in every such network and seed.",
        "relative update of layer 1 over the median hidden layer's, sigmoid and Xavier (geometric mean and range over "
        "seeds)",
        "random_init",
        _vanishing,
        _judge_slowest,
        "sigmoid",
        page_settings(_vanishing(0)["sigmoid"], initializer="xavier", std=1),
    ),
    Claim(
        "C17",
        "The gradients of biases neither vanish nor explode.",
        "‖db‖ of the first hidden layer over the last's before the first update, in a network whose gradients vanish "
        "and in one whose gradients explode. It holds where the ratio stays between 1 % and a hundredfold in both, and "
        "does not where it leaves these bounds in both.",
        "‖db‖ of layer 1 over layer 10 where gradients vanish (geometric mean and range over seeds)",
        "random_init",
        _vanish_and_explode,
        _judge_bias_gradients,
        "exploding",
        page_settings(_vanish_and_explode(0)["exploding"], initializer="normal", std=1),
    ),
)
