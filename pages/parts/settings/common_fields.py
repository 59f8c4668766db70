"""The settings that several pages share, each with its label, its range and its help text."""

from typing import Any

from core import ACTIVATIONS, INITIALIZERS
from core.datasets import DATASETS
from pages.parts.settings.fields import Amount, Choice, DataChoice, Integer, MultiChoice, Scale, round_numbers

INITIALIZER_LABELS = {name: initializer.label for name, initializer in INITIALIZERS.items()}
DATASET_LABELS = {name: name for name in DATASETS} | {
    "digits": "handwritten digits",
    "xor": "XOR",
    "curve": "curve (regression)",
    "noise": "Gaussian noise",
    "pixels": "digits, pixels 0 to 1",
}
OPTIMIZER_LABELS = {"sgd": "SGD", "momentum": "SGD with momentum", "rmsprop": "RMSprop", "adam": "Adam"}
_LEARNING_RATE = "Learning rate", "Each step subtracts the learning rate times the gradient."


def dataset(help: str = "The data set that the network is trained on.") -> Any:
    return DataChoice.setting("Data", help, "digits", DATASET_LABELS)


def activation(default: str) -> Any:
    labels = {name: activation.label for name, activation in ACTIVATIONS.items()}
    help_ = "The activation function of every hidden layer."
    return Choice.setting("Activation function g", help_, default, labels)


def depth(default: int, high: int = 50) -> Any:
    return Integer.setting("Hidden layers (L − 1)", "Number of hidden layers.", default, 1, high)


def width(default: int) -> Any:
    return Integer.setting("Units per hidden layer", "Number of units in each hidden layer.", default, 1, 512)


def seeds(default: int) -> Any:
    help_ = "How many times each network is trained, each time with other random weights. Charts show the spread."
    return Integer.setting("Random seeds", help_, default, 1, 20)


def steps(default: int, high: int = 2000) -> Any:
    return Integer.setting("Training steps", "Number of weight updates, one batch each.", default, 10, high, step=10)


def seed() -> Any:
    """The base seed: every value gives other draws and other batches."""
    help_ = "Determines the random weights and batches: the same seed repeats a run exactly."
    return Integer.setting("Base seed", help_, 0, 0, 2**32 - 1, typed=True)


def batch_size() -> Any:
    options = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)  # no training set is smaller
    return Scale.setting("Batch size (m)", "Number of examples in one training step.", 64, options)


def dtype() -> Any:
    help_ = "Precision of all numbers: float32 overflows at 3.4·10³⁸, float64 at 1.8·10³⁰⁸."
    return Choice.setting("Number format", help_, "float32", {name: name for name in ("float32", "float64")})


def optimizer(default: str, help: str = "How the gradient becomes a step. Adam needs smaller learning rates.") -> Any:
    return Choice.setting("Optimizer", help, default, OPTIMIZER_LABELS)


def learning_rate(default: float) -> Any:
    return Scale.setting(*_LEARNING_RATE, default, round_numbers(1e-4, 10, 3))


def any_learning_rate(default: float) -> Any:
    return Amount.setting(*_LEARNING_RATE, default, round_numbers(1e-4, 10, 3))


def gain(default: float) -> Any:
    help_ = "Multiplies the initial weights; at 1 they are as drawn."
    return Amount.setting("Gain", help_, default, round_numbers(0.1, 10, 3))


def biases(default: float = 0.0) -> Any:
    help_ = "Standard deviation of the random biases that are added to the initializer's own; 0.2236 is √0.05."
    options = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.2236, 0.5, 1.0, 2.0)
    return Amount.setting("Random biases σ_b", help_, default, options)


def threshold(default: float) -> Any:
    options = round_numbers(0.01, 1000, 3)
    return Amount.setting("Clipping threshold", "Gradients larger than this are clipped.", default, options)


def normalization() -> Any:
    labels = {"none": "none", "batch": "batch normalization", "layer": "layer normalization"}
    help_ = "Of the hidden layers, before their activation. Its scale and shift are trained as well."
    return Choice.setting("Normalization", help_, "none", labels)


def skip() -> Any:
    labels = {"0": "none", "1": "over each layer", "2": "over two layers (residual blocks)"}
    help_ = "Where two hidden layers have the same width, what enters one is added to what leaves it."
    return Choice.setting("Skip connections", help_, "0", labels)


def initializer(default: str) -> Any:
    return Choice.setting("Initializer", "How the weights are drawn before training.", default, INITIALIZER_LABELS)


def initializers(*default: str) -> Any:
    return MultiChoice.setting("Initializers", "The initializers that are compared.", default, INITIALIZER_LABELS)
