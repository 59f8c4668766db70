"""Claims about what exploding gradients do to a training, and what clipping and the ReLU family do about it."""

from __future__ import annotations

from itertools import product

from core.claims import bounds
from core.claims import quantities as q
from core.claims.claim import Case, Check, declare
from core.claims.networks import TEN, each_variant, label, network
from core.clipping import Clip
from core.experiment import Variant

RATES = (0.1, 0.01, 0.001)


def _at_rates(activation: str, initializer: str, gain: float = 1) -> tuple[Case, ...]:
    variants = [Variant(initializer, gain, learning_rate=rate, label=f"learning rate {rate:g}") for rate in RATES]
    # In a tenth of the steps hardly a run learns, which says little.
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
    premise=Check(q.gradient_ratio, bounds.EXPLODES),
    checks=(Check(q.learns, bounds.NONE),),
    context=(Check(q.overflows), Check(q.loss_rise)),
    readings={"as “in 60 steps” instead of 600": (Check(q.learns_early, bounds.NONE),)},
    numbers=lambda e: (e.count()[1] - e.count()[0], e.count()[1], RATES[1]),
    applies=lambda e: (
        len(e.cases) == len(e.claim.cases) and e.count(f"{RATES[0]:g}")[0] == 0 < e.count()[0] < e.count()[1] / 2
    ),
)


EXPLODING_STEPS = 30

C09 = declare(
    "C09",
    cases=tuple(
        Case(label(g), f, network(Variant("normal"), hidden=TEN, activation=g, dtype=f, steps=EXPLODING_STEPS, seeds=5))
        for g, f in product(("relu", "tanh"), ("float32", "float64"))
    ),
    premise=Check(q.gradient_ratio, bounds.EXPLODES),
    checks=(Check(q.overflows, bounds.ALL),),
    context=(Check(q.dead_units),),
    numbers=lambda e: (*e.count("ReLU"), EXPLODING_STEPS),
    applies=lambda e: min(e.values("ReLU")) > 0.5 and max(e.values("tanh")) == 0,
)


def _rectified(activation: str) -> tuple[Case, ...]:
    sizes = Variant("he"), Variant("he", 0.5), Variant("he", 1.5), Variant("he", 2), Variant("normal")
    experiment = network(*sizes, hidden=(64,) * 5, activation=activation, steps=300, seeds=5)
    return each_variant(label(activation), experiment)


C10 = declare(
    "C10",
    cases=_rectified("relu") + _rectified("leaky_relu"),
    checks=(Check(q.learns, bounds.ALL), Check(q.dead_units, bounds.NO_UNIT, _rectified("leaky_relu"))),
    context=(Check(q.dead_units, cases=_rectified("relu")), Check(q.overflows)),
    numbers=lambda e: e.count("He × 2", of=q.overflows),
    applies=lambda e: min(e.values("He × 2", of=q.overflows)) > 0.5 and max(e.values("leaky", of=q.dead_units)) == 0,
)

GAINS = (1.5, 2)
CLIPS = {"not clipped": None, "clipped by norm": Clip("norm", 5.0), "clipped by value": Clip("value", 0.1)}


def _clipped(name: str, initializer: str, gain: float, activation: str, steps: int) -> tuple[Case, ...]:
    variants = (Variant(initializer, gain, clip=clip, label=name) for name, clip in CLIPS.items())
    experiment = network(*variants, hidden=TEN, activation=activation, steps=steps, seeds=5)
    return tuple(Case(series, name, experiment, v) for v, series in enumerate(CLIPS))


_EXPLODING = [case for gain in GAINS for case in _clipped(f"He × {gain:g}", "he", gain, "relu", 160)]
_BY_NORM = tuple(case for case in _EXPLODING if case.series == "clipped by norm")
_OTHERS = (
    *(case for case in _EXPLODING if case not in _BY_NORM),
    _clipped("sigmoid from Xavier", "xavier", 1, "sigmoid", 60)[1],
)

C16 = declare(
    "C16",
    cases=_BY_NORM,
    premise=Check(q.baseline_overflows, bounds.MOST),
    checks=(Check(q.overflows, bounds.NONE), Check(q.learns, bounds.MOST)),
    context=(
        Check(q.learns, cases=_OTHERS),
        Check(q.clip_cosine, cases=tuple(case for case in _EXPLODING if case.variant)),
        Check(q.gradient_ratio),
    ),
    readings={"as “prevents overflow”": (Check(q.overflows, bounds.NONE),)},
    pictured=q.learns,
    numbers=lambda e: GAINS,
    applies=lambda e: (
        max(e.values(of=q.overflows)) == 0 and e.value("by norm, He × 1.5") > 0.5 and e.value("by norm, He × 2") == 0
    ),
)

CLAIMS = (C08, C09, C10, C16)
