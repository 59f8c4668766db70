"""Models as other libraries save them: the line that converts one writes what is then read."""

import numpy as np
import pytest
import safetensors.numpy

from core.diagnosis import diagnose
from core.files.weights import Unreadable, read


def refusal(name, data=b""):
    with pytest.raises(Unreadable) as refused:
        read(name, data)
    return str(refused.value)


def run_line(said):
    """Run what the sentence tells the viewer to run, in the folder of the model."""
    exec(said.split('python -c "')[1].removesuffix('"`'), {})


def test_the_line_for_pytorch_converts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    state = model.state_dict()
    state["tied"] = state["2.weight"]
    state["turned"] = state["2.weight"].T
    torch.save({"epoch": 3, "model": state, "optimizers": [{"lr": 0.1, "state": {0: torch.ones(2)}}]}, "model.pt")
    run_line(refusal("x.pt"))
    found = read("model.safetensors", (tmp_path / "model.safetensors").read_bytes())
    np.testing.assert_array_equal(found["model.2.weight"], model[2].weight.detach().numpy())
    np.testing.assert_array_equal(found["model.turned"], found["model.tied"].T)
    assert found["optimizers.0.state.0"].tolist() == [1, 1]


def test_the_line_for_scikit_learn_converts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    joblib = pytest.importorskip("joblib", reason="joblib comes with scikit-learn")
    from sklearn.neural_network import MLPRegressor

    X = np.random.default_rng(0).standard_normal((20, 3))
    model = MLPRegressor(hidden_layer_sizes=(4,), solver="lbfgs", max_iter=1000, alpha=1.0).fit(X, X[:, 0])
    joblib.dump(model, "model.joblib")
    run_line(refusal("x.joblib"))
    found = read("model.npz", (tmp_path / "model.npz").read_bytes())
    assert list(found) == ["coefs_0", "coefs_1", "intercepts_0", "intercepts_1"]
    np.testing.assert_array_equal(found["coefs_1"], model.coefs_[1])


@pytest.mark.parametrize(("suffix", "name"), [("keras", "model.keras"), ("h5", "model.h5"), ("h5", "model.weights.h5")])
# Keras hands its own arrays to NumPy in a way that NumPy 2 warns of.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_lines_for_keras_convert(suffix, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras", reason="Keras is not installed")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    (model.save_weights if "weights" in name else model.save)(name)
    run_line(refusal(f"x.{suffix}").replace(f"model.{suffix}", name))
    found = read("model.npz", (tmp_path / "model.npz").read_bytes())
    assert sorted(array.shape for array in found.values()) == [(3, 4), (4,)]
    assert [(part.stored, part.fans, part.biases) for part in diagnose(found).stack] == [((3, 4), (3, 4), "all 0")]


def test_bfloat16_is_widened_without_a_change():
    torch = pytest.importorskip("torch", reason="bfloat16 is written by PyTorch")
    from safetensors.torch import save

    values = torch.randn(5, 7).bfloat16()
    found = read("model.safetensors", save({"w": values}))["w"]
    np.testing.assert_array_equal(found, values.float().numpy(), strict=True)


def test_the_line_saves_a_part_of_what_is_too_large(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arrays = {f"{i}.weight": np.random.default_rng(i).standard_normal((1000, 1000)) for i in range(3)}
    np.savez("model.npz", **arrays)
    safetensors.numpy.save_file(arrays, "model.safetensors")
    for suffix in ("npz", "safetensors"):
        if suffix == "safetensors":
            pytest.importorskip("torch", reason="PyTorch is not installed")
        data = (tmp_path / f"model.{suffix}").read_bytes()
        said = refusal(f"big.{suffix}", data)
        assert "larger than 20 MB" in said
        run_line(said)
        found = read(f"part.{suffix}", (tmp_path / f"part.{suffix}").read_bytes())
        assert list(found) == ["0.weight", "1.weight"]
        assert len(read(f"model.{suffix}", data, limit=2**30)) == 3
