"""Stuck losses: the numbers that people ask about, and what each says of a training."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

Cause = Literal["guessing", "certain", "overflow"]

NEAR = 0.005  # relative: what a loss that wavers about a value may be away from it
MOST_CLASSES = 1000
MOST_DECIMALS = 4  # that count: they tell ln 999 from ln 1000, and float32 is certain of them

CAUSES: dict[Cause, str] = {
    "guessing": "Guessing is answering the same for every example. Equal weights, a vanishing signal or gradient, "
    "dead units or an unsuitable learning rate lead there.",
    "certain": "The network is certain and wrong, and the probability of the right class is cut off: weights, inputs "
    "or the learning rate are too large.",
    "overflow": "A number overflowed: weights, inputs, targets or the learning rate are too large. Scale the data, "
    "start from He's law, or clip the gradient.",
}


@dataclass(frozen=True)
class StuckLoss:
    """A value at which losses stay, what it is in words, and what brings a training there."""

    value: float
    meaning: str
    cause: Cause


KNOWN = (
    StuckLoss(math.nan, "not a number", "overflow"),
    StuckLoss(math.inf, "infinite", "overflow"),
    StuckLoss(0.25, "the variance of a fair coin: the squared error of always guessing 0.5 of 0 and 1", "guessing"),
    StuckLoss(
        math.log(2), "ln 2, the entropy of a fair coin: the cross-entropy of guessing between 2 classes", "guessing"
    ),
    *(
        StuckLoss(math.log(k), f"ln {k}: the cross-entropy of guessing, if your data have {k} classes", "guessing")
        for k in range(3, MOST_CLASSES + 1)
    ),
    StuckLoss(
        -math.log(np.finfo(np.float32).smallest_normal),
        "−ln of the smallest normal float32: the probability of the right class has underflowed",
        "certain",
    ),
    StuckLoss(-math.log(1e-7), "−ln 10⁻⁷: Keras cuts probabilities off there", "certain"),
    StuckLoss(-math.log(1e-12), "−ln 10⁻¹²: many losses written by hand cut probabilities off there", "certain"),
    StuckLoss(100.0, "100: PyTorch's BCELoss cuts logarithms off at −100", "certain"),
)


def explain(text: str) -> StuckLoss | None:
    """The one known value near a loss as people type it; None if there is none, or several by its digits.

    ValueError in a plain sentence where the text is no number.
    """
    try:
        loss = float(typed := text.strip().replace(",", ".").replace("∞", "inf").replace("−", "-"))
    except ValueError:
        raise ValueError("Enter a loss as a number, such as 2.3026, or NaN.") from None
    if not math.isfinite(loss):
        return KNOWN[1] if math.isinf(loss) else KNOWN[0]
    rounding = 0.5 / 10 ** min(len(typed.partition(".")[2]), MOST_DECIMALS)
    near = [known for known in KNOWN[2:] if abs(known.value - loss) <= NEAR * known.value]
    found = [known for known in near if abs(known.value - loss) <= rounding] or near
    return found[0] if len(found) == 1 else None
