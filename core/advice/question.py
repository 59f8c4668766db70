"""What is asked: a network as its owner writes it, and the data that it is to be measured on."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from core.activations import ACTIVATIONS
from core.clipping import Clip
from core.datasets import DATASETS, SCALINGS, Dataset, assemble, dataset
from core.engine.hidden_layers import skipping_layers
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.settings import MAX_SKIP, NORMALIZATIONS
from core.wording import count_things, join_words

NOISE = "noise"  # the data's name for unit Gaussian noise of the network's own size
NOISE_EXAMPLES, NOISE_TESTS, NOISE_SEED = 2816, 256, 20170813
NOISE_HIDDEN = 16  # tanh units of the network that makes its targets
TARGET_SCALINGS = ("standardized", "raw")  # of a quantity that is predicted
IMBALANCE = 2  # times the examples of another class

LONGEST_TEXT = 1000  # characters
MAX_LAYERS = 64  # hidden ones
MAX_SIZE, MAX_OUTPUTS = 65_536, 1024

_REPEATED = re.compile(r"[\[(]([\d\s,]+)[\])]\s*\*\s*(\d{1,3})")
_BETWEEN = re.compile(r"[\s,;:+xX×/|→=>–—_\-\[\](){}]+")


def parse_sizes(text: str) -> tuple[int, ...]:
    """n_0 … n_L from a text; ValueError in a plain sentence where it holds anything else."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"Layer sizes take at most {LONGEST_TEXT} characters; these are {len(text)}.")
    spelled = _REPEATED.sub(lambda found: " ".join([found[1]] * min(int(found[2]), MAX_LAYERS + 3)), text)
    words = [word for word in _BETWEEN.split(spelled) if word]
    strange = next((word for word in words if not re.fullmatch("[0-9]{1,9}", word)), None)
    if strange is not None:
        quoted = "".join(c for c in strange[:20] if c.isprintable() and c != "`")
        raise ValueError(f"`{quoted}` is not a layer size; write whole numbers, such as 784, 512, 512, 10.")
    return check_sizes(int(word) for word in words)


def check_sizes(sizes: Iterable[int]) -> tuple[int, ...]:
    """The sizes themselves, where they make a network: inputs, up to 64 hidden layers, outputs."""
    found = tuple(sizes)
    if len(found) < 2:
        raise ValueError("A network has at least two sizes, its inputs and its outputs, such as 784, 10.")
    if len(found) > MAX_LAYERS + 2:
        raise ValueError(f"A network has at most {MAX_LAYERS} hidden layers here; this one has {len(found) - 2}.")
    wrong = next((n for n in found if not 1 <= n <= MAX_SIZE), None)
    if wrong is not None:
        raise ValueError(f"A layer has from 1 to {MAX_SIZE:,} units here; one of these has {wrong:,}.")
    if found[-1] > MAX_OUTPUTS:
        raise ValueError(f"A network has at most {MAX_OUTPUTS:,} outputs here; this one has {found[-1]:,}.")
    return found


def format_sizes(sizes: Sequence[int]) -> str:
    """784 → 512 → 512 → 10; a run of equal hidden layers is written once: 64 → 5 × 128 → 10."""
    runs = [(n, len(list(alike))) for n, alike in groupby(sizes[1:-1])]
    hidden = [f"{count} × {n}" if count > 2 else " → ".join([str(n)] * count) for n, count in runs]
    return " → ".join([str(sizes[0]), *hidden, str(sizes[-1])])


@functools.lru_cache(maxsize=4)
def gaussian(inputs: int, outputs: int, loss: str, scaling: str = "standardized") -> Dataset:
    """Unit Gaussian noise with targets that can be learned: the outputs of a random network.

    Y is the largest of them, the sign of the one, or for `squared` they are standardized. Random labels could only
    be learned by heart.
    """
    rng = np.random.default_rng([NOISE_SEED, inputs, outputs])
    X = rng.standard_normal((NOISE_EXAMPLES, inputs))
    hidden = np.tanh(X @ rng.standard_normal((inputs, NOISE_HIDDEN)) / np.sqrt(inputs))
    scores = hidden @ rng.standard_normal((NOISE_HIDDEN, outputs))
    if loss == "softmax":
        Y = np.eye(outputs)[(scores / scores.std(axis=0)).argmax(axis=1)]
    elif loss == "sigmoid":
        Y = (scores > np.median(scores)).astype(float)
    else:
        Y = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    return assemble("gaussian", "unit Gaussian noise", loss, X, Y, NOISE_TESTS, scaling)


def is_imbalanced(data: Dataset) -> bool:
    """Whether one class has at least twice the training examples of another."""
    counts = data.Y_train.sum(axis=0)
    if data.loss == "sigmoid":
        counts = np.append(counts, len(data.Y_train) - counts)
    return data.loss != "squared" and bool(counts.max() >= IMBALANCE * counts.min())


