"""The code that trains the network as it was measured: scaling, optimizer, rate, clipping; for all but NumPy.

Targets get the shape of the predictions, because (m, 1) beside (m,) would broadcast to (m, m) without a word.
"""

from dataclasses import dataclass

from core.advice.snippets.design import Design, read_words


@dataclass(frozen=True)
class Training:
    """How a network was trained; `rate` is None where none was measured, as on narrower layers."""

    optimizer: str  # a name in OPTIMIZERS
    rate: float | None
    scaling: str  # one of SCALINGS, of the inputs
    target_scaling: str  # one of TARGET_SCALINGS
    clip: float | None  # the largest norm of the whole gradient, or none
    prior_bias: bool  # whether the output's biases start at the class prior
    batch_size: int
    steps: int


_WORDS = read_words("training")


def imports(library: str, code: str) -> str:
    """What the training needs to import and the network's code does not."""
    needed = ["import numpy as np", *(["import optax"] if library == "Flax" else [])]
    return "".join(f"{line}\n" for line in needed if line not in code)


def write(library: str, sizes: tuple[int, ...], loss: str, training: Training, design: Design) -> str:
    """What follows the network's code: data to put one's own in place of, their scaling, and the loop."""
    drawn, shaped = _WORDS["targets"][loss]
    if loss == "squared" and training.target_scaling == "standardized":
        shaped += "y = (y - y.mean(axis=0)) / y.std(axis=0)\n"
    usual = f"{_WORDS['usual_rates'][training.optimizer]}  # not measured at this width: search around it"
    rate = f"{training.rate:g}" if training.rate else usual
    optimizer, clipped = _WORDS["optimizers"][library][training.optimizer], ""
    if training.clip:
        optimizer = _WORDS["clipped"][library].format(call=optimizer.removesuffix(")"), clip=training.clip)
        clipped = f"    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={training.clip})\n"
    over_batches = design.normalization == "batch"
    output = "model[-1]" if design.is_plain else "model.linear[-1]"
    bias = _WORDS["biases"][library].format(output=output)
    prior = _WORDS["priors"][loss].format(n=sizes[-1]) + bias if training.prior_bias else ""
    loop = _WORDS["loops"]["Flax, averages" if library == "Flax" and over_batches else library].format(
        optimizer=optimizer,
        clipped=clipped,
        loss=_WORDS["losses"][library][loss],
        steps=training.steps,
        batch=training.batch_size,
        ended="model.eval()  # predict by running averages\n" if over_batches else "",
    )
    return f"""
rng = np.random.default_rng()
X = rng.standard_normal((256, {sizes[0]}))  # put your own data here, an example a row
y = {drawn.format(n=sizes[-1])}  # and their targets
{_WORDS["scaled"][training.scaling]}{shaped}{prior}
learning_rate = {rate}
{loop}"""
