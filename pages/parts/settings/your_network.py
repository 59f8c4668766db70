"""What Your network is set to, and the question that it asks of the advisor."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core import INITIALIZERS
from core.advice import NOISE, Question
from core.advice.sizes import parse, written
from core.datasets import DATASETS, SCALINGS, Dataset
from core.losses import LOSSES
from pages.parts.settings import common_fields
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import choice, text, toggle

RECOMMENDED = "the recommended one"
OUTPUTS = {loss.output: loss.name for loss in LOSSES.values()}
_FORM = "layer sizes, inputs first and outputs last, such as 784, 512, 512, 10"


@dataclass(frozen=True)
class Upload:
    """A viewer's data, and what they were made of: a file, by its name, its target, and how both were taken."""

    data: Dataset
    file: str
    target: str
    output: str
    scaling: str


@dataclass(frozen=True)
class YourNetwork(Settings):
    prefix = "y"
    sizes: str = text("Layer sizes", _FORM, parse, "64, 48, 48, 48, 48, 10", f"Write {_FORM}.")
    activation: str = common_fields.activation("relu")
    output: str = choice("Output", tuple(OUTPUTS), "softmax", "Of the last layer, with the loss that belongs to it.")
    dataset: str = choice(
        "Data", tuple(DATASETS), "digits", "What it is measured on; noise is unit Gaussian, of your network's size."
    )
    scaling: str = choice("Inputs", SCALINGS, "standardized", "How each input is scaled before it enters.")
    upload: bool = toggle(
        "Use my own data", False, "A CSV file, up to 20 MB. It stays in your session, and in no link."
    )
    code: str = choice(
        "Code for", (RECOMMENDED, *INITIALIZERS), RECOMMENDED, "The initializer that the code below writes."
    )
    seed: int = common_fields.seed()

    def question(self, data: Dataset | None = None) -> tuple[Question, list[str]]:
        """What is asked, and what had to be changed about it: the network's ends and output give way to its data's."""
        sizes, loss = parse(self.sizes), OUTPUTS[self.output]
        said = []
        if data is not None:
            if (sizes[0], sizes[-1]) != (data.inputs, data.outputs):
                fitted = (data.inputs, *sizes[1:-1], data.outputs)
                said.append(f"The ends of the network are those of your data: {written(fitted)}.")
                sizes = fitted
            question = Question(sizes, self.activation, data.loss, data, seed=self.seed)
            return question, said
        if (loss == "softmax") == (sizes[-1] == 1) and loss != "squared":
            other = "sigmoid" if loss == "softmax" else "softmax"
            said.append(
                f"{loss.capitalize()} does not go with {sizes[-1]} output{'s' * (sizes[-1] > 1)}; using {other}."
            )
            loss = other
        return Question(sizes, self.activation, loss, self.dataset or NOISE, self.scaling, self.seed), said

    def with_sizes(self, sizes: tuple[int, ...]) -> YourNetwork:
        """The same question of another network."""
        return replace(self, sizes=", ".join(map(str, sizes)))
