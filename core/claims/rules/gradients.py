"""Claims about the gradient on its way back through a network: where it vanishes, explodes or keeps its size."""

from __future__ import annotations

from core.claims import bounds
from core.claims import quantities as q
from core.claims.claim import Case, Check, declare
from core.claims.networks import DEPTHS, TEN, label, network
from core.experiment import Variant
from core.statistics import DOUBLED, EXPLODED, HALVED, VANISHED
from core.wording import format_range, write_factor

# Away from where the gradient comes to vanish or to explode: other draws are judged alike.
WIDTHS = (16, 32, 64, 128, 192)
LARGE_WIDTHS = (8, 32, 128)  # of networks with large weights
STDS = (1, 2)
SCALES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # n · Var(W)


def _normal(activation: str, layers: int, width: int) -> Case:
    experiment = network(Variant("normal"), hidden=(width,) * layers, activation=activation, seeds=7)
    return Case(f"{label(activation)}, {layers} layers", width, experiment)


C04 = declare(
    "C04",
    cases=tuple(_normal(g, n, width) for g in ("sigmoid", "tanh", "relu") for n in DEPTHS for width in WIDTHS),
    checks=(Check(q.gradient_ratio, bounds.CHANGES),),
    numbers=lambda e: (sum(not met for met in e.cases.values()), len(e.select(q.gradient_ratio, "sigmoid"))),
    applies=lambda e: (
        e.verdict == "holds only if"
        and min(e.values(q.gradient_ratio, "ReLU") + e.values(q.gradient_ratio, "tanh")) > EXPLODED
        and max(e.values(q.gradient_ratio, "sigmoid", " 16") + e.values(q.gradient_ratio, "sigmoid", " 32")) < VANISHED
    ),
    opened=_normal("sigmoid", 10, 64),
)


def _large(activation: str, std: int, width: int) -> Case:
    variants = [Variant("normal", std, label=f"std {std}") for std in STDS]
    experiment = network(*variants, hidden=(width,) * 10, activation=activation, seeds=10)  # narrow ones differ most
    return Case(f"{label(activation)}, std {std}", width, experiment, STDS.index(std))


C06 = declare(
    "C06",
    cases=tuple(_large(g, std, width) for g in ("sigmoid", "tanh") for std in STDS for width in LARGE_WIDTHS),
    checks=(Check(q.gradient_ratio, bounds.VANISHES),),
    context=(Check(q.saturated),),
    numbers=lambda e: (sum(x > EXPLODED for x in e.values(q.gradient_ratio, "tanh")), len(e.cases) // 2),
    applies=lambda e: (
        not any(row.meets for row in e.select(q.gradient_ratio, "tanh") + e.select(q.gradient_ratio, "sigmoid", "128"))
        and max(e.values(q.gradient_ratio, "sigmoid", ", 8")) < VANISHED
    ),
    opened=_large("tanh", 1, 32),
)


def _relu(layers: int, width: int, scale: float) -> Case:
    exact = {1.0: ("xavier", 1.0), 2.0: ("he", 1.0)}  # those that a page can be set to
    laws = [exact.get(k, ("he", (k / 2) ** 0.5)) for k in SCALES]
    variants = [Variant(name, gain, label=f"{k:g}/n") for k, (name, gain) in zip(SCALES, laws, strict=True)]
    experiment = network(*variants, hidden=(width,) * layers, activation="relu", seeds=8)
    return Case(f"{layers} layers of {width}", scale, experiment, SCALES.index(scale))


C07 = declare(
    "C07",
    cases=tuple(_relu(n, width, scale) for n in DEPTHS for width in (32, 128) for scale in SCALES),
    checks=(Check(q.gradient_ratio, bounds.DOES_NOT_VANISH),),
    numbers=lambda e: (DEPTHS[-1], write_factor(1 / e.values(q.gradient_ratio, "30 layers of 128, 1.0")[0])),
    applies=lambda e: (
        HALVED < e.values(q.gradient_ratio, "30 layers of 128, 2.0")[0] < DOUBLED
        and e.values(q.gradient_ratio, "30 layers of 128, 1.0")[0] < VANISHED
    ),
    opened=_relu(30, 128, 1.0),
)


def _vanishing(activation: str, start: str, gain: float = 1) -> Case:
    experiment = network(Variant(start, gain), hidden=(32,) * 10, activation=activation, steps=30, seeds=5)
    return Case("", f"{label(activation)} from {experiment.labels[0]}", experiment)


_XAVIER = _vanishing("sigmoid", "xavier")

C05 = declare(
    "C05",
    cases=(_XAVIER, _vanishing("sigmoid", "he"), _vanishing("tanh", "xavier", 0.5), _vanishing("relu", "xavier")),
    premise=Check(q.gradient_ratio, bounds.VANISHES),
    checks=(Check(q.update_ratio, bounds.IS_SLOW),),
    context=(Check(q.signal_ratio),),
    numbers=lambda e: (format_range([1 / value for value in e.values(q.update_ratio, "sigmoid")]),),
    applies=lambda e: (
        max(e.values(q.update_ratio, "sigmoid")) < HALVED < min(e.values(q.signal_ratio, "sigmoid"))
        and min(e.values(q.update_ratio, "tanh") + e.values(q.update_ratio, "ReLU")) > HALVED
        and max(e.values(q.signal_ratio, "tanh") + e.values(q.signal_ratio, "ReLU")) < VANISHED
    ),
    opened=_XAVIER,
)


def _by_biases(activation: str, start: str) -> Case:
    experiment = network(Variant(start), hidden=TEN, activation=activation, seeds=5)
    return Case("", f"{label(activation)} from {experiment.labels[0]}", experiment)


C17 = declare(
    "C17",
    cases=(_by_biases("sigmoid", "xavier"), _by_biases("relu", "normal")),
    checks=(Check(q.bias_ratio, bounds.DOES_NEITHER),),
    context=(Check(q.gradient_ratio),),
    numbers=lambda e: (
        write_factor(1 / e.values(q.bias_ratio, "sigmoid")[0]),
        write_factor(e.values(q.bias_ratio, "ReLU")[0]),
    ),
    applies=lambda e: e.values(q.bias_ratio, "sigmoid")[0] < VANISHED < EXPLODED < e.values(q.bias_ratio, "ReLU")[0],
    opened=_by_biases("relu", "normal"),
)

CLAIMS = (C04, C05, C06, C07, C17)
