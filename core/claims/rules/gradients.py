"""Claims about the gradient on its way back: where it vanishes, explodes or keeps its size."""

from itertools import product

from core.claims import criteria
from core.claims import quantities as q
from core.claims.claim import Case, Check, declare, label, network
from core.experiment import Variant
from core.statistics import DOUBLED, EXPLODED, HALVED, VANISHED
from core.wording import format_range, write_factor

DEPTHS = (10, 30)
# Away from where the gradient comes to vanish or to explode: other draws are judged alike.
WIDTHS = (16, 32, 64, 128, 192)
LARGE_WIDTHS = (8, 32, 128)  # of networks with large weights
STDS = (1, 2)
SCALES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)  # n · Var(W)


C04 = declare(
    "C04",
    cases=tuple(
        Case(f"{label(g)}, {n} layers", width, network(Variant("normal"), hidden=(width,) * n, activation=g, seeds=7))
        for g, n, width in product(("sigmoid", "tanh", "relu"), DEPTHS, WIDTHS)
    ),
    checks=(Check(q.gradient_ratio, criteria.CHANGES),),
    numbers=lambda e: (
        sum(row.summary.change == "vanishes" for row in e.select("sigmoid")),
        len(e.values("sigmoid")),
        sum(row.summary.change == "explodes" for row in e.select("sigmoid")),
    ),
    applies=lambda e: (
        e.verdict == "holds only if"
        and min(e.values("ReLU") + e.values("tanh")) > EXPLODED
        and max(e.values("sigmoid", f" {WIDTHS[0]}") + e.values("sigmoid", f" {WIDTHS[1]}")) < VANISHED
        and min(e.values("sigmoid", f" {WIDTHS[3]}") + e.values("sigmoid", f" {WIDTHS[4]}")) > VANISHED
    ),
)


def _large(activation: str, std: int, width: int) -> Case:
    variants = (Variant("normal", std, label=f"std {std}") for std in STDS)
    experiment = network(*variants, hidden=(width,) * 10, activation=activation, seeds=10)  # narrow ones differ most
    return Case(f"{label(activation)}, std {std}", width, experiment, STDS.index(std))


C06 = declare(
    "C06",
    cases=tuple(_large(*each) for each in product(("sigmoid", "tanh"), STDS, LARGE_WIDTHS)),
    checks=(Check(q.gradient_ratio, criteria.VANISHES),),
    numbers=lambda e: (LARGE_WIDTHS[0], LARGE_WIDTHS[2]),
    applies=lambda e: (
        not any(row.meets for row in e.select("tanh") + e.select("sigmoid", f", {LARGE_WIDTHS[2]}"))
        and max(e.values("sigmoid", f", {LARGE_WIDTHS[0]}")) < VANISHED
        and min(e.values("tanh", f", {LARGE_WIDTHS[1]}") + e.values("tanh", f", {LARGE_WIDTHS[2]}")) > EXPLODED
    ),
    opened=_large("tanh", 1, 32),
)


def _relu(layers: int, width: int) -> tuple[Case, ...]:
    variants = (Variant("xavier", scale**0.5, label=f"{scale:g}/n") for scale in SCALES)
    experiment = network(*variants, hidden=(width,) * layers, activation="relu", seeds=8)
    return tuple(Case(f"{layers} layers of {width}", scale, experiment, v) for v, scale in enumerate(SCALES))


C07 = declare(
    "C07",
    cases=(*_relu(10, 32), *_relu(10, 128), *_relu(30, 32), *_relu(30, 128)),
    checks=(Check(q.gradient_ratio, criteria.DOES_NOT_VANISH),),
    numbers=lambda e: (DEPTHS[-1], write_factor(1 / e.values("30 layers of 128, 1.0")[0])),
    applies=lambda e: (
        HALVED < e.values("30 layers of 128, 2.0")[0] < DOUBLED and e.values("30 layers of 128, 1.0")[0] < VANISHED
    ),
    opened=_relu(30, 128)[1],
)


def _start(activation: str, start: str, gain: float = 1, width: int = 64, steps: int = 1) -> Case:
    experiment = network(Variant(start, gain), hidden=(width,) * 10, activation=activation, steps=steps, seeds=5)
    return Case("", f"{label(activation)} from {experiment.labels[0]}", experiment)


_VANISHING = (("sigmoid", "xavier", 1), ("sigmoid", "he", 1), ("tanh", "xavier", 0.5), ("relu", "xavier", 1))

C05 = declare(
    "C05",
    cases=tuple(_start(g, start, gain, 32, 30) for g, start, gain in _VANISHING),
    premise=Check(q.gradient_ratio, criteria.VANISHES),
    checks=(Check(q.update_ratio, criteria.IS_SLOW),),
    numbers=lambda e: (format_range([1 / value for value in e.values("sigmoid")]),),
    applies=lambda e: max(e.values("sigmoid")) < HALVED and min(e.values("tanh") + e.values("ReLU")) > 1,
)

C17 = declare(
    "C17",
    cases=(_start("relu", "normal"), _start("sigmoid", "xavier")),
    checks=(Check(q.bias_ratio, criteria.DOES_NEITHER),),
    context=(Check(q.gradient_ratio),),
    numbers=lambda e: (write_factor(1 / e.values("sigmoid")[0]), write_factor(e.values("ReLU")[0])),
    applies=lambda e: e.values("sigmoid")[0] < VANISHED < EXPLODED < e.values("ReLU")[0],
)
