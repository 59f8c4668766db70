"""The code that starts a network so, and trains it as it was measured."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from core.advice.network_code import write_flax, write_keras, write_numpy, write_torch
from core.advice.question import Question

LIBRARIES: Mapping[str, Callable[[str, Question], str]] = {
    "PyTorch": write_torch,
    "Keras": write_keras,
    "Flax": write_flax,
    "NumPy": write_numpy,
}
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def snippet(
    library: str, initializer: str, question: Question, steps: int = 0, batch_size: int = 32, rate: float | None = None
) -> str:
    """Python that makes the network of a question and draws its weights and biases by the initializer's law.

    `library` is one of LIBRARIES, `initializer` a name in INITIALIZERS. LSUV's code fits weights to Gaussian noise,
    for its reader to replace. With `steps`, all but NumPy's goes on to train; a `rate` that is None was not measured.
    """
    code = LIBRARIES[library](initializer, question)
    if not steps or library == "NumPy":
        return code
    needed = ["import numpy as np\n", *(["import optax\n"] if library == "Flax" else [])]
    imports = "".join(line for line in needed if line not in code)
    return imports + code + _write_training(library, question, steps, batch_size, rate)


def _write_training(library: str, question: Question, steps: int, batch_size: int, rate: float | None) -> str:
    # Targets get the shape of the predictions: (m, 1) beside (m,) would broadcast to (m, m).
    drawn, shaped = _WORDS["targets"][question.loss]
    if question.loss == "squared" and question.target_scaling == "standardized":
        shaped += "y = (y - y.mean(axis=0)) / y.std(axis=0)\n"
    usual = f"{_WORDS['usual_rates'][question.optimizer]}  # not measured at this width: search around it"
    optimizer, clipped, prior = _WORDS["optimizers"][library][question.optimizer], "", ""
    if question.clip:
        limit = question.clip.threshold
        optimizer = _WORDS["clipped"][library].format(call=optimizer.removesuffix(")"), clip=limit)
        clipped = f"    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={limit})\n"
    if question.prior_bias:
        output = "model[-1]" if question.is_plain else "model.linear[-1]"
        prior = _WORDS["priors"][question.loss].format(n=question.sizes[-1])
        prior += _WORDS["biases"][library].format(output=output)
    over_batches = question.normalization == "batch"
    loop = _WORDS["loops"]["Flax, averages" if library == "Flax" and over_batches else library].format(
        optimizer=optimizer,
        clipped=clipped,
        loss=_WORDS["losses"][library][question.loss],
        steps=steps,
        batch=batch_size,
        ended="model.eval()  # predict by running averages\n" if over_batches else "",
    )
    return f"""
rng = np.random.default_rng()
X = rng.standard_normal((256, {question.sizes[0]}))  # put your own data here, an example a row
y = {drawn.format(n=question.sizes[-1])}  # and their targets
{_WORDS["scaled"][question.scaling]}{shaped}{prior}
learning_rate = {f"{rate:g}" if rate else usual}
{loop}"""
