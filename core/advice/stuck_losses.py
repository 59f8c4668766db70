"""What a loss that does not move says of a training: numbers that people ask about, and what each of them is."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

Cause = Literal["guessing", "certain", "overflow"]

NEAR = 0.005  # relative: what a loss that wavers about a value may be away from it
MOST_CLASSES = 1000

CAUSES: dict[Cause, str] = {
    "guessing": "The network answers the same for every example: its weights are zero or equal, the signal or the "
    "gradient vanishes on its way, units are dead, or the learning rate is too small or too large.",
    "certain": "The network is wrong and certain of it, so that the probability of the right class is cut off at the "
    "smallest number there is: weights, inputs or the learning rate are too large.",
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
    StuckLoss(0.25, "the variance of a fair coin: the squared error of always answering 0.5 to 0 and 1", "guessing"),
    StuckLoss(
        math.log(2), "ln 2, the entropy of a fair coin: the cross-entropy of guessing between 2 classes", "guessing"
    ),
    *(
        StuckLoss(math.log(k), f"ln {k}: the cross-entropy of guessing among {k} classes", "guessing")
        for k in range(3, MOST_CLASSES + 1)
    ),
    StuckLoss(
        -math.log(np.finfo(np.float32).smallest_normal),
        "−ln of the smallest normal float32: the probability of the right class has underflowed",
        "certain",
    ),
    StuckLoss(-math.log(1e-7), "−ln 10⁻⁷: Keras cuts probabilities off there", "certain"),
)


def explain(text: str) -> StuckLoss | None:
    """The known value nearest to a loss as people type it, NaN and ∞ among them; None where none is near.

    ValueError in a plain sentence where the text is no number.
    """
    try:
        loss = float(text.strip().replace(",", ".").replace("∞", "inf").replace("−", "-"))
    except ValueError:
        raise ValueError("Enter a loss as a number, such as 2.3026, or NaN.") from None
    if not math.isfinite(loss):
        return KNOWN[1] if math.isinf(loss) else KNOWN[0]
    nearest = min(KNOWN[2:], key=lambda known: abs(known.value - loss))
    return nearest if abs(nearest.value - loss) <= NEAR * nearest.value else None
