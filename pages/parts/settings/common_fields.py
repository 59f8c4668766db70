"""The settings that several pages have, with the words that are said of them everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core import ACTIVATIONS, INITIALIZERS
from core.datasets import DATASETS
from pages.parts.settings.fields import choice, log_scale, scale, several, whole


def dataset(default: str = "digits") -> Any:
    return choice("Data", tuple(DATASETS), default, "What the network is trained on.")


def activation(default: str) -> Any:
    return choice("Activation g", tuple(ACTIVATIONS), default, "The non-linearity of the hidden layers.")


def depth(default: int, low: int = 1, high: int = 50) -> Any:
    return whole("Hidden layers (L − 1)", low, high, default, "How many hidden layers the network has.")


def width(default: int, low: int = 1, high: int = 512) -> Any:
    return whole("Units in a hidden layer (n_l)", low, high, default, "How many units each hidden layer has.")


def seeds(default: int = 5, low: int = 1, high: int = 20) -> Any:
    return whole("Seeds", low, high, default, "How many times each start is drawn and trained. Bands show them.")


def steps(default: int, low: int = 10, high: int = 2000) -> Any:
    return whole("Training steps", low, high, default, "How many batches the network sees.", step=10)


def seed(default: int = 0) -> Any:
    """The base seed: every value gives other draws and other batches."""
    help_ = "Other seeds draw other weights and other batches; the same seed repeats a run exactly."
    return whole("Base seed", 0, 2**32 - 1, default, help_, typed=True)


def batch_size(default: int = 64) -> Any:
    options = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)  # every training set is larger
    return scale("Batch size (m)", options, default, "Examples in one training step.")


def dtype(default: str = "float32") -> Any:
    help_ = "float32 overflows at 3.4·10³⁸, float64 at 1.8·10³⁰⁸."
    return choice("Number format", ("float32", "float64"), default, help_)


def learning_rate(default: float) -> Any:
    return log_scale("Learning rate", 1e-4, 10, default, "The step along the negative gradient.")


def gain(default: float, low: float = 0.1, high: float = 10.0) -> Any:
    return log_scale("Gain", low, high, default, "What the drawn weights are multiplied by.")


def threshold(default: float, low: float = 0.01, high: float = 1000.0) -> Any:
    return log_scale("Clipping threshold", low, high, default, "Gradients longer than this are cut back.")


def initializer(default: str) -> Any:
    return choice("Initializer", tuple(INITIALIZERS), default, "How the weights are drawn.")


def initializers(default: Sequence[str]) -> Any:
    return several("Initializers", tuple(INITIALIZERS), default, "Which ways to draw the weights are compared.")
