"""Claims about what exploding gradients do to a training, and what clipping and the ReLU family do about it."""

from __future__ import annotations

from core.claims import bounds
from core.claims import quantities as q
from core.claims.claim import Case, Check, declare
from core.claims.networks import TEN, label, network
from core.clipping import Clip
from core.experiment import Experiment, Variant

RATES = (0.1, 0.01, 0.001)


def _at_rates(activation: str, initializer: str, gain: float = 1) -> tuple[Case, ...]:
    variants = [Variant(initializer, gain, learning_rate=rate, label=f"learning rate {rate:g}") for rate in RATES]
    # In a tenth of the steps hardly a run learns, which says little.
    experiment = network(*variants, hidden=TEN, activation=activation, steps=600)
    series = f"{label(activation)} from {Variant(initializer, gain).label}"
    return tuple(Case(series, variant.label, experiment, v) for v, variant in enumerate(variants))


_TANH = _at_rates("tanh", "normal")

C08 = declare(
    "C08",
    cases=_at_rates("relu", "normal") + _at_rates("relu", "he", 1.75) + _at_rates("relu", "he", 1.5) + _TANH,
    premise=Check(q.gradient_ratio, bounds.EXPLODES),
    checks=(Check(q.learns, bounds.NONE),),
    context=(Check(q.overflows), Check(q.loss_rises)),
    readings={"as “in 60 steps” instead of 600": (Check(q.learns_early, bounds.NONE),)},
    numbers=lambda e: (e.count(q.learns)[1] - e.count(q.learns)[0], e.count(q.learns)[1], RATES[1]),
    applies=lambda e: (
        len(e.cases) == len(e.claim.cases)
        and e.count(q.learns, f"{RATES[0]:g}")[0] == 0 < e.count(q.learns)[0] < e.count(q.learns)[1] / 2
    ),
    opened=_TANH[0],
)


def _normal(activation: str, dtype: str) -> Case:
    variant, settings = Variant("normal"), {"steps": 30, "seeds": 5, "dtype": dtype}
    return Case(label(activation), dtype, network(variant, hidden=TEN, activation=activation, **settings))


C09 = declare(
    "C09",
    cases=tuple(_normal(g, dtype) for g in ("relu", "tanh") for dtype in ("float32", "float64")),
    premise=Check(q.gradient_ratio, bounds.EXPLODES),
    checks=(Check(q.overflows, bounds.ALL),),
    context=(Check(q.dead_units),),
    numbers=lambda e: (*e.count(q.overflows, "ReLU"), e.claim.opened.experiment.steps),
    applies=lambda e: min(e.values(q.overflows, "ReLU")) > 0.5 and max(e.values(q.overflows, "tanh")) == 0,
    opened=_normal("relu", "float32"),
)


def _rectified(activation: str) -> tuple[Case, ...]:
    sizes = Variant("he"), Variant("he", 0.5), Variant("he", 1.5), Variant("he", 2), Variant("normal")
    experiment = network(*sizes, hidden=(64,) * 5, activation=activation, steps=300, seeds=5)
    return tuple(Case(label(activation), start.label, experiment, v) for v, start in enumerate(sizes))


C10 = declare(
    "C10",
    cases=_rectified("relu") + _rectified("leaky_relu"),
    checks=(Check(q.learns, bounds.ALL), Check(q.dead_units, bounds.NO_UNIT, _rectified("leaky_relu"))),
    context=(Check(q.dead_units, cases=_rectified("relu")), Check(q.overflows)),
    numbers=lambda e: e.count(q.overflows, "He × 2"),
    applies=lambda e: min(e.values(q.overflows, "He × 2")) > 0.5 and max(e.values(q.dead_units, "leaky")) == 0,
    opened=_rectified("relu")[0],
)

GAINS = (1.5, 2)
CLIPS = {"not clipped": None, "clipped by norm": Clip("norm", 5.0), "clipped by value": Clip("value", 0.1)}


def _clipped(initializer: str, gain: float, activation: str, steps: int) -> Experiment:
    variants = (Variant(initializer, gain, clip=clip, label=name) for name, clip in CLIPS.items())
    return network(*variants, hidden=TEN, activation=activation, steps=steps, seeds=5)


_EXPLODING = {f"He × {gain:g}": _clipped("he", gain, "relu", 160) for gain in GAINS}
_ALL_CLIPS = tuple(Case(e.labels[v], name, e, v) for name, e in _EXPLODING.items() for v in range(len(CLIPS)))
_BY_NORM = tuple(case for case in _ALL_CLIPS if case.series == "clipped by norm")
_VANISHING = Case("clipped by norm", "sigmoid from Xavier", _clipped("xavier", 1, "sigmoid", 60), 1)

C16 = declare(
    "C16",
    cases=_BY_NORM,
    premise=Check(q.baseline_overflows, bounds.MOST),
    checks=(Check(q.overflows, bounds.NONE), Check(q.learns, bounds.MOST)),
    context=(
        Check(q.learns, cases=(*(case for case in _ALL_CLIPS if case not in _BY_NORM), _VANISHING)),
        Check(q.clip_cosine, cases=tuple(case for case in _ALL_CLIPS if case.variant)),
        Check(q.gradient_ratio),
    ),
    readings={"as “prevents overflow”": (Check(q.overflows, bounds.NONE),)},
    numbers=lambda e: GAINS,
    applies=lambda e: (
        max(e.values(q.overflows)) == 0
        and e.values(q.learns, "by norm, He × 1.5") == [1]
        and e.values(q.learns, "by norm, He × 2") == [0]
    ),
    pictured=q.learns,
    opened=_ALL_CLIPS[0],
)

CLAIMS = (C08, C09, C10, C16)
