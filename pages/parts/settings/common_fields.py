"""The settings that several pages share: label, range and help text."""

from functools import partial

from core import ACTIVATIONS, INITIALIZERS
from core.datasets import DATASETS
from pages.parts.settings.fields import Amount, Choice, Integer, MultiChoice, Scale, round_numbers

INITIALIZER_LABELS = {name: initializer.label for name, initializer in INITIALIZERS.items()}
DATASET_LABELS = {name: name for name in DATASETS} | {
    "digits": "handwritten digits",
    "xor": "XOR",
    "curve": "curve (regression)",
    "noise": "Gaussian noise",
    "pixels": "digits, pixels 0 to 1",
}
OPTIMIZER_LABELS = {"sgd": "SGD", "momentum": "SGD with momentum", "rmsprop": "RMSprop", "adam": "Adam"}
ACTIVATION_LABELS = {name: activation.label for name, activation in ACTIVATIONS.items()}
NORMALIZATION_LABELS = {"none": "none", "batch": "batch normalization", "layer": "layer normalization"}
SKIP_LABELS = {"0": "none", "1": "over each layer", "2": "over two layers (residual blocks)"}
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)  # no training set is smaller
BIASES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.2236, 0.5, 1.0, 2.0)

_DATA = "The data set that the network is trained on."
_ACTIVATION = "The activation function of every hidden layer."
_NORMALIZATION = "Of the hidden layers, before their activation. Its scale and shift are trained as well."
_SKIP = "Where two hidden layers have the same width, what enters one is added to what leaves it."
_RATE = "Each step subtracts the learning rate times the gradient."
_GAIN = "Multiplies the initial weights; at 1 they are as drawn."
_BIASES = "Standard deviation of the random biases that are added to the initializer's own; 0.2236 is √0.05."
_OPTIMIZER = "How the gradient becomes a step. Adam needs smaller learning rates."
INITIALIZER_KINDS = (
    "“Uniform” ones have the variance of their namesakes. Orthogonal: unrelated directions, all of one length. LSUV: "
    "orthogonal, then each layer is scaled until its outputs on the first batch have variance 1. Defaults: what a "
    "library draws unless told otherwise."
)
_INITIALIZER = f"How the weights are drawn before training. {INITIALIZER_KINDS}"
_INITIALIZERS = f"The initializers that are compared. {INITIALIZER_KINDS}"
_THRESHOLD = "Gradients larger than this are clipped."
_STEPS = "Number of weight updates, one batch each."
_DTYPE = "Precision of all numbers: float32 overflows at 3.4·10³⁸, float64 at 1.8·10³⁰⁸."
_SEEDS = "How many times each network is trained, each time with other random weights. Charts show the spread."
_SEED = "Determines the random weights and batches: the same seed repeats a run exactly."

# Called with what a page adds, most often a default.
dataset = partial(Choice.setting, "Data", _DATA, "digits", DATASET_LABELS, pictured=True)
activation = partial(Choice.setting, "Activation function g", _ACTIVATION, labels=ACTIVATION_LABELS)
depth = partial(Integer.setting, "Hidden layers (L − 1)", "Number of hidden layers.", low=1, high=50)
width = partial(Integer.setting, "Units per hidden layer", "Number of units in each hidden layer.", low=1, high=512)
normalization = partial(Choice.setting, "Normalization", _NORMALIZATION, "none", NORMALIZATION_LABELS)
skip = partial(Choice.setting, "Skip connections", _SKIP, "0", SKIP_LABELS)
initializer = partial(Choice.setting, "Initializer", _INITIALIZER, labels=INITIALIZER_LABELS)
initializers = partial(MultiChoice.setting, "Initializers", _INITIALIZERS, labels=INITIALIZER_LABELS)
gain = partial(Amount.setting, "Gain", _GAIN, options=round_numbers(0.1, 10, 3))
biases = partial(Amount.setting, "Random biases σ_b", _BIASES, options=BIASES)
learning_rate = partial(Scale.setting, "Learning rate", _RATE, options=round_numbers(1e-4, 10, 3))
any_learning_rate = partial(Amount.setting, "Learning rate", _RATE, options=round_numbers(1e-4, 10, 3))
optimizer = partial(Choice.setting, "Optimizer", _OPTIMIZER, labels=OPTIMIZER_LABELS)
threshold = partial(Amount.setting, "Clipping threshold", _THRESHOLD, options=round_numbers(0.01, 1000, 3))
batch_size = partial(Scale.setting, "Batch size (m)", "Number of examples in one training step.", 64, BATCH_SIZES)
steps = partial(Integer.setting, "Training steps", _STEPS, low=10, high=2000, step=10)
seeds = partial(Integer.setting, "Random seeds", _SEEDS, low=1, high=20)
seed = partial(Integer.setting, "Base seed", _SEED, 0, 0, 2**32 - 1, typed=True)
dtype = partial(Choice.setting, "Number format", _DTYPE, "float32", {name: name for name in ("float32", "float64")})
