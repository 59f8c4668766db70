"""Claims about the heuristics: which start suits which activation, what it keeps near 1, and how fast it trains."""

from __future__ import annotations

from core.claims import bounds
from core.claims import quantities as q
from core.claims.claim import Case, Check, declare
from core.claims.networks import TEN, label, network, place_of, side_by_side, starts
from core.experiment import Experiment
from core.statistics import HALVED
from core.wording import format_range, number, percent

RELU, TANH = side_by_side("relu"), side_by_side("tanh")


def _start(experiment: Experiment, initializer: str) -> Case:
    name = f"{label(experiment.activation)}, {len(experiment.hidden)} layers"
    place = place_of(experiment, initializer)
    return Case(experiment.labels[place], name, experiment, place, baseline=place_of(experiment, "normal"))


def _all_starts(experiment: Experiment) -> tuple[Case, ...]:
    return tuple(Case(label(experiment.activation), name, experiment, v) for v, name in enumerate(experiment.labels))


def _he(hidden: tuple[int, ...]) -> Case:
    experiment = network(*starts("he"), hidden=hidden, activation="relu", seeds=10)
    return Case("ReLU", f"He, {len(hidden)} layers of {hidden[0]}", experiment)


_TRAINED = _all_starts(RELU)[place_of(RELU, "he")]
_SIZED = (_he(TEN), _he((128,) * 30))

C11 = declare(
    "C11",
    cases=(_TRAINED,),
    checks=(
        Check(q.signal_ratio, bounds.KEEPS_SIZE, _SIZED),
        Check(q.gradient_ratio, bounds.KEEPS_SIZE, _SIZED),
        Check(q.learns, bounds.MOST),
        Check(q.best_loss, bounds.AMONG_BEST),
    ),
    context=(Check(q.learns, cases=tuple(case for case in _all_starts(RELU) if case != _TRAINED)),),
    numbers=lambda e: (len(_SIZED[-1].experiment.hidden), len(RELU.variants) - 1),
    applies=lambda e: e.verdict == "holds" and all(r.summary.value == (r.case == _TRAINED) for r in e.select(q.learns)),
    pictured=q.learns,
    opened=_TRAINED,
)

DEPTHS = (2, 4, 8, 16, 32)
_XAVIER = _start(TANH, "xavier")
_DEEP = network(*starts("xavier"), hidden=(64,) * DEPTHS[-1], activation="tanh", steps=100, seeds=5)

C12 = declare(
    "C12",
    cases=tuple(Case("", depth, _DEEP, layer=depth) for depth in DEPTHS),
    checks=(Check(q.signal_ratio, bounds.KEEPS_SIZE),),
    readings={"as “it trains”": (Check(q.learns, bounds.MOST, (_XAVIER, Case("Xavier", "tanh, 32 layers", _DEEP))),)},
    numbers=lambda e: (
        max(c.x for c, met in e.cases.items() if met),
        DEPTHS[-1],
        percent(e.values(q.signal_ratio)[-1]),
    ),
    applies=lambda e: e.verdict == "holds only if" and min(e.values(q.learns)) == 1,
    opened=_XAVIER,
)

FEW, MANY = 4, 10  # layers
# Equal layers, and as many that are wide and thin in turn, with as many parameters as a whole width allows.
_SHAPES = ((58,) * FEW, (128, 16) * (FEW // 2), (51,) * MANY, (128, 16) * (MANY // 2))


def _glorot(activation: str, hidden: tuple[int, ...]) -> Case:
    name = f"{len(hidden)} layers of {' and '.join(map(str, dict.fromkeys(hidden)))}"
    variants = starts("glorot", "xavier", rate=0.1)
    return Case(label(activation), name, network(*variants, hidden=hidden, activation=activation, steps=120))


C13 = declare(
    "C13",
    cases=tuple(_glorot(activation, hidden) for activation in ("tanh", "relu") for hidden in _SHAPES),
    checks=(Check(q.learns, bounds.MOST),),
    context=(Check(q.final_loss),),
    numbers=lambda e: (FEW, MANY),
    applies=lambda e: (
        min(e.values(q.learns, "tanh") + e.values(q.learns, f"ReLU, {FEW} ")) == 1
        and max(e.values(q.learns, f"ReLU, {MANY} ")) == 0
    ),
    opened=_glorot("tanh", _SHAPES[0]),
)


def _weights(activation: str, start: str, width: int) -> Case:
    experiment = network(*starts(start), hidden=(width,) * 5, activation=activation, seeds=5)
    return Case(f"{label(activation)} from {experiment.labels[0]}", width, experiment)


C14 = declare(
    "C14",
    cases=tuple(_weights(*pair, width) for pair in (("relu", "he"), ("tanh", "xavier")) for width in (32, 128, 256)),
    checks=(Check(q.weight_std, bounds.NEAR_ONE),),
    readings={
        "of a layer's gain instead of its weights": (Check(q.layer_gain, bounds.NEAR_ONE),),
        "with a factor of ten for “much”": (Check(q.weight_std, bounds.WITHIN_TENFOLD),),
    },
    numbers=lambda e: (format_range(e.values(q.weight_std)),),
    applies=lambda e: (
        max(e.values(q.weight_std)) < HALVED and e.readings["of a layer's gain instead of its weights"] == "holds"
    ),
    opened=_weights("relu", "he", 128),
)


def _five(activation: str, *names: str) -> Experiment:
    return network(*starts(*names, "normal"), hidden=(64,) * 5, activation=activation, steps=100, seeds=5)


_FAST = {
    _five("relu", "he"): ("he",),
    _five("tanh", "xavier", "glorot"): ("xavier", "glorot"),
    RELU: ("he",),
    TANH: ("xavier", "glorot"),
}

C15 = declare(
    "C15",
    cases=tuple(_start(experiment, name) for experiment, names in _FAST.items() for name in names),
    checks=(Check(q.steps_ratio, bounds.LESS), Check(q.loss_rise, bounds.NO_RISE)),
    context=(Check(q.steps_to_learn), Check(q.steps_to_learn, cases=tuple(_start(e, "normal") for e in _FAST))),
    readings={"by speed alone": (Check(q.steps_ratio, bounds.LESS),)},
    numbers=lambda e: (
        f"{max(row.summary.high for row in e.select(q.steps_to_learn) if row.case in e.cases):g}",
        RELU.steps,
        len(TEN),
    ),
    applies=lambda e: (
        e.readings["by speed alone"] == "holds"
        and min(e.values(q.steps_to_learn, "Standard normal")) == RELU.steps
        and all(bool(row.meets) == ("ReLU, 10" not in str(row.case.x)) for row in e.select(q.loss_rise))
    ),
    pictured=q.steps_to_learn,
    opened=_start(RELU, "he"),
)


C18 = declare(
    "C18",
    cases=(_all_starts(RELU)[0], _all_starts(TANH)[0]),
    checks=(Check(q.best_loss, bounds.AMONG_BEST),),
    context=(Check(q.learns), Check(q.final_loss, cases=_all_starts(RELU) + _all_starts(TANH))),
    numbers=lambda e: (number(RELU.variants[0].gain ** -2),),
    applies=lambda e: (
        e.verdict == "does not hold"
        and max(e.values(q.learns)) == 0
        and not any(
            x < e.values(q.final_loss, f"{g}, He")[1] for g in ("ReLU", "tanh") for x in e.values(q.final_loss, g)
        )
    ),
    pictured=q.final_loss,
    opened=_all_starts(RELU)[0],
)

CLAIMS = (C11, C12, C13, C14, C15, C18)
