"""The settings that several pages share, each with its label, its range and its help text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core import ACTIVATIONS, INITIALIZERS
from core.datasets import DATASETS
from pages.parts.settings.fields import (
    amount,
    choice,
    data_choice,
    integer,
    log_scale,
    multi_choice,
    round_numbers,
    scale,
)

INITIALIZER_LABELS = {name: initializer.label for name, initializer in INITIALIZERS.items()}
DATASET_LABELS = {name: name for name in DATASETS} | {
    "digits": "handwritten digits",
    "xor": "XOR",
    "curve": "curve (regression)",
    "noise": "Gaussian noise",
    "pixels": "digits, pixels 0 to 1",
}
OPTIMIZER_LABELS = {"sgd": "SGD", "momentum": "SGD with momentum", "rmsprop": "RMSprop", "adam": "Adam"}


def dataset(default: str = "digits", help: str = "The data set that the network is trained on.") -> Any:
    return data_choice(DATASET_LABELS, default, help)


def activation(default: str) -> Any:
    labels = {name: activation.label for name, activation in ACTIVATIONS.items()}
    return choice("Activation function g", labels, default, "The activation function of every hidden layer.")


def depth(default: int, high: int = 50) -> Any:
    return integer("Hidden layers (L − 1)", 1, high, default, "Number of hidden layers.")


def width(default: int) -> Any:
    return integer("Units per hidden layer", 1, 512, default, "Number of units in each hidden layer.")


def seeds(default: int) -> Any:
    help_ = "How many times each network is trained, each time with other random weights. Charts show the spread."
    return integer("Random seeds", 1, 20, default, help_)


def steps(default: int, high: int = 2000) -> Any:
    return integer("Training steps", 10, high, default, "Number of weight updates, one batch each.", step=10)


def seed() -> Any:
    """The base seed: every value gives other draws and other batches."""
    help_ = "Determines the random weights and batches: the same seed repeats a run exactly."
    return integer("Base seed", 0, 2**32 - 1, 0, help_, typed=True)


def batch_size() -> Any:
    options = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)  # no training set is smaller
    return scale("Batch size (m)", options, 64, "Number of examples in one training step.")


def dtype(default: str = "float32") -> Any:
    help_ = "Precision of all numbers: float32 overflows at 3.4·10³⁸, float64 at 1.8·10³⁰⁸."
    return choice("Number format", {name: name for name in ("float32", "float64")}, default, help_)


def learning_rate(default: float) -> Any:
    return log_scale("Learning rate", 1e-4, 10, default, "Each step subtracts the learning rate times the gradient.")


def optimizer(default: str, help: str = "How the gradient becomes a step. Adam needs smaller learning rates.") -> Any:
    return choice("Optimizer", OPTIMIZER_LABELS, default, help)


def any_learning_rate(default: float) -> Any:
    help_ = "Each step subtracts the learning rate times the gradient."
    return amount("Learning rate", round_numbers(1e-4, 10, 3), default, help_)


def gain(default: float) -> Any:
    help_ = "Multiplies the initial weights; at 1 they are as drawn."
    return amount("Gain", round_numbers(0.1, 10, 3), default, help_)


def biases(default: float = 0.0) -> Any:
    help_ = "Standard deviation of the random biases that are added to the initializer's own; 0.2236 is √0.05."
    return amount("Random biases σ_b", (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.2236, 0.5, 1, 2), default, help_)


def threshold(default: float) -> Any:
    help_ = "Gradients larger than this are clipped."
    return amount("Clipping threshold", round_numbers(0.01, 1000, 3), default, help_)


def normalization() -> Any:
    labels = {"none": "none", "batch": "batch normalization", "layer": "layer normalization"}
    help_ = "Of the hidden layers, before their activation. Its scale and shift are trained as well."
    return choice("Normalization", labels, "none", help_)


def skip() -> Any:
    labels = {"0": "none", "1": "over each layer", "2": "over two layers (residual blocks)"}
    help_ = "Where two hidden layers have the same width, what enters one is added to what leaves it."
    return choice("Skip connections", labels, "0", help_)


def initializer(default: str) -> Any:
    return choice("Initializer", INITIALIZER_LABELS, default, "How the weights are drawn before training.")


def initializers(default: Sequence[str]) -> Any:
    return multi_choice("Initializers", INITIALIZER_LABELS, default, "The initializers that are compared.")
