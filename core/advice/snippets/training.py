"""The code that trains the network as it was measured: scaling, optimizer, rate, clipping; for all but NumPy.

Targets get the shape of the predictions, because (m, 1) beside (m,) would broadcast to (m, m) without a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.advice.snippets.design import Design


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


_USUAL = {"sgd": 0.01, "momentum": 0.01, "rmsprop": 0.001, "adam": 0.001}
_OPTIMIZERS = {
    "PyTorch": {
        "sgd": "torch.optim.SGD(model.parameters(), lr=learning_rate)",
        "momentum": "torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)",
        "rmsprop": "torch.optim.RMSprop(model.parameters(), lr=learning_rate, alpha=0.9)",
        "adam": "torch.optim.Adam(model.parameters(), lr=learning_rate)",
    },
    "Keras": {
        "sgd": "keras.optimizers.SGD(learning_rate)",
        "momentum": "keras.optimizers.SGD(learning_rate, momentum=0.9)",
        "rmsprop": "keras.optimizers.RMSprop(learning_rate, rho=0.9, epsilon=1e-8)",
        "adam": "keras.optimizers.Adam(learning_rate, epsilon=1e-8)",
    },
    "Flax": {
        "sgd": "optax.sgd(learning_rate)",
        "momentum": "optax.sgd(learning_rate, momentum=0.9)",
        "rmsprop": "optax.rmsprop(learning_rate, decay=0.9)",
        "adam": "optax.adam(learning_rate)",
    },
}
_CLIPPED = {  # {call}: an optimizer's, without its last bracket; Keras' clipnorm would clip each tensor by itself
    "PyTorch": "{call})",
    "Keras": "{call}, global_clipnorm={clip})",
    "Flax": "optax.chain(optax.clip_by_global_norm({clip}), {call}))",
}
_LOSSES = {
    "PyTorch": {
        "softmax": "nn.functional.cross_entropy(model(X[rows]), y[rows])",
        "sigmoid": "nn.functional.binary_cross_entropy_with_logits(model(X[rows]), y[rows])",
        "squared": "nn.functional.mse_loss(model(X[rows]), y[rows])",
    },
    "Keras": {
        "softmax": "keras.losses.SparseCategoricalCrossentropy(from_logits=True)",
        "sigmoid": "keras.losses.BinaryCrossentropy(from_logits=True)",
        "squared": "keras.losses.MeanSquaredError()",
    },
    "Flax": {
        "softmax": "optax.softmax_cross_entropy_with_integer_labels(Z, y[rows])",
        "sigmoid": "optax.sigmoid_binary_cross_entropy(Z, y[rows])",
        "squared": "(Z - y[rows]) ** 2",
    },
}
_SCALED = {
    "standardized": "X = (X - X.mean(axis=0)) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1)\n",
    "0 to 1": "X = (X - X.min(axis=0)) / np.where(np.ptp(X, axis=0) > 0, np.ptp(X, axis=0), 1)\n",
    "raw": "",
}
_TARGETS = {
    "softmax": ("rng.integers(0, {n}, 256)", "y = y.reshape(-1).astype(int)  # class numbers from 0\n"),
    "sigmoid": ("rng.integers(0, 2, 256)", "y = y.reshape(-1, 1).astype('float32')  # as many columns as outputs\n"),
    "squared": (
        "rng.standard_normal((256, {n}))",
        "y = y.reshape(len(X), -1).astype('float32')  # as many columns as outputs\n",
    ),
}
_PRIORS = {
    "softmax": "prior = np.log(np.maximum(np.bincount(y, minlength={n}), 0.5) / len(y))  # of each class\n",
    "sigmoid": "ones = np.clip(y.sum(), 0.5, len(y) - 0.5)\nprior = np.log([ones / (len(y) - ones)])  # of class 1\n",
}
_BIASES = {
    "PyTorch": "with torch.no_grad():\n    {output}.bias.copy_(torch.tensor(prior))\n",
    "Keras": "model.layers[-1].bias.assign(prior)\n",
    "Flax": 'parameters[f"Dense_{{len(sizes) - 2}}"]["bias"] = jax.numpy.asarray(prior, "float32")\n',
}
_LOOPS = {
    "PyTorch": """X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y)
