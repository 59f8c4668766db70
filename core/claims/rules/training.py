"""Claims about exploding gradients in training, and what clipping and the ReLU family do about them."""

from itertools import product

from core.claims import criteria
from core.claims import quantities as q
from core.claims.claim import TEN, Case, Check, declare, each_variant, label, network
from core.clipping import Clip
from core.experiment import Variant

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
    numbers=lambda e: e.count("He × 2", of=q.overflows),
    applies=lambda e: min(e.values("He × 2", of=q.overflows)) > 0.5 and max(e.values("leaky", of=q.dead_units)) == 0,
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
        max(e.values(of=q.overflows)) == 0 and [e.values(f"by norm, He × {gain:g}")[0] for gain in GAINS] == [1, 0]
    ),
)
