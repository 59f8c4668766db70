"""Claims about zero weights and zero biases: which units stay equal, and what that costs."""

from dataclasses import replace

from core.claims import criteria
from core.claims import quantities as q
from core.claims.claim import Case, Check, declare, label, network
from core.experiment import Experiment, Variant
from core.wording import format_range, number

RATE = 0.5  # of the networks and of the linear model
UNITS, STEPS = 32, 150
SEEDS = {"digits": 5, "xor": 10, "circles": 10}  # that differ more where a line is no better than chance
NETWORKS = [(g, layers) for layers in (1, 3) for g in ("sigmoid", "tanh", "relu")]


def _zeros(activation: str, layers: int, data: str) -> Experiment:
    start, hidden = Variant("zeros", learning_rate=RATE), (UNITS,) * layers
    return network(start, hidden=hidden, activation=activation, dataset=data, steps=STEPS, seeds=SEEDS[data])


def _on(data: str) -> tuple[Case, ...]:
    line = _zeros("relu", 0, data)
    name = f"{data.replace('xor', 'XOR')}, {{}} hidden layer{{}}"
    return tuple(Case(label(g), name.format(n, "s" * (n > 1)), _zeros(g, n, data), reference=line) for g, n in NETWORKS)


_DIGITS = _on("digits")

C01 = declare(
    "C01",
    cases=_DIGITS + _on("xor") + _on("circles"),
    checks=(Check(q.linear_gap, criteria.NO_DIFFERENCE),),
    readings={"as “no better than a linear model”": (Check(q.linear_gap, criteria.NOT_BETTER),)},
    numbers=lambda e: (format_range([-100 * gap for gap in e.values("digits")]),),
    applies=lambda e: (
        all(row.meets for row in e.select("XOR") + e.select("circles"))
        and max(row.summary.high for row in e.select("digits")) < -0.3
    ),
)


def _in_format(dtype: str) -> tuple[Case, ...]:
    return tuple(
        Case(dtype, f"{case.series}, {str(case.x).removeprefix('digits, ')}", replace(case.experiment, dtype=dtype))
        for case in _DIGITS
    )


C02 = declare(
    "C02",
    cases=_in_format("float64"),
    premise=Check(q.weights_move, criteria.ALL),
    checks=(Check(q.row_difference, criteria.ROUNDING_ALONE),),
    context=(Check(q.row_difference, cases=_in_format("float32")), Check(q.most_distinct)),
    pictured=q.most_distinct,
    numbers=lambda e: (UNITS, STEPS),
    applies=lambda e: e.verdict == "holds" and max(e.values()) * UNITS == 1,
    opened=_in_format("float32")[3],
)


def _with_biases(activation: str, rate: float) -> Experiment:
    variants = (Variant("he", bias_std=std, learning_rate=rate) for std in (0.0, 0.1))
    return network(*variants, hidden=(UNITS, UNITS), activation=activation, steps=STEPS, seeds=5)


# Sigmoid learns slowly from a He start: at the others' rate it would learn little in so few steps.
_BIASED = {label(g): _with_biases(g, rate) for g, rate in (("sigmoid", 0.5), ("tanh", 0.1), ("relu", 0.1))}
_STARTS = ("zero biases", "random biases")
_ALL_STARTS = tuple(Case(start, name, e, v) for name, e in _BIASED.items() for v, start in enumerate(_STARTS))

C03 = declare(
    "C03",
    cases=tuple(Case("", name, experiment, baseline=1) for name, experiment in _BIASED.items()),
    checks=(Check(q.bias_gain, criteria.NO_GAIN), Check(q.all_distinct, criteria.EVERY_UNIT)),
    context=(Check(q.test_accuracy, cases=_ALL_STARTS),),
    pictured=q.test_accuracy,
    numbers=lambda e: (number(100 * max(row.summary.high for row in e.select(quantity=q.bias_gain))),),
    applies=lambda e: e.verdict == "holds",
)