optimizer = {optimizer}
for step in range({steps}):
    rows = torch.randint(len(X), ({batch},))
    loss = {loss}
    optimizer.zero_grad()
    loss.backward()
{clipped}    optimizer.step()
{ended}""",
    "Keras": """optimizer = {optimizer}
model.compile(optimizer=optimizer, loss={loss})
model.fit(X, y, batch_size={batch}, epochs=-(-{steps} * {batch} // len(X)), verbose=0)
""",
    "Flax": """X, y = jax.numpy.asarray(X, "float32"), jax.numpy.asarray(y)
optimizer = {optimizer}
state = optimizer.init(parameters)


@jax.jit
def update(parameters, state, rows):
    def loss_of(parameters):
        Z = model.apply({{"params": parameters}}, X[rows])
        return ({loss}).mean()

    loss, gradient = jax.value_and_grad(loss_of)(parameters)
    updates, state = optimizer.update(gradient, state)
    return optax.apply_updates(parameters, updates), state, loss


for step in range({steps}):
    parameters, state, loss = update(parameters, state, rng.integers(0, len(X), {batch}))
""",
}
# Over batches, predictions take running averages, which are no parameters.
_FLAX_AVERAGES = """X, y = jax.numpy.asarray(X, "float32"), jax.numpy.asarray(y)
optimizer = {optimizer}
state = optimizer.init(parameters)


@jax.jit
def update(parameters, averages, state, rows):
    def loss_of(parameters):
        held = {{"params": parameters, "batch_stats": averages}}
        Z, changed = model.apply(held, X[rows], train=True, mutable=["batch_stats"])
        return ({loss}).mean(), changed["batch_stats"]

    (loss, new), gradient = jax.value_and_grad(loss_of, has_aux=True)(parameters)
    updates, state = optimizer.update(gradient, state)
    return optax.apply_updates(parameters, updates), new, state, loss


for step in range({steps}):
    rows = rng.integers(0, len(X), {batch})
    parameters, averages, state, loss = update(parameters, averages, state, rows)
"""


def imports(library: str, code: str) -> str:
    """What the training needs to import and the network's code does not."""
    needed = ["import numpy as np", *(["import optax"] if library == "Flax" else [])]
    return "".join(f"{line}\n" for line in needed if line not in code)


def write(library: str, sizes: tuple[int, ...], loss: str, training: Training, design: Design) -> str:
    """What follows the network's code: data to put one's own in place of, their scaling, and the loop."""
    drawn, shaped = _TARGETS[loss]
    if loss == "squared" and training.target_scaling == "standardized":
        shaped += "y = (y - y.mean(axis=0)) / y.std(axis=0)\n"
    usual = f"{_USUAL[training.optimizer]}  # not measured at this width: search around it"
    rate = f"{training.rate:g}" if training.rate else usual
    optimizer, clipped = _OPTIMIZERS[library][training.optimizer], ""
    if training.clip:
        optimizer = _CLIPPED[library].format(call=optimizer.removesuffix(")"), clip=training.clip)
        clipped = f"    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm={training.clip})\n"
    over_batches = design.normalization == "batch"
    output = "model[-1]" if design.is_plain else "model.linear[-1]"
    bias = _BIASES[library].format(output=output)
    prior = _PRIORS[loss].format(n=sizes[-1]) + bias if training.prior_bias else ""
    loop = (_FLAX_AVERAGES if library == "Flax" and over_batches else _LOOPS[library]).format(
        optimizer=optimizer,
        clipped=clipped,
        loss=_LOSSES[library][loss],
        steps=training.steps,
        batch=training.batch_size,
        ended="model.eval()  # predict by running averages\n" if over_batches else "",
    )
    return f"""
rng = np.random.default_rng()
X = rng.standard_normal((256, {sizes[0]}))  # put your own data here, an example a row
y = {drawn.format(n=sizes[-1])}  # and their targets
{_SCALED[training.scaling]}{shaped}{prior}
learning_rate = {rate}
{loop}"""
