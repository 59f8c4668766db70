"""The advice's code: every snippet runs, and draws what its law says, layer by layer, weights and biases."""

import os
from functools import cache
from itertools import cycle, pairwise

import numpy as np
import pytest

from core import ACTIVATIONS, INITIALIZERS
from core.advice import Question
from core.advice.snippets import LIBRARIES, snippet
from core.clipping import Clip
from core.datasets import SCALINGS, assemble
from core.engine.hidden_layers import HiddenLayers
from core.engine.network import Network, parameter_slices, parameter_views, scale_views
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS

os.environ.setdefault("KERAS_BACKEND", "jax")
NEEDED = {"PyTorch": "torch", "Keras": "keras", "Flax": "flax", "NumPy": "numpy"}
SIZES = (300, 200, 300, 200)  # unequal fans, and few shapes: JAX compiles each anew


def imbalanced(sizes, loss):
    """Data of these ends, of which each class but the last is rare."""
    classes = np.minimum(np.arange(400), max(sizes[-1], 2) - 1)
    Y = np.eye(sizes[-1])[classes] if loss == "softmax" else classes[:, None]
    return assemble("own", "own", loss, np.random.default_rng(0).normal(size=(400, sizes[0])), Y, 80)


def executed(library, initializer, sizes=SIZES, activation="tanh"):
    """[(W (n_out, n_in), b (n_out,)), …] as the snippet leaves them, and all names it leaves."""
    module = pytest.importorskip(NEEDED[library], reason=f"{NEEDED[library]} is not installed")
    if library == "PyTorch":
        module.set_num_threads(1)  # the tests share the cores
    names = {}
    exec(snippet(library, initializer, Question(sizes, activation)), names)
    return [(np.asarray(W, dtype=float), np.asarray(b, dtype=float).ravel()) for W, b in READ[library](names)], names


def of_torch(names):
    linear = [layer for layer in names["model"].modules() if layer.__class__.__name__ == "Linear"]
    return [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in linear]


def of_keras(names):
    dense = [layer for layer in names["model"].layers if hasattr(layer, "kernel")]
    return [(np.asarray(layer.kernel.value).T, np.asarray(layer.bias.value)) for layer in dense]


def of_flax(names):
    layers = [names["parameters"][f"Dense_{i}"] for i in range(len(names["sizes"]) - 1)]
    return [(np.array(layer["kernel"]).T, np.array(layer["bias"])) for layer in layers]


READ = {
    "PyTorch": of_torch,
    "Keras": of_keras,
    "Flax": of_flax,
    "NumPy": lambda names: zip(names["W"], names["b"], strict=True),
}


@cache
def drawn(library, initializer):
    return executed(library, initializer)[0]


every_library = pytest.mark.parametrize("library", LIBRARIES)
every_start = pytest.mark.parametrize("name", INITIALIZERS)


@every_library
@every_start
def test_weights_and_biases_are_the_laws_layer_by_layer(library, name):
    layers, law = drawn(library, name), INITIALIZERS[name]
    assert [W.shape for W, _ in layers] == [(n, k) for k, n in pairwise(SIZES)]
    for W, b in layers:
        n_out, n_in = W.shape
        error = 4 / np.sqrt(2 * W.size)
        if law.sampler == "constant":
            assert set(np.unique(W)) == {np.float64(np.float32(0.1)) if library != "NumPy" else 0.1} or not W.any()
            assert W.any() == (name == "constant")
        elif not law.fits_data:
            assert W.std() == pytest.approx(law.std(n_in, n_out, "tanh"), rel=error)
            assert abs(W.mean()) < 4 * law.std(n_in, n_out, "tanh") / np.sqrt(W.size)
        if law.bias_variance is None:
            assert not b.any()
        else:
            bound = np.sqrt(3 * law.bias_variance(n_in, n_out, "tanh"))
            assert 0.9 * bound < np.abs(b).max() <= bound * (1 + 1e-6)


