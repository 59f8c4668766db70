"""Claims about gradients: where they vanish or explode, what that does to a training, and what helps."""

from itertools import product

from core.claims import criteria
from core.claims import quantities as q
from core.claims.claim import TEN, Case, Check, declare, each_variant, label, network
from core.clipping import Clip
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

RATES = (0.1, 0.01, 0.001)
_JUMPS = "as “the loss oscillates or overshoots”"


def _at_rates(activation: str, initializer: str, gain: float = 1) -> tuple[Case, ...]:
    variants = [Variant(initializer, gain, learning_rate=rate, label=f"learning rate {rate:g}") for rate in RATES]
    experiment = network(*variants, hidden=TEN, activation=activation, steps=600)
    return each_variant(f"{label(activation)} from {Variant(initializer, gain).label}", experiment)


C08 = declare(
    "C08",
    cases=(
        *_at_rates("tanh", "normal"),
        *_at_rates("relu", "normal"),
        *_at_rates("relu", "he", 1.75),
        *_at_rates("relu", "he", 1.5),
    ),
    premise=Check(q.gradient_ratio, criteria.EXPLODES),
    checks=(Check(q.learns, criteria.NONE),),
    context=(Check(q.overflows),),
    readings={_JUMPS: (Check(q.loss_rise, criteria.RISES),)},
    numbers=lambda e: (*e.count(), RATES[1]),
    applies=lambda e: (
        len(e.cases) == len(e.claim.cases)
        and e.readings[_JUMPS] == "holds"
        and e.count(f"{RATES[0]:g}")[0] == 0 < e.count()[0] < e.count()[1] / 2
    ),
)

EXPLODING_STEPS = 30

C09 = declare(
    "C09",
    cases=tuple(
        Case(label(g), f, network(Variant("normal"), hidden=TEN, activation=g, dtype=f, steps=EXPLODING_STEPS, seeds=5))
        for g, f in product(("relu", "tanh"), ("float32", "float64"))
    ),
    premise=Check(q.gradient_ratio, criteria.EXPLODES),
    checks=(Check(q.overflows, criteria.ALL),),
    numbers=lambda e: (*e.count("ReLU"), EXPLODING_STEPS),
    applies=lambda e: min(e.values("ReLU")) > 0.5 and max(e.values("tanh")) == 0,
)


def _rectified(activation: str) -> tuple[Case, ...]:
    sizes = Variant("he", 0.5), Variant("he"), Variant("he", 1.5), Variant("he", 2), Variant("normal")
    experiment = network(*sizes, hidden=(64,) * 5, activation=activation, steps=300, seeds=5)
    return each_variant(label(activation), experiment)


C10 = declare(
    "C10",
    cases=_rectified("relu") + _rectified("leaky_relu"),
    checks=(Check(q.learns, criteria.ALL), Check(q.dead_units, criteria.NO_UNIT, _rectified("leaky_relu"))),
    context=(Check(q.dead_units, cases=_rectified("relu")), Check(q.overflows)),
    numbers=lambda e: e.count("He × 2", quantity=q.overflows),
    applies=lambda e: (
        min(e.values("He × 2", quantity=q.overflows)) > 0.5 and max(e.values("leaky", quantity=q.dead_units)) == 0
    ),
)

GAINS = (1.5, 2)
CLIPS = {"not clipped": None, "clipped by norm": Clip("norm", 5.0), "clipped by value": Clip("value", 0.1)}
_EXPLODING = []
for gain in GAINS:
    variants = (Variant("he", gain, clip=clip, label=name) for name, clip in CLIPS.items())
    experiment = network(*variants, hidden=TEN, activation="relu", steps=240, seeds=5)
    _EXPLODING += [Case(series, f"He × {gain:g}", experiment, v) for v, series in enumerate(CLIPS)]
_BY_NORM = tuple(case for case in _EXPLODING if case.series == "clipped by norm")
_OTHERS = tuple(case for case in _EXPLODING if case not in _BY_NORM)

C16 = declare(
    "C16",
    cases=_BY_NORM,
    premise=Check(q.baseline_overflows, criteria.MOST),
    checks=(Check(q.overflows, criteria.NONE), Check(q.learns, criteria.MOST)),
    context=(Check(q.learns, cases=_OTHERS), Check(q.gradient_ratio)),
    readings={"as “prevents overflow”": (Check(q.overflows, criteria.NONE),)},
    pictured=q.learns,
    numbers=lambda e: GAINS,
    applies=lambda e: (
        max(e.values(quantity=q.overflows)) == 0
        and [e.values(f"by norm, He × {gain:g}")[0] for gain in GAINS] == [1, 0]
    ),
)
