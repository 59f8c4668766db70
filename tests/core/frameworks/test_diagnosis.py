"""Weights made by PyTorch, Keras and Flax: no healthy model is alarmed about, every planted fault is named."""

from itertools import islice

import numpy as np
import pytest

from core.diagnosis import diagnose, verdict
from tests.diagnosis import faults, flax_models, is_fresh, keras_models, mlp, names_fault, state, torch_models, train

# Few of Keras and Flax, as JAX compiles each draw anew: `python -m tests.diagnosis` has all.
MODELS = {
    "torch": lambda: torch_models(steps=60),
    "keras": lambda: islice(keras_models(), 2),
    "flax": lambda: islice(flax_models(), 2),
}


@pytest.mark.parametrize(("library", "models"), MODELS.items(), ids=MODELS)
def test_no_healthy_model_is_alarmed_about(library, models, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    pytest.importorskip(library, reason=f"{library} is not installed")
    found = {name: verdict(diagnose(arrays)) for name, arrays in models()}
    assert {name: said.sentence for name, said in found.items() if said.status in ("bad", "mixed")} == {}


def test_every_planted_fault_is_named_with_its_layer_and_cause():
    pytest.importorskip("torch", reason="PyTorch is not installed")
    assert [name for name, arrays, layer, word in faults() if not names_fault(arrays, layer, word)] == []


@pytest.mark.parametrize("adam", [True, False])
def test_trained_weights_are_not_called_fresh(adam):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    data = np.random.default_rng(0).standard_normal((256, 40)).astype(np.float32), np.arange(256) % 10
    model = mlp((40, 60, 10))
    assert is_fresh(state(model))
    assert not is_fresh(state(train(model, data, 50, 1e-3 if adam else 0.1, adam)))
