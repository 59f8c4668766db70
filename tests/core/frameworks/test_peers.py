"""Peers: training follows JAX and optax step for step, and weights follow the laws that other libraries draw by."""

import os
from functools import cache
from itertools import combinations, pairwise

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from core import Clip, Experiment, Variant, run
from core.advice.library_names import NAMES
from core.datasets import dataset
from core.engine.draws import batch_indices, starting_parameters
from core.initializers import INITIALIZERS
from core.optimizers import OPTIMIZERS

jax.config.update("jax_enable_x64", True)

STEPS = 50
DATA = {"softmax": "digits", "sigmoid": "moons", "squared": "curve"}
LOSSES = {  # of Z and Y, examples in rows
    "softmax": lambda Z, Y: optax.softmax_cross_entropy(Z, Y).mean(),
    "sigmoid": lambda Z, Y: optax.sigmoid_binary_cross_entropy(Z, Y).mean(),
    "squared": lambda Z, Y: optax.squared_error(Z, Y).mean(),
}
RATES = {"sgd": 0.05, "momentum": 0.02, "rmsprop": 0.01, "adam": 0.02}
DIRECTIONS = {
    "sgd": optax.identity(),
    "momentum": optax.trace(decay=0.9),
    "rmsprop": optax.scale_by_rms(decay=0.9, eps=1e-8, eps_in_sqrt=False, initial_scale=0.0),
    "adam": optax.scale_by_adam(b1=0.9, b2=0.999, eps=1e-8),
}


def by_layer(threshold):
    """optax clips a tree as one; each layer, W and b together, is a tree of its own."""
    whole = optax.clip_by_global_norm(threshold)

    def update(layers, state, parameters=None):
        return [whole.update(layer, whole.init(layer))[0] for layer in layers], state

    return optax.GradientTransformation(lambda parameters: optax.EmptyState(), update)


CLIPS = {
    "none": (None, optax.identity()),
    "norm": (Clip("norm", 0.3), optax.clip_by_global_norm(0.3)),
    "layer_norm": (Clip("layer_norm", 0.2), by_layer(0.2)),
    "value": (Clip("value", 0.01), optax.clip(0.01)),
}


@cache
def loss_and_gradient(sizes, name):
    """Of the layers' flat parameters and a batch, compiled once for all that train by this loss."""

    def loss(layers, X, Y):
        A = X
        for layer, ((k, n), theta) in enumerate(zip(pairwise(sizes), layers, strict=True)):
            theta = theta.reshape(n, k + 1)  # the biases are each unit's last column
            Z = A @ theta[:, :-1].T + theta[:, -1]
            A = Z if layer == len(sizes) - 2 else jnp.tanh(Z)
        return LOSSES[name](A, Y)

    return jax.jit(jax.value_and_grad(loss))


def losses_of_jax(experiment, index):
    """The loss before each step of one run (steps,)."""
    variant, data = experiment.variants[0], dataset(experiment.dataset)
    _, clip = next(pair for pair in CLIPS.values() if pair[0] == variant.clip)
    optimizer = optax.chain(clip, DIRECTIONS[experiment.optimizer], optax.scale(-variant.learning_rate))

    @jax.jit
    def update(layers, state, gradient):
        updates, state = optimizer.update(gradient, state, layers)
        return optax.apply_updates(layers, updates), state

    ends = np.cumsum([n * (k + 1) for k, n in pairwise(experiment.sizes)])
    layers = [jnp.array(theta) for theta in np.split(starting_parameters(experiment, variant, index), ends[:-1])]
    state, values = optimizer.init(layers), []
    for batch in batch_indices((experiment.seed, index), len(data.X_train), experiment.batch_size, experiment.steps):
        evaluate = loss_and_gradient(experiment.sizes, data.loss)
        value, gradient = evaluate(layers, data.X_train[batch], data.Y_train[batch])
        layers, state = update(layers, state, gradient)
        values.append(float(value))
    return np.array(values)


# Every optimizer with two clippings, every clipping with two optimizers, and all losses: neither knows of the other.
COMBINED = [
    (optimizer, kind, [*LOSSES][(i + j) % len(LOSSES)])
    for i, optimizer in enumerate(OPTIMIZERS)
    for j, kind in enumerate(CLIPS)
    if (i + j) % 2 == 0
]