@every_library
@pytest.mark.parametrize("name", [n for n, law in INITIALIZERS.items() if law.sampler in ("normal", "uniform")])
def test_the_fourth_moment_tells_normal_from_uniform_and_from_truncated(library, name):
    """3 for a normal, 2.37 for one cut at two standard deviations, 1.8 for a uniform."""
    for W, _ in drawn(library, name):
        expected = 3.0 if INITIALIZERS[name].sampler == "normal" else 1.8
        assert (W**4).mean() / (W**2).mean() ** 2 == pytest.approx(expected, abs=0.25)


@every_library
@pytest.mark.parametrize("name", ["orthogonal", "lsuv"])
def test_orthogonal_starts_have_equal_singular_values(library, name):
    for W, _ in drawn(library, name):
        s = np.linalg.svd(W, compute_uv=False)
        np.testing.assert_allclose(s, s.mean(), rtol=1e-4)
        if name == "orthogonal":
            assert s.mean() == pytest.approx(1, rel=1e-4)


BATCHES = [
    *((library, activation) for library in ("PyTorch", "NumPy") for activation in ACTIVATIONS),
    *((library, "leaky_relu") for library in ("Keras", "Flax")),  # where each shape is compiled
]


@pytest.mark.parametrize(("library", "activation"), BATCHES)
def test_lsuv_brings_every_layer_to_unit_variance_on_the_batch(library, activation):
    sizes = SIZES if library in ("Keras", "Flax") else (40, 30, 30, 20)
    layers, names = executed(library, "lsuv", sizes, activation)
    A = np.asarray(names["X"], dtype=float)
    A = A if library == "NumPy" else A.T
    for W, b in layers:
        Z = W @ A + b[:, None]
        assert Z.std() == pytest.approx(1, rel=1e-3)
        A = ACTIVATIONS[activation].function(Z)


def layer_between(library, activation):
    """The function that the code puts between two layers; NumPy's is spelled out in the code of LSUV alone."""
    if library == "Flax":
        pytest.importorskip("flax")
        names = {}
        exec(snippet(library, "zeros", Question((4, 3, 2), activation)).partition("\nclass Model")[0], names)
        return names["activation"]  # no model is compiled
    _, names = executed(library, "lsuv" if library == "NumPy" else "zeros", (4, 3, 2), activation)
    if library == "PyTorch":
        return lambda z: names["model"][1](names["torch"].tensor(z)).detach()
    if library == "Keras":
        return names["model"].layers[2]
    return names["g"]


@every_library
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_activation_of_the_code_is_the_one_that_was_measured(library, activation):
    """The two forms of GELU are 5·10⁻⁴ apart."""
    z = np.linspace(-6, 6, 121, dtype="float32")
    found = np.asarray(layer_between(library, activation)(z))
    np.testing.assert_allclose(found, ACTIVATIONS[activation].function(z), rtol=1e-5, atol=2e-6)


@every_library
@every_start
def test_layers_of_one_shape_do_not_share_their_weights(library, name):
    if INITIALIZERS[name].sampler != "constant":
        first, second, third = (W[:200, :200] for W, _ in drawn(library, name))
        assert (first != third).mean() > 0.99
        assert (first != second).mean() > 0.99


@every_library
def test_scikit_learn_draws_less_for_the_logistic_function(library):
    for W, _ in executed(library, "sklearn_default", activation="sigmoid")[0]:
        assert np.abs(W).max() == pytest.approx(np.sqrt(2 / 500), rel=1e-2)


@every_library
@every_start
def test_every_snippet_is_a_few_lines_that_compile(library, name):
    for activation, loss in zip(ACTIVATIONS, cycle(LOSSES), strict=False):
        code = snippet(library, name, Question((*SIZES, 200 if loss == "softmax" else 1), activation, loss))
        assert compile(code, library, "exec")
        assert len(code.splitlines()) < 32
        assert max(map(len, code.splitlines())) <= 120


