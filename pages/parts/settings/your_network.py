"""Settings of Your network, and the question that they put to `core.advice`."""

from dataclasses import dataclass

from core.advice import Question
from core.advice.question import TARGET_SCALINGS, format_sizes, is_imbalanced, parse_sizes
from core.clipping import Clip
from core.datasets import SCALINGS, Dataset
from core.losses import LOSSES
from pages.parts.settings import common_fields
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import Choice, Text, Toggle, TypedNumber, read_number

RECOMMENDED = "the recommended one"
OUTPUTS = {loss.output: loss.name for loss in LOSSES.values()}
SCALING_LABELS = {scaling: scaling for scaling in SCALINGS} | {"raw": "unscaled"}
_FORM = "layer sizes, inputs first and outputs last, such as 784, 512, 512, 10"


@dataclass(frozen=True)
class Upload:
    """A viewer's data, the name of their file, and how its columns were taken."""

    data: Dataset
    file: str
    has_names: bool
    target: str
    output: str
    left_out: tuple[str, ...]
    scaling: str
    target_scaling: str


@dataclass(frozen=True)
class YourNetwork(Settings):
    prefix = "y"
    sizes: str = Text.setting("Layer sizes", f"Enter {_FORM}.", "64, 48, 48, 48, 48, 10", _FORM, parse_sizes)
    activation: str = common_fields.activation("relu")
    output: str = Choice.setting(
        "Output layer",
        "Activation of the last layer. Softmax and sigmoid are trained with cross-entropy, linear with squared error.",
        "softmax",
        {output: output for output in OUTPUTS},
    )
    dataset: str = Choice.setting(
        "Data",
        "The data set that initializers are compared on. Gaussian noise takes the size of your network's input.",
        "digits",
        common_fields.DATASET_LABELS,
        pictured=True,
    )
    scaling: str = Choice.setting("Input scaling", "How each input feature is scaled.", "standardized", SCALING_LABELS)
    target_scaling: str = Choice.setting(
        "Target scaling",
        "How a quantity that is predicted is scaled, in your own data.",
        "standardized",
        {name: SCALING_LABELS[name] for name in TARGET_SCALINGS},
    )
    upload: bool = Toggle.setting(
        "Use my own data", "A CSV file of up to 20 MB. It stays in your session; links do not contain it.", False
    )
    code: str = Choice.setting(
        "Code for",
        "The initializer that the code on this page uses.",
        RECOMMENDED,
        {RECOMMENDED: "recommended initializer"} | common_fields.INITIALIZER_LABELS,
    )
    optimizer: str = Choice.setting(
        "Optimizer", "Learning rates are searched for each optimizer.", "adam", common_fields.OPTIMIZER_LABELS
    )
    clip: str = TypedNumber.setting(
        "Clip gradients at norm", "The largest norm of all gradients together; at 0 they are not clipped.", "0", 0, 1000
    )
    prior_bias: bool = Toggle.setting(
        "Output bias from the class prior",
        "Starts the output's biases at the log of each class's share, and measures what that gains. For your own data "
        "with imbalanced classes.",
        False,
    )
    normalization: str = common_fields.normalization()
    skip: str = common_fields.skip()
    seed: int = common_fields.seed()

    def question(self, data: Dataset | None = None) -> tuple[Question, list[str]]:
        """It, and a sentence for each change: sizes and output follow the data."""
        sizes, loss, threshold = parse_sizes(self.sizes), OUTPUTS[self.output], read_number(self.clip)
        clip = Clip("norm", threshold) if threshold else None
        has_prior = self.prior_bias and data is not None and is_imbalanced(data)
        trained = self.optimizer, clip, has_prior, self.seed, self.normalization, int(self.skip)
        source, target_scaling, changes = self.dataset, "standardized", []
        if self.prior_bias and not has_prior:
            changes.append("The output bias is not changed: no class of your own data has twice the rows of another.")
        if data is not None:
            source, loss, target_scaling = data, data.loss, self.target_scaling
            if (sizes[0], sizes[-1]) != (data.inputs, data.outputs):
                sizes = (data.inputs, *sizes[1:-1], data.outputs)
                changes.append(f"The first and last layer have the size of your data: {format_sizes(sizes)}.")
        elif (loss == "softmax") == (sizes[-1] == 1) and loss != "squared":
            other = "sigmoid" if loss == "softmax" else "softmax"
            changes.append(
                f"{loss.capitalize()} does not go with {sizes[-1]} output{'s' * (sizes[-1] > 1)}; using {other}."
            )
            loss = other
        question = Question(sizes, self.activation, loss, source, self.scaling, target_scaling, *trained)
        return question, [*changes, *filter(None, [question.skip_note])]
