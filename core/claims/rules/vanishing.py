"""The claim about vanishing gradients: which layers train slowest."""

from __future__ import annotations

from typing import Any

import numpy as np

from core import statistics
from core.claims.claim import FAILS, Claim, Finding, judging
from core.claims.conditions import all_some_none, condition_prefix
from core.claims.readings import Array, backward_ratio, change, network
from core.claims.spreads import over_seeds, point
from core.claims.trials import page_settings, trial
from core.experiment import Experiment, Result, Variant
from core.wording import number

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
    """‖ΔW‖/‖W‖ of the hidden layers, the median over the recorded steps (seed, layer)."""
    return np.median(result.update_ratio[0, :, :, :-1], axis=1)


@judging
def _judge_slowest(results: dict[str, Result]) -> Finding:
    updates = {key: _relative_updates(r) for key, r in results.items()}
    ratios = {key: u[:, 0] / np.median(u, axis=1) for key, u in updates.items()}
    vanished = [key for key, r in results.items() if change(r) == "vanishes"]
    slow = {key: statistics.classify_change(ratios[key]) in ("shrinks", "vanishes") for key in vanished}
    clauses = [
        f"{number(over_seeds(ratios[key])[0])} with {network(results[key])} (gradient left going back "
        f"{number(over_seeds(backward_ratio(results[key]))[0])}, signal going forward "
        f"{number(_signal_left(results[key]))})"
        for key in vanished
    ]
    verdict = all_some_none(list(slow.values())) if vanished else FAILS
    sentence = (
        f"{condition_prefix(verdict, _where(results, slow))}layer 1's relative update over the median hidden "
        "layer's is "
        f"{'; '.join(clauses)}."
        if vanished
        else f"None of {len(results)} networks lost its gradient on the way back, so that nothing can be said."
    )
    points = [
        point(network(results[key]), layer + 1, over_seeds(u[:, layer]))
        for key, u in updates.items()
        for layer in range(u.shape[1])
    ]
    value = over_seeds(ratios["sigmoid"])
    return Finding(verdict, sentence, *value, tuple(points), "‖ΔW⁽ˡ⁾‖/‖W⁽ˡ⁾‖ a step", "layer l", True)


def _where(results: dict[str, Result], slow: dict[str, bool]) -> list[str]:
    """What sets the networks whose first layer is slow apart from those in which it is not."""
    yes, no = (
        {_signal(results[key]) for key, is_slow in slow.items() if is_slow == wanted} for wanted in (True, False)
    )
    if len(yes) == 1 and no and not yes & no:
        # ‖dW‖ is a product of dZ and of the layer's input: where both fade, each in its direction, neither end is slow.
        return [f"where the signal going forward {yes.pop()}"]
    return [f"with {network(results[key])}" for key, is_slow in slow.items() if is_slow]


def _signal(result: Result) -> statistics.Change:
    return statistics.classify_change(statistics.forward_factor(result, 0).end_to_end)


def _signal_left(result: Result) -> float:
    """The signal of the last hidden layer over that of the first, before training."""
    return over_seeds(statistics.forward_factor(result, 0).end_to_end)[0]


CLAIMS = (
    Claim(
        "C05",
        "When gradients vanish, the earliest layers train slowest.",
        "The relative update ‖ΔW‖/‖W‖ of layer 1 over the median of the hidden layers, in networks whose rms(dZ) "
        "vanishes: its median over seeds falls under a tenth from the last hidden layer to the first. Under a half, "
        "where a size no longer counts as kept, layer 1 is slow: less is what neighboring layers differ by. It holds "
        "where layer 1 is slow in every such network.",
        "relative update of layer 1 over the median hidden layer's, sigmoid and Xavier (median and range over seeds)",
        "random_init",
        _vanishing,
        _judge_slowest,
        "sigmoid",
        page_settings(_vanishing(0)["sigmoid"], initializer="xavier", std=1),
    ),
)