CLIPPED = {
    "PyTorch": "clip_grad_norm_(model.parameters(), max_norm=1.0)",
    "Keras": "global_clipnorm=1.0",
    "Flax": "optax.clip_by_global_norm(1.0)",
}


@pytest.mark.parametrize("library", [library for library in LIBRARIES if library != "NumPy"])
@pytest.mark.parametrize(
    ("loss", "optimizer", "scaling", "clip"),
    list(zip(LOSSES, OPTIMIZERS, SCALINGS, (None, 1.0, 1.0), strict=False)),
)
def test_the_code_trains_to_the_end_and_targets_of_any_shape_do_not_broadcast(library, loss, optimizer, scaling, clip):
    """One output, and a column of targets a row: a loss of (m, 1) beside (m,) would be that of guessing the mean.

    Adam's code trains below.
    """
    pytest.importorskip(NEEDED[library])
    sizes = (6, 6, 6 if loss == "softmax" else 1)
    rate = 0.1 if optimizer in ("sgd", "momentum") else 0.03
    prior_bias = loss == "sigmoid"
    question = Question(
        *(sizes, "relu", loss, imbalanced(sizes, loss) if prior_bias else "noise", scaling, "standardized", optimizer),
        *(clip and Clip("norm", clip), prior_bias),
    )
    code = snippet(library, "he", question, 100, 32, rate)
    assert (CLIPPED[library] in code) == (clip is not None)
    target = {"softmax": "X[:, :4].argmax(axis=1)", "sigmoid": "X[:, 0] > 0", "squared": "3 * X[:, 0]"}[loss]
    head, _, rest = code.partition("\ny = ")
    names = {}
    exec(f"{head}\ny = {target}\n{rest.partition(chr(10))[2]}", names)
    assert np.isfinite(names["prior"]).all() if prior_bias else "prior" not in names
    if library == "PyTorch":
        prediction = names["model"](names["X"]).detach().numpy()
    elif library == "Keras":
        prediction = np.asarray(names["model"](names["X"]))
    else:
        prediction = np.asarray(names["model"].apply({"params": names["parameters"]}, names["X"]))
    y = np.asarray(names["y"])
    if loss == "softmax":
        assert (prediction.argmax(axis=1) == y).mean() > 0.6
    else:
        assert prediction.shape == y.shape
        assert np.corrcoef(prediction[:, 0], y[:, 0])[0, 1] > 0.6


@pytest.mark.parametrize("library", [library for library in LIBRARIES if library != "NumPy"])
def test_the_code_scales_what_was_scaled_in_the_measurement_alone(library):
    for scaling, target_scaling in (("standardized", "raw"), ("raw", "standardized")):
        question = Question((3, 8, 1), "relu", "squared", "noise", scaling, target_scaling)
        code = snippet(library, "he", question, 10, 32, 0.01)
        assert ("X = (X - X.mean(axis=0))" in code) == (scaling == "standardized")
        assert ("y = (y - y.mean(axis=0))" in code) == (target_scaling == "standardized")


def test_without_a_measured_rate_the_code_says_so():
    code = snippet("PyTorch", "he", Question(SIZES), 10)
    assert "learning_rate = 0.001  # not measured at this width" in code


@pytest.mark.parametrize("library", [library for library in LIBRARIES if library != "NumPy"])
@pytest.mark.parametrize("loss", ["softmax", "sigmoid"])
def test_the_output_bias_of_the_code_is_the_class_prior(library, loss):
    """Without a step of training, a network of zero weights answers with each class's share."""
    pytest.importorskip(NEEDED[library])
    sizes = (3, 4, 3 if loss == "softmax" else 1)
    question = Question(sizes, "relu", loss, imbalanced(sizes, loss), "raw", "raw", "sgd", prior_bias=True)
    code = snippet(library, "zeros", question, 100, 32, 0.1)
    head, _, rest = code.partition("\ny = ")
    names = {}
    shares = rest.partition(chr(10))[2].partition("\nlearning_rate")[0]
    exec(f"{head}\ny = np.repeat([0, 1], [192, 64])\n{shares}", names)
    bias = READ[library](names)[-1][1]
    assert bias == pytest.approx(np.log([0.75, 0.25, 0.5 / 256]) if loss == "softmax" else np.log([1 / 3]), rel=1e-5)


