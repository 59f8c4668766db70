"""Widgets bound to the link: what a page is set to can be read from its address, and sent to somebody else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from core import ACTIVATIONS, INITIALIZERS
from core.datasets import DATASETS
from pages.parts import frame

T = TypeVar("T")

_DIGITS = {1: (1,), 2: (1, 3), 3: (1, 2, 5), 6: (1, 1.5, 2, 3, 5, 7), 9: (1, 2, 3, 4, 5, 6, 7, 8, 9)}


def dataset(default: str = "digits") -> str:
    return choice("dataset", "Data", tuple(DATASETS), default, "What the network is trained on.")


def activation(default: str = "relu") -> str:
    return choice("activation", "Activation g", tuple(ACTIVATIONS), default, "The non-linearity of the hidden layers.")


def depth(default: int = 5, low: int = 1, high: int = 50) -> int:
    return whole("depth", "Hidden layers (L − 1)", low, high, default, "How many hidden layers the network has.")


def width(default: int = 64, low: int = 1, high: int = 512) -> int:
    return whole("width", "Units in a hidden layer (n_l)", low, high, default, "How many units each hidden layer has.")


def seeds(default: int = 5, low: int = 1, high: int = 20) -> int:
    return whole(
        "seeds", "Seeds", low, high, default, "How many times each start is drawn and trained. Bands show them."
    )


def steps(default: int = 200, low: int = 10, high: int = 2000) -> int:
    return whole("steps", "Training steps", low, high, default, "How many batches the network sees.", step=10)


def seed(default: int = 0) -> int:
    """The base seed: every value gives other draws and other batches."""
    high = 2**32 - 1

    def draw(**bound: Any) -> int:
        # Of floats, because Streamlit fails at a link that asks for an infinite whole number.
        help_ = "Other seeds draw other weights and other batches; the same seed repeats a run exactly."
        chosen = st.number_input("Base seed", 0.0, float(high), float(default), 1.0, "%.0f", help=help_, **bound)
        return math.floor(chosen)

    return _bound("seed", draw, _is_whole(0, high), f"a whole number from 0 to {high}")


def batch_size(default: int = 64) -> int:
    options = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)  # every training set is larger
    return int(scale("batch_size", "Batch size (m)", options, default, "Examples in one training step."))


def dtype(default: str = "float32") -> str:
    help_ = "float32 overflows at 3.4·10³⁸, float64 at 1.8·10³⁰⁸."
    return choice("dtype", "Number format", ("float32", "float64"), default, help_)


def learning_rate(default: float = 0.1) -> float:
    return log_slider("learning_rate", "Learning rate", 1e-4, 10, default, "The step along the negative gradient.")


def gain(default: float = 1.0, low: float = 0.1, high: float = 10.0) -> float:
    return log_slider("gain", "Gain", low, high, default, "What the drawn weights are multiplied by.")


def std(default: float = 1.0, low: float = 1e-3, high: float = 3.0) -> float:
    return log_slider("std", "Standard deviation of the weights", low, high, default, "W is drawn from N(0, std²).", 9)


def threshold(default: float = 1.0, low: float = 0.01, high: float = 1000.0) -> float:
    return log_slider("threshold", "Clipping threshold", low, high, default, "Gradients longer than this are cut back.")


def noise(default: float = 0.0, low: float = 1e-8, high: float = 1.0) -> float:
    help_ = "Standard deviation ε of Gaussian noise added to the weights; 0 adds none."
    return log_slider("noise", "Noise on the weights (ε)", low, high, default, help_, 1, zero=True)


def initializer(default: str = "he", setting: str = "initializer", label: str = "Initializer") -> str:
    return choice(setting, label, tuple(INITIALIZERS), default, "How the weights are drawn.")


def initializers(default: Sequence[str] = ("he", "xavier", "glorot")) -> tuple[str, ...]:
    help_ = "Which ways to draw the weights are compared."
    return several("initializers", "Initializers", tuple(INITIALIZERS), default, help_)


def several(setting: str, label: str, options: Sequence[str], default: Sequence[str], help: str) -> tuple[str, ...]:
    """At least one of a few names, in the order chosen: an empty choice is the default again."""

    def draw(**bound: Any) -> tuple[str, ...]:
        chosen = st.multiselect(label, options, list(default), help=help, **bound)
        return tuple(chosen) or tuple(default)

    return _bound(setting, draw, options.__contains__, "one of " + ", ".join(options), several=True)


def choice(setting: str, label: str, options: Sequence[str], default: str, help: str) -> str:
    """One of a few names, which the link holds as they are shown."""
    draw = partial(st.selectbox, label, options, list(options).index(default), help=help)
    return str(_bound(setting, draw, options.__contains__, "one of " + ", ".join(options)))


def toggle(setting: str, label: str, default: bool, help: str) -> bool:
    draw = partial(st.toggle, label, default, help=help)
    return bool(_bound(setting, draw, lambda raw: raw.lower() in ("true", "false"), "true or false"))


def whole(setting: str, label: str, low: int, high: int, default: int, help: str, step: int = 1) -> int:
    """A whole number from `low` to `high`."""
    draw = partial(st.slider, label, low, high, default, step, help=help)
    return int(_bound(setting, draw, _is_whole(low, high), f"a whole number from {low} to {high}"))


def log_slider(
    setting: str,
    label: str,
    low: float,
    high: float,
    default: float,
    help: str,
    steps_per_decade: int = 3,
    *,
    zero: bool = False,
) -> float:
    """A positive number on a logarithmic scale of round values; with `zero`, exactly 0 comes first."""
    options = ([0.0] if zero else []) + round_numbers(low, high, steps_per_decade)
    return scale(setting, label, options, default, help)


def scale(setting: str, label: str, options: Sequence[float], default: float, help: str) -> float:
    """One of a row of numbers, the default among them; the link holds the number as it is shown."""
    options = sorted({*options, default})
    names = [slug(option) for option in options]
    draw = partial(st.select_slider, label, names, slug(default), help=help)
    chosen = _bound(setting, draw, names.__contains__, f"one of {', '.join(names)}")
    return float(options[names.index(chosen)])


def round_numbers(low: float, high: float, steps_per_decade: int) -> list[float]:
    """Round values from `low` to `high`, both included, as many a decade as asked for."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [float(f"{digit}e{decade}") for decade in decades for digit in _DIGITS[steps_per_decade]]
    return sorted({low, high, *(value for value in values if low < value < high)})