@pytest.mark.parametrize(("optimizer", "kind", "loss"), COMBINED)
def test_fifty_steps_are_those_of_jax_and_optax(optimizer, kind, loss):
    clip, _ = CLIPS[kind]
    experiment = Experiment(
        DATA[loss],
        (16, 16),
        "tanh",
        (Variant("glorot", gain=1.5, bias_std=0.1, learning_rate=RATES[optimizer], clip=clip),),
        seeds=1,
        steps=STEPS,
        batch_size=32,
        optimizer=optimizer,
        dtype="float64",
    )
    result = run(experiment)
    seen = result.loss[0, 0]
    np.testing.assert_allclose(seen, losses_of_jax(experiment, 0), rtol=1e-9)
    assert seen[-10:].mean() < 0.9 * seen[:10].mean()
    clipped = (result.applied_norm[0, 0] < result.gradient_norm[0, 0] * (1 - 1e-9)).mean()
    assert clipped == 0 if clip is None else clipped > 0.2


FANS = ((200, 500), (500, 200))
TOLERANCE = 4 / np.sqrt(2 * 200 * 500)  # four standard errors of a normal sample's std, relative; others have less
LARGEST_TRUNCATED = 2 / 0.87962566  # in units of the std: a normal cut at 2 of its own has 0.8796 of it left


def of_jax(name):
    def draw(fan_in, fan_out):
        return getattr(jax.nn.initializers, name)()(jax.random.key(0), (fan_in, fan_out)).T

    return draw


def of_keras(name):
    def draw(fan_in, fan_out):
        return np.asarray(getattr(keras().initializers, name)(seed=0)((fan_in, fan_out))).T

    return draw


def of_torch(name, **settings):
    def draw(fan_in, fan_out):
        torch = pytest.importorskip("torch")
        torch.set_num_threads(1)  # the tests share the cores
        generator = torch.Generator().manual_seed(0)
        return getattr(torch.nn.init, name)(torch.empty(fan_out, fan_in), generator=generator, **settings).numpy()

    return draw


def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras")


def keras_layer(fan_in, fan_out):
    """W (fan_out, fan_in) and b of a fresh layer."""
    keras().utils.set_random_seed(0)
    layer = keras().layers.Dense(fan_out)
    layer.build((None, fan_in))
    return np.asarray(layer.kernel).T, np.asarray(layer.bias)


def torch_layer(fan_in, fan_out):
    torch = pytest.importorskip("torch")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        layer = torch.nn.Linear(fan_in, fan_out)
    return layer.weight.detach().numpy(), layer.bias.detach().numpy()


def sklearn_layer(fan_in, fan_out, activation="relu"):
    """After one step too small to be seen."""
    from sklearn.neural_network import MLPClassifier  # takes long, and only one of the processes needs it

    network = MLPClassifier((fan_out,), activation, solver="sgd", learning_rate_init=1e-12, random_state=0)
    network.partial_fit(np.eye(2, fan_in), [0, 1], classes=[0, 1])
    return network.coefs_[0].T, network.intercepts_[0]


def sklearn_logistic_layer(fan_in, fan_out):
    return sklearn_layer(fan_in, fan_out, "logistic")


LINEAR = {"nonlinearity": "linear"}
RELU = {"nonlinearity": "relu"}
NORMAL = {
    ("he", "JAX"): of_jax("he_normal"),
    ("he", "Keras"): of_keras("HeNormal"),
    ("he", "PyTorch"): of_torch("kaiming_normal_", **RELU),
    ("xavier", "JAX"): of_jax("lecun_normal"),
    ("xavier", "Keras"): of_keras("LecunNormal"),
    ("xavier", "PyTorch"): of_torch("kaiming_normal_", **LINEAR),
    ("glorot", "JAX"): of_jax("glorot_normal"),
    ("glorot", "Keras"): of_keras("GlorotNormal"),
    ("glorot", "PyTorch"): of_torch("xavier_normal_"),
}
UNIFORM = {
    ("he_uniform", "JAX"): of_jax("he_uniform"),
    ("he_uniform", "Keras"): of_keras("HeUniform"),
    ("he_uniform", "PyTorch"): of_torch("kaiming_uniform_", **RELU),
    ("xavier_uniform", "JAX"): of_jax("lecun_uniform"),
    ("xavier_uniform", "Keras"): of_keras("LecunUniform"),
    ("xavier_uniform", "PyTorch"): of_torch("kaiming_uniform_", **LINEAR),
    ("glorot_uniform", "JAX"): of_jax("glorot_uniform"),
    ("glorot_uniform", "Keras"): of_keras("GlorotUniform"),
    ("glorot_uniform", "PyTorch"): of_torch("xavier_uniform_"),
}
ORTHOGONAL = {
    ("orthogonal", "JAX"): of_jax("orthogonal"),
    ("orthogonal", "Keras"): of_keras("Orthogonal"),
    ("orthogonal", "PyTorch"): of_torch("orthogonal_"),
}
LAYERS = {
    ("pytorch_default", "relu"): torch_layer,
    ("keras_default", "relu"): keras_layer,
    ("sklearn_default", "relu"): sklearn_layer,
    ("sklearn_default", "sigmoid"): sklearn_logistic_layer,
}
PEERS = {**NORMAL, **UNIFORM, **ORTHOGONAL}
BY_LIBRARY = {"JAX / Flax": of_jax, "Keras": of_keras, "PyTorch": of_torch}  # Caffe is not to be had as a package
ALIASES = [  # those that need no arguments
    (name.initializer, name.library, function)
    for name in NAMES
    if name.library in BY_LIBRARY and name.initializer in {law for law, _ in PEERS}
    for function in name.written.split(", ")
    if function.isidentifier()
]