DESIGNS = [("batch", 2), ("layer", 1)]
JOINED = (6, 6, 6, 6, 4, 6)  # of few shapes; no skip comes to the layer of another width
# What compiles takes seconds to: in Keras both designs train by the same lines, in Flax all of one's are the other's.
TRAINS_LIKE_THE_OTHER = {("Keras", "batch"), ("Flax", "layer")}


def measured_output(layers, normalization, skip, X):
    """What the engine's network with these W and b makes of a batch (m, n_0), as it trains on it."""
    normalized, flat = normalization != "none", None
    flat = np.zeros((1, parameter_slices(JOINED, normalized)[-1].stop))
    for theta, (W, b) in zip(parameter_views(flat, JOINED, normalized), layers, strict=True):
        theta[0] = np.column_stack([W, b])
    hidden = HiddenLayers(JOINED, ACTIVATIONS["tanh"], 1, flat.dtype, normalization, skip)
    if normalized:
        for gamma, _ in scale_views(flat, JOINED):
            gamma[:] = 1
        hidden.normalization.bind(scale_views(flat, JOINED), ())
    network = Network(hidden, LOSSES["squared"], len(X))
    inputs = np.vstack([X.T, np.ones(len(X))])[None]
    return network.forward(parameter_views(flat, JOINED, normalized), inputs, np.zeros((1, 6, len(X)))).Z[-1][0].T


def library_output(library, names, X):
    if library == "PyTorch":
        return names["model"](names["torch"].tensor(X, dtype=names["torch"].float32)).detach().numpy()
    if library == "Keras":
        return np.asarray(names["model"](X.astype("float32"), training=True))
    found = names["model"].apply(dict(names["variables"]), X, train=True, mutable=["batch_stats"])
    return np.asarray(found[0])


@pytest.mark.parametrize(("normalization", "skip"), DESIGNS)
@every_library
def test_the_code_normalizes_and_skips_where_it_was_measured_and_trains(library, normalization, skip):
    """LSUV's code runs the network layer by layer; its weights bring the engine's products to unit variance as well."""
    module = pytest.importorskip(NEEDED[library])
    if library == "PyTorch":
        module.set_num_threads(1)
    data = imbalanced(JOINED, "softmax")
    question = Question(
        *(JOINED, "tanh", "softmax", data, "raw", "raw"), prior_bias=True, normalization=normalization, skip=skip
    )
    code = snippet(library, "lsuv", question, 60, 32, 0.03)
    assert max(map(len, code.splitlines())) <= 120
    head, _, rest = code.partition("\nrng = ") if library != "NumPy" else (code, "", "")
    names = {}
    exec(head, names)
    X = np.asarray(names["X"], dtype=float)
    expected = measured_output(list(READ[library](names)), normalization, skip, X.T if library == "NumPy" else X)
    assert expected.std() == pytest.approx(1, abs=0.02)
    if not rest:
        return
    np.testing.assert_allclose(library_output(library, names, X), expected, atol=1e-4)
    if (library, normalization) in TRAINS_LIKE_THE_OTHER:
        return
    exec(f"rng = {rest.replace('y = rng.integers(0, 6, 256)', 'y = X[:, :3].argmax(axis=1)')}", names)
    if library == "Flax":
        names["variables"] = {"params": names["parameters"], "batch_stats": names.get("averages", {})}
    X, y = np.asarray(names["X"]), np.asarray(names["y"])
    assert (library_output(library, names, X).argmax(axis=1) == y).mean() > 0.7
