"""Weights made by PyTorch, Keras and Flax: the start is recognized, layer by layer, as that framework draws it."""

from itertools import pairwise

import numpy as np
import pytest

from core.diagnosis import diagnose

SIZES = (40, 60, 40, 60)  # few shapes: JAX compiles each anew


def names(arrays, activation="relu"):
    """For every layer the initializers it may have been drawn by."""
    found = diagnose(arrays, activation)
    return [
        [name for law in (each.fit.law, *each.fit.rivals) for name in law.names] if each.fit.law else [each.fit.kind]
        for each in found.layers
        if each.fit.kind != "none"
    ]


def shapes(arrays):
    return {each.fit.shape for each in diagnose(arrays).layers}


@pytest.fixture(scope="module")
def torch():
    module = pytest.importorskip("torch", reason="PyTorch is not installed")
    module.manual_seed(0)
    module.set_num_threads(1)  # the tests share the cores
    return module


@pytest.fixture(scope="module")
def keras():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "jax")
        module = pytest.importorskip("keras", reason="Keras is not installed")
    module.utils.set_random_seed(0)
    return module


@pytest.fixture(scope="module")
def linen():
    return pytest.importorskip("flax.linen", reason="Flax is not installed")


def state(model):
    return {name: array.detach().numpy() for name, array in model.state_dict().items()}


def torch_dense(torch, init=None):
    layers = [torch.nn.Linear(m, n) for m, n in pairwise(SIZES)]
    if init:
        for layer in layers:
            init(layer.weight)
            torch.nn.init.zeros_(layer.bias)
    return torch.nn.Sequential(*layers)


def test_pytorch_default(torch):
    model = torch_dense(torch)
    assert names(state(model)) == [["pytorch_default"]] * 3
    assert {each.biases for each in diagnose(state(model)).layers} == {"as PyTorch default draws them"}


@pytest.mark.parametrize(
    ("init", "name"),
    [
        ("kaiming_normal_", "he"),
        ("kaiming_uniform_", "he_uniform"),
        ("xavier_normal_", "glorot"),
        ("xavier_uniform_", "glorot_uniform"),
        ("normal_", "normal"),
    ],
)
def test_pytorch_initializers(torch, init, name):
    given = {"nonlinearity": "relu"} if "kaiming" in init else {}
    model = torch_dense(torch, lambda W: getattr(torch.nn.init, init)(W, **given))
    assert all(name in found for found in names(state(model)))
    assert {each.biases for each in diagnose(state(model)).layers} == {"all 0"}


def test_pytorch_orthogonal_with_its_gain(torch):
    model = torch_dense(torch, lambda W: torch.nn.init.orthogonal_(W, gain=2**0.5))
    for each in diagnose(state(model)).layers:
        assert each.fit.kind == "orthogonal"
        assert each.fit.ratio == pytest.approx(2**0.5, rel=1e-4)


def test_pytorch_convolutions_with_their_normalizations(torch):
    model = torch.nn.Sequential(
        torch.nn.Conv2d(3, 16, 5),
        torch.nn.BatchNorm2d(16),
        torch.nn.Conv2d(16, 32, 3, groups=2),
        torch.nn.Flatten(),
        torch.nn.Linear(512, 10),
    )
    found = diagnose(state(model))
    assert names(state(model)) == [["pytorch_default"]] * 3
    assert [each.outline.fan_in for each in found.layers] == [75, 72, 512]
    assert len(found.left_out) == 5
    assert found.arrangement.breaks == ()
    torch.nn.init.kaiming_normal_(model[2].weight)
    assert "he" in names(state(model))[1]


def test_pytorch_trained_weights_are_called_trained(torch):
    model = torch.nn.Sequential(torch.nn.Linear(40, 60), torch.nn.ReLU(), torch.nn.Linear(60, 30))
    X, y = torch.randn(256, 40), torch.randint(0, 30, (256,))
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(50):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X), y).backward()
        optimizer.step()
    assert [each.fit.kind for each in diagnose(state(model)).layers] == ["none", "none"]


def keras_arrays(keras, layers):
    model = keras.Sequential(layers)
    return {variable.path: np.array(variable.value) for variable in model.weights}


def test_keras_default_and_its_truncated_normals(keras):
    dense = [keras.layers.Dense(n) for n in SIZES[1:]]
    arrays = keras_arrays(keras, [keras.Input(SIZES[:1]), *dense])
    assert diagnose(arrays).arrangement.layout == "last"
    assert all("keras_default" in found for found in names(arrays))
    for kind, name in (("HeNormal", "he"), ("LecunNormal", "xavier"), ("GlorotNormal", "glorot")):
        init = getattr(keras.initializers, kind)
        dense = [keras.layers.Dense(n, kernel_initializer=init(seed=i)) for i, n in enumerate(SIZES[1:])]
        arrays = keras_arrays(keras, [keras.Input(SIZES[:1]), *dense])
        assert all(name in found for found in names(arrays))
        assert shapes(arrays) == {"truncated"}


def test_keras_convolutions(keras):
    layers = [
        keras.Input((12, 12, 3)),
        keras.layers.Conv2D(16, 5),
        keras.layers.BatchNormalization(),
        keras.layers.Conv2D(32, 3, kernel_initializer="orthogonal"),
        keras.layers.Flatten(),
        keras.layers.Dense(10, kernel_initializer="he_uniform"),
    ]
    arrays = keras_arrays(keras, layers)
    found = diagnose(arrays)
    assert [(each.outline.fan_in, each.outline.fan_out) for each in found.layers] == [(75, 400), (144, 288), (1152, 10)]
    assert "keras_default" in names(arrays)[0]
    assert found.layers[1].fit.kind == "orthogonal"
    assert "he_uniform" in names(arrays)[2]
    assert len(found.left_out) == 4


def test_flax_default_is_xaviers_law_truncated(linen):
    import jax

    class Net(linen.Module):
        @linen.compact
        def __call__(self, x):
            x = linen.relu(linen.Conv(16, (3, 3))(x))
            x = x.reshape(len(x), -1)
            for n in SIZES[1:]:
                x = linen.Dense(n)(linen.relu(x))
            return x

    parameters = jax.jit(Net().init)(jax.random.key(0), np.zeros((1, 6, 6, 4)))
    flat = jax.tree_util.tree_leaves_with_path(parameters)
    arrays = {"/".join(part.key for part in path): np.array(leaf) for path, leaf in flat}
    found = diagnose(arrays)
    assert found.arrangement.breaks == ()
    assert [each.outline.kind for each in found.layers] == ["convolution", "dense", "dense", "dense"]
    assert all("xavier" in each for each in names(arrays))
    assert shapes(arrays) == {"truncated"}