def slug(value: float) -> str:
    """Short, stable and free of signs that a link would have to escape: 0.001, 1e-5, 2e6."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def _is_whole(low: int, high: int) -> Callable[[str], bool]:
    def accepts(raw: str) -> bool:
        try:
            return low <= float(raw) <= high and float(raw).is_integer()
        except ValueError:
            return False

    return accepts


def _bound(
    setting: str, draw: Callable[..., T], accepts: Callable[[str], bool], allowed: str, *, several: bool = False
) -> T:
    """Draw a widget bound to the link, and say what Streamlit does silently: it replaces a value it cannot use.

    Taking such a value out of the link first would be simpler, but fails when the viewer comes back to it with the
    browser's Back button: what is bound to a widget can be changed by that widget alone.
    """
    key = frame.key(setting)
    written = st.query_params.get_all(key)
    value = draw(key=key, bind="query-params")
    if not all(map(accepts, written)) or (len(written) > 1 and not several):
        used = ", ".join(value) if isinstance(value, tuple) else value
        frame.notice(f"`{_shown(key, written)}` is not {allowed}; using {used}.")
    return value


def _shown(key: str, written: Sequence[str]) -> str:
    """What the link says, shortened and safe within backquotes."""
    text = "&".join(f"{key}={value[:40]}" for value in written[:3])
    return "".join(c for c in text if c.isprintable() and c != "`")