@cache
def drawn(pair, fans):
    return np.asarray(PEERS[pair](*fans), float)


def each(pairs):
    return pytest.mark.parametrize("pair", pairs, ids="-".join)


unequal_fans = pytest.mark.parametrize("fans", FANS, ids=str)


@each(PEERS)
def test_a_peer_draws_by_the_same_variance_law_in_the_same_orientation(pair):
    """One pair of unequal fans tells the two apart; JAX compiles each shape anew."""
    fans = FANS[0]
    W, ours = drawn(pair, fans), INITIALIZERS[pair[0]]
    assert W.shape == ours.draw(np.random.default_rng(0), *fans).shape
    assert W.std() == pytest.approx(ours.std(*fans), rel=TOLERANCE)


@pytest.mark.parametrize(("name", "library", "function"), ALIASES)
def test_the_names_given_for_a_law_in_other_libraries_are_theirs_for_it(name, library, function):
    W = BY_LIBRARY[library](function)(*FANS[0])
    assert np.std(W, dtype=float) == pytest.approx(INITIALIZERS[name].std(*FANS[0]), rel=TOLERANCE)


@unequal_fans
def test_the_tolerance_tells_the_laws_and_the_orientations_apart(fans):
    stds = [INITIALIZERS[name].std(*f) for name in ("he", "xavier") for f in (fans, fans[::-1])]
    stds += [INITIALIZERS[name].std(*fans) for name in ("glorot", "orthogonal", "pytorch_default")]
    apart = {round(std, 12) for std in stds}
    assert len(apart) >= 6  # the smaller law of an orthogonal start is Xavier's
    for a, b in combinations(apart, 2):
        assert abs(a - b) > 2 * TOLERANCE * max(a, b)


@each(UNIFORM)
def test_a_peers_uniform_draws_fill_the_same_bounds(pair):
    fans = FANS[0]
    largest, bound = np.abs(drawn(pair, fans)).max(), np.sqrt(3) * INITIALIZERS[pair[0]].std(*fans)
    assert 0.999 * bound < largest <= bound * (1 + 1e-6)


@each(NORMAL)
def test_normal_draws_have_tails_but_in_jax_and_keras(pair):
    """Theirs are truncated, and stretched to the variance that the law says."""
    fans = FANS[0]
    largest = np.abs(drawn(pair, fans)).max() / INITIALIZERS[pair[0]].std(*fans)
    ours = np.abs(INITIALIZERS[pair[0]].draw(np.random.default_rng(0), *fans)).max() / INITIALIZERS[pair[0]].std(*fans)
    assert ours > 4
    if pair[1] == "PyTorch":
        assert largest > 4
    else:
        assert 0.99 * LARGEST_TRUNCATED < largest < 1.001 * LARGEST_TRUNCATED


@unequal_fans
@each(ORTHOGONAL)
def test_a_peers_orthogonal_draws_are_orthonormal_the_same_way_round(pair, fans):
    for W in (drawn(pair, fans), INITIALIZERS["orthogonal"].draw(np.random.default_rng(0), *fans)):
        gram = W @ W.T if fans[1] < fans[0] else W.T @ W
        np.testing.assert_allclose(gram, np.eye(200), rtol=0, atol=1e-5)


@unequal_fans
@each(LAYERS)
def test_the_layer_of_a_framework_starts_by_its_default_law(pair, fans):
    """Weights and biases, by their spread and by their bounds."""
    name, activation = pair
    (W, b), ours = LAYERS[pair](*fans), INITIALIZERS[name]
    bound = np.sqrt(3) * ours.std(*fans, activation)
    assert W.shape == fans[::-1]
    assert W.std() == pytest.approx(ours.std(*fans, activation), rel=TOLERANCE)
    assert 0.999 * bound < np.abs(W).max() <= bound * (1 + 1e-6)
    if ours.bias_variance is None:
        assert not b.any()
    else:
        bound = np.sqrt(3 * ours.bias_variance(*fans, activation))
        assert 0.95 * bound < np.abs(b).max() <= bound * (1 + 1e-6)
