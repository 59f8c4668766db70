"""Claims about the heuristics: which suits which activation, what it keeps near 1, how fast it trains."""

from itertools import product

from core.claims import criteria
from core.claims import quantities as q
from core.claims.claim import TEN, Case, Check, declare, each_variant, label, network
from core.experiment import Experiment, Variant
from core.statistics import HALVED
from core.wording import format_range, number, percent

RATE = 0.05  # at which He trains ten and more layers, and so do the other heuristics


def _build_variants(*names: str, rate: float = RATE) -> list[Variant]:
    return [Variant(name, learning_rate=rate) for name in names]


def _compare_scales(activation: str) -> Experiment:
    """Ten layers trained from six scales of random weights: several claims read it."""
    others = _build_variants("pytorch_default", "xavier", "glorot", "he", "normal")
    smallest = Variant("he", 0.1, learning_rate=RATE)
    return network(smallest, *others, hidden=TEN, activation=activation, steps=100, seeds=5)


RELU, TANH = _compare_scales("relu"), _compare_scales("tanh")
_ALL_RELU, _ALL_TANH = each_variant("ReLU", RELU), each_variant("tanh", TANH)


def _start(experiment: Experiment, initializer: str) -> Case:
    name = f"{label(experiment.activation)}, {len(experiment.hidden)} layers"
    starts = [(v.initializer, v.gain) for v in experiment.variants]
    place, normal = starts.index((initializer, 1)), starts.index(("normal", 1))
    return Case(experiment.labels[place], name, experiment, place, baseline=normal)


_TRAINED = next(case for case in _ALL_RELU if case.x == "He")
_SIZED = tuple(
    Case("He", f"{n} layers of {width}", network(Variant("he"), hidden=(width,) * n, activation="relu", seeds=10))
    for n, width in ((10, 64), (30, 128))
)

C11 = declare(
    "C11",
    cases=(_TRAINED,),
    checks=(
        Check(q.signal_ratio, criteria.KEEPS_SIZE, _SIZED),
        Check(q.gradient_ratio, criteria.KEEPS_SIZE, _SIZED),
        Check(q.learns, criteria.MOST),
        Check(q.best_loss, criteria.AMONG_BEST),
    ),
    context=(Check(q.learns, cases=tuple(case for case in _ALL_RELU if case != _TRAINED)),),
    pictured=q.learns,
    numbers=lambda e: (len(_SIZED[-1].experiment.hidden), len(RELU.variants) - 1),
    applies=lambda e: e.verdict == "holds" and all(row.summary.value == (row.case == _TRAINED) for row in e.select()),
)

DEPTHS = (2, 4, 8, 16, 32)
_DEEP = network(*_build_variants("xavier"), hidden=(64,) * DEPTHS[-1], activation="tanh", steps=100, seeds=5)
_TRAINABLE = (_start(TANH, "xavier"), Case("Xavier", "tanh, 32 layers", _DEEP))

C12 = declare(
    "C12",
    cases=tuple(Case("", depth, _DEEP, layer=depth) for depth in DEPTHS),
    checks=(Check(q.signal_ratio, criteria.KEEPS_SIZE),),
    readings={"as “it trains”": (Check(q.learns, criteria.MOST, _TRAINABLE),)},
    numbers=lambda e: (max(c.x for c, met in e.cases.items() if met), DEPTHS[-1], percent(e.values()[-1])),
    applies=lambda e: e.verdict == "holds only if" and min(e.values(quantity=q.learns)) == 1,
    opened=_TRAINABLE[0],
)

FEW, MANY = 4, 10  # layers
# Equal layers, and as many that are wide and thin in turn, with about as many parameters.
_SHAPES = {
    "4 layers of 58": (58,) * FEW,
    "4 layers of 128 and 16": (128, 16) * (FEW // 2),
    "10 layers of 51": (51,) * MANY,
    "10 layers of 128 and 16": (128, 16) * (MANY // 2),
}
_GLOROT = _build_variants("glorot", "xavier", rate=0.1)

C13 = declare(
    "C13",
    cases=tuple(
        Case(label(g), name, network(*_GLOROT, hidden=hidden, activation=g, steps=120))
        for g, (name, hidden) in product(("tanh", "relu"), _SHAPES.items())
    ),
    checks=(Check(q.learns, criteria.MOST),),
    numbers=lambda e: (FEW, MANY),
    applies=lambda e: min(e.values("tanh") + e.values(f"ReLU, {FEW} ")) == 1 and max(e.values(f"ReLU, {MANY} ")) == 0,
)

_OF_SIGNAL = "of a layer's output over its input instead of its weights"

C14 = declare(
    "C14",
    cases=tuple(
        Case(name, width, network(*_build_variants(start), hidden=(width,) * 5, activation=g, seeds=5))
        for name, start, g in (("ReLU from He", "he", "relu"), ("tanh from Xavier", "xavier", "tanh"))
        for width in (32, 128, 256)
    ),
    checks=(Check(q.weight_std, criteria.NEAR_ONE),),
    readings={
        _OF_SIGNAL: (Check(q.layer_gain, criteria.NEAR_ONE),),
        "with a factor of ten for “much”": (Check(q.weight_std, criteria.DOES_NEITHER),),
    },
    numbers=lambda e: (format_range(e.values()),),
    applies=lambda e: max(e.values()) < HALVED and e.readings[_OF_SIGNAL] == "holds",
)


def _five(activation: str, *names: str) -> Experiment:
    return network(*_build_variants(*names, "normal"), hidden=(64,) * 5, activation=activation, steps=100, seeds=5)


_FAST = {
    _five("relu", "he"): ("he",),
    _five("tanh", "xavier", "glorot"): ("xavier", "glorot"),
    RELU: ("he",),
    TANH: ("xavier", "glorot"),
}

C15 = declare(
    "C15",
    cases=tuple(_start(experiment, name) for experiment, names in _FAST.items() for name in names),
    checks=(Check(q.steps_ratio, criteria.LESS), Check(q.loss_rise, criteria.NO_RISE)),
    context=(Check(q.steps_to_learn), Check(q.steps_to_learn, cases=tuple(_start(e, "normal") for e in _FAST))),
    readings={"by speed alone": (Check(q.steps_ratio, criteria.LESS),)},
    pictured=q.steps_to_learn,
    numbers=lambda e: (f"{max(r.summary.high for r in e.select() if r.case in e.cases):g}", RELU.steps, len(TEN)),
    applies=lambda e: (
        e.readings["by speed alone"] == "holds"
        and min(e.values("Standard normal")) == RELU.steps
        and all(bool(row.meets) == ("ReLU, 10" not in str(row.case.x)) for row in e.select(quantity=q.loss_rise))
    ),
)

C18 = declare(
    "C18",
    cases=(_ALL_RELU[0], _ALL_TANH[0]),
    checks=(Check(q.best_loss, criteria.AMONG_BEST),),
    context=(Check(q.learns), Check(q.final_loss, cases=_ALL_RELU + _ALL_TANH)),
    pictured=q.final_loss,
    numbers=lambda e: (number(RELU.variants[0].gain ** -2),),
    applies=lambda e: (
        e.verdict == "does not hold"
        and max(e.values(quantity=q.learns)) == 0
        and all(min(e.values(g)) == e.values(f"{g}, He")[1] for g in ("ReLU", "tanh"))
    ),
)