@dataclass(frozen=True)
class Question:
    """A network and its data. Frozen and hashable; bad values raise ValueError in a plain sentence."""

    sizes: tuple[int, ...]  # n_0 … n_L
    activation: str = "relu"  # a name in ACTIVATIONS
    loss: str = "softmax"  # a name in LOSSES
    data: str | Dataset = NOISE  # a name in DATASETS, or one's own, of the sizes of the network's ends
    scaling: str = "standardized"  # one of SCALINGS, of bundled data and noise; one's own come scaled
    target_scaling: str = "standardized"  # or raw: how a quantity as one's own target came scaled
    optimizer: str = "adam"  # a name in OPTIMIZERS
    clip: Clip | None = None  # of every gradient, by the norm of all layers together
    prior_bias: bool = False  # whether the output's biases start at the prior of imbalanced classes
    seed: int = 0
    normalization: str = "none"  # one of NORMALIZATIONS, of the hidden layers, before their activation
    skip: int = 0  # layers that a skip connection passes by, 0 to MAX_SKIP; only between layers of one width

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", check_sizes(self.sizes))
        for name, value, allowed in (
            ("activation", self.activation, ACTIVATIONS),
            ("output", self.loss, LOSSES),
            ("scaling of the input", self.scaling, SCALINGS),
            ("scaling of the target", self.target_scaling, TARGET_SCALINGS),
            ("optimizer", self.optimizer, OPTIMIZERS),
            ("normalization", self.normalization, NORMALIZATIONS),
        ):
            if value not in allowed:
                raise ValueError(f"The {name} is {value!r}; allowed: {', '.join(allowed)}.")
        if self.skip not in range(MAX_SKIP + 1):
            raise ValueError(f"A skip is over {self.skip} layers; allowed: 0 to {MAX_SKIP}.")
        if self.clip and self.clip.kind != "norm":
            raise ValueError(f"The gradient is clipped by {self.clip.kind}; allowed: norm, of all layers together.")
        if self.prior_bias and not (isinstance(self.data, Dataset) and is_imbalanced(self.data)):
            raise ValueError(
                "The output bias can start at the class prior where a class of your own data has at least "
                f"{IMBALANCE} times the rows of another, and nowhere else."
            )
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"The seed is {self.seed}; allowed: a whole number from 0 to {2**32 - 1}.")
        if isinstance(self.data, Dataset):
            data, ends = self.data, (self.sizes[0], self.sizes[-1], self.loss)
            if ends != (data.inputs, data.outputs, data.loss):
                raise ValueError(
                    f"The data have {data.inputs} inputs and {data.outputs} {LOSSES[data.loss].output} outputs; "
                    f"the network has {ends[0]} and {ends[1]} {LOSSES[self.loss].output}."
                )
        elif self.data not in DATASETS:
            raise ValueError(f"The data are {self.data!r}; allowed: {', '.join(DATASETS)}.")
        if self.loss == "softmax" and self.sizes[-1] == 1:
            raise ValueError("A softmax of one output is always 1: take two outputs or more, or sigmoid.")
        if self.loss == "sigmoid" and self.sizes[-1] > 1:
            raise ValueError(f"A sigmoid output is one unit here, not {self.sizes[-1]}: take softmax for more classes.")

    @property
    def on_noise(self) -> bool:
        """Whether it is measured on Gaussian noise: as asked, or because the bundled data do not fit."""
        return self.data == NOISE or bool(self.misfit)

    @functools.cached_property
    def misfit(self) -> str:
        """Why the bundled data cannot be used for this network; empty where they can."""
        if isinstance(self.data, Dataset) or self.data == NOISE:
            return ""
        data = dataset(self.data, self.scaling)
        if (data.inputs, data.outputs, data.loss) == (self.sizes[0], self.sizes[-1], self.loss):
            return ""
        outputs = count_things(data.outputs, f"{LOSSES[data.loss].output} output")
        return f"the data {self.data} have {count_things(data.inputs, 'input')} and {outputs}"

    def data_for(self, inputs: int) -> Dataset:
        """What it is measured on; `inputs` counts for noise alone, which can be made of any size."""
        if self.on_noise:
            return gaussian(inputs, self.sizes[-1], self.loss, self.scaling)
        return dataset(self.data, self.scaling)

    @property
    def is_plain(self) -> bool:
        """Whether the network is its products and activations alone."""
        return self.normalization == "none" and not self.skip

    @property
    def skip_note(self) -> str:
        """Which layers have no skip connection because widths differ; empty without such layers."""
        candidates = range(self.skip + 1, len(self.sizes) - 1, self.skip) if self.skip else ()
        missing = sorted({*candidates} - {*skipping_layers(self.sizes, self.skip)})
        if not missing:
            return ""
        layers = f"layer{'s' * (len(missing) > 1)} {join_words([str(layer) for layer in missing])}"
        return f"A skip connection joins layers of the same width: {layers} of this network has none."

    @property
    def described(self) -> str:
        """784 – 512 – 10, ReLU, softmax; then batch normalization and skips, if any."""
        network = [format_sizes(self.sizes), ACTIVATIONS[self.activation].label, LOSSES[self.loss].output]
        normalized = [f"{self.normalization} normalization"] * (self.normalization != "none")
        skips = [f"skips over {count_things(self.skip, 'layer')}"] * bool(self.skip)
        return ", ".join([*network, *normalized, *skips])
