"""Whether the diagnosis is right: `python -m tests.diagnosis` prints healthy models, planted faults, trained networks.

Weights come from PyTorch, Keras, Flax and scikit-learn as they make and train them. No healthy model may get a red or
amber verdict, each fault has to be named with its layer, and of trained networks none may be called fresh.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from core.diagnosis import diagnose, findings, verdict

Arrays = dict[str, np.ndarray]
SIZES = (64, 100, 80, 60, 10)


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    X, y = load_digits(return_X_y=True)
    return ((X - X.mean(0)) / (X.std(0) + 1e-6)).astype(np.float32), y


def state(model: Any) -> Arrays:
    return {name: tensor.detach().float().numpy() for name, tensor in model.state_dict().items()}


def mlp(sizes: tuple[int, ...] = SIZES, init: Callable | None = None, normalize: bool = False, seed: int = 0) -> Any:
    """PyTorch's MLP as it starts by default, or with `init` for the weights and zero biases."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    layers: list[Any] = []
    for i, (m, n) in enumerate(pairwise(sizes)):
        layer = torch.nn.Linear(m, n)
        if init:
            init(layer.weight)
            torch.nn.init.zeros_(layer.bias)
        last = i == len(sizes) - 2
        layers += [layer] if last else [layer, *([torch.nn.BatchNorm1d(n)] * normalize), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers)


def train(model: Any, data: Any = None, steps: int = 200, rate: float = 1e-2, adam: bool = True) -> Any:
    import torch

    X, y = data or digits()
    X, y = torch.as_tensor(X), torch.as_tensor(y)
    optimizer = (torch.optim.Adam if adam else torch.optim.SGD)(model.parameters(), rate)
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        batch = torch.randint(len(X), (64,), generator=generator)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(X[batch]), y[batch]).backward()
        optimizer.step()
    return model


def keras_arrays(model: Any) -> Arrays:
    from keras import ops

    return {variable.path: ops.convert_to_numpy(variable.value) for variable in model.weights}


def flax_arrays(module: Any, *inputs: np.ndarray) -> Arrays:
    import jax

    leaves = jax.tree_util.tree_leaves_with_path(jax.jit(module.init)(jax.random.key(0), *inputs))
    return {"/".join(part.key for part in path): np.array(leaf) for path, leaf in leaves}


def torch_models(steps: int = 200) -> Iterator[tuple[str, Arrays]]:
    import torch
    from torch import nn

    init = nn.init
    starts = {
        "default": None,
        "He": lambda W: init.kaiming_normal_(W, nonlinearity="relu"),
        "He uniform": lambda W: init.kaiming_uniform_(W, nonlinearity="relu"),
        "xavier_normal_(5/3)": lambda W: init.xavier_normal_(W, 5 / 3),
        "orthogonal_(√2)": lambda W: init.orthogonal_(W, 2**0.5),
    }
    for name, start in starts.items():
        yield f"PyTorch MLP, {name}", state(mlp(init=start))
        yield f"PyTorch MLP, {name}, trained", state(train(mlp(init=start), steps=steps))
    yield "PyTorch MLP, default, trained by SGD", state(train(mlp(), steps=steps, rate=0.05, adam=False))
    yield "PyTorch MLP, 4-10-3", state(mlp((4, 10, 3)))
    yield "PyTorch MLP with batch normalization", state(mlp(normalize=True))
    yield "PyTorch MLP with batch normalization, trained", state(train(mlp(normalize=True), steps=steps))
    for half in (torch.bfloat16, torch.float16):
        for name, model in (("fresh", mlp()), ("He", mlp(init=starts["He"])), ("trained", train(mlp(), steps=steps))):
            yield f"PyTorch MLP in {str(half)[6:]}, {name}", state(model.to(half))
    conv = nn.Sequential(
        nn.Conv2d(3, 16, 5), nn.ReLU(), nn.Conv2d(16, 32, 3), nn.ReLU(), nn.Flatten(), nn.Linear(512, 10)
    )
    yield "PyTorch convolutions", state(conv)
    for zero in (False, True):
        block = nn.Module()
        block.conv1, block.bn1 = nn.Conv2d(32, 64, 3, bias=False), nn.BatchNorm2d(64)
        block.conv2, block.bn2 = nn.Conv2d(64, 64, 3, bias=False), nn.BatchNorm2d(64)
        block.downsample = nn.Sequential(nn.Conv2d(32, 64, 1, bias=False), nn.BatchNorm2d(64))
        for module in block.modules():
            if isinstance(module, nn.Conv2d):
                init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if zero:
            init.zeros_(block.bn2.weight)
        yield f"PyTorch ResNet block{', zero-init' * zero}", state(block)
    fixup = mlp((64, 64, 64, 64), lambda W: init.kaiming_normal_(W))
    init.zeros_(fixup[2].weight)
    yield "Fixup block", {f"blocks.0.{name}": array for name, array in state(fixup).items()}
    torch.manual_seed(0)
    yield "PyTorch bilinear layer", state(nn.Bilinear(10, 12, 20))
    yield "PyTorch Transformer block", state(nn.TransformerEncoderLayer(64, 4, 256))
    gpt = {"pos_emb": np.zeros((1, 32, 64), np.float32)}
    rng = np.random.default_rng(0)
    for i in range(3):
        for name, shape in {
            "attn.key": (64, 64),
            "attn.proj": (64, 64),
            "mlp.0": (256, 64),
            "mlp.2": (64, 256),
        }.items():
            gpt[f"blocks.{i}.{name}.weight"] = (0.02 * rng.standard_normal(shape)).astype(np.float32)
        gpt[f"blocks.{i}.ln1.weight"] = np.ones(64, np.float32)
    gpt["head.weight"] = (0.02 * rng.standard_normal((500, 64))).astype(np.float32)
    yield "minGPT", dict(sorted(gpt.items())) | {"tok_emb.weight": (0.02 * rng.standard_normal((500, 64))).astype("f4")}
    yield "minGPT, tied embedding", gpt | {"tok_emb.weight": gpt["head.weight"]}
    yield "PyTorch LSTM", state(nn.LSTM(32, 48, 2))
    yield "PyTorch GRU", state(nn.GRU(32, 48))
    embedding = nn.Sequential(nn.Embedding(100, 32, padding_idx=0), nn.Linear(32, 10))
    yield "PyTorch embedding", {f"embedding.{n}" if n[0] == "0" else n: a for n, a in state(embedding).items()}
    weight_norm = nn.Sequential(*(nn.utils.parametrizations.weight_norm(nn.Linear(64, 64)) for _ in range(3)))
    yield "PyTorch weight_norm", state(weight_norm)
    yield "PyTorch weight_norm, old", state(nn.Sequential(*(_old_weight_norm(nn.Linear(64, 64)) for _ in range(3))))
    for trained in (False, True):
        lora: Arrays = {}
        for i in range(4):
            lora[f"layers.{i}.q_proj.lora_A.weight"] = rng.uniform(-1 / 16, 1 / 16, (8, 256)).astype(np.float32)
            lora[f"layers.{i}.q_proj.lora_B.weight"] = (0.01 * trained * rng.standard_normal((256, 8))).astype(
                np.float32
            )
        yield f"LoRA, {'trained' if trained else 'fresh'}", lora


def _old_weight_norm(layer: Any) -> Any:
    import warnings

    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.nn.utils.weight_norm(layer)


def keras_models() -> Iterator[tuple[str, Arrays]]:
    import keras

    keras.utils.set_random_seed(0)
    L, X = keras.layers, digits()
    dense = lambda init="glorot_uniform": keras.Sequential(  # noqa: E731
        [keras.Input((64,)), *(L.Dense(n, "relu", kernel_initializer=init) for n in (100, 80)), L.Dense(10)]
    )
    tokens = keras.Input((12, 64))
    attention = L.MultiHeadAttention(4, 16)(tokens, tokens)
    outputs = L.Dense(64)(L.LayerNormalization()(tokens + attention))
    yield "Keras attention", keras_arrays(keras.Model(tokens, outputs))
    for init in ("he_normal", "glorot_uniform", "lecun_normal", "orthogonal", "random_normal", "variance_scaling"):
        yield f"Keras MLP, {init}", keras_arrays(dense(init))
    model = dense()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(*X, epochs=3, verbose=0)
    yield "Keras MLP, trained", keras_arrays(model)
    conv = [keras.Input((12, 12, 3)), L.Conv2D(16, 5), L.BatchNormalization(), L.SeparableConv2D(32, 3), L.Flatten()]
    yield "Keras convolutions", keras_arrays(keras.Sequential([*conv, L.Dense(10)]))
    text = [keras.Input((12,)), L.Embedding(100, 32), L.LSTM(48, return_sequences=True), L.GRU(24), L.Dense(3)]
    yield "Keras embedding, LSTM, GRU", keras_arrays(keras.Sequential(text))


def flax_models() -> Iterator[tuple[str, Arrays]]:
    from flax import linen as nn

    class Dense(nn.Module):
        @nn.compact
        def __call__(self, x):
            for n in SIZES[1:]:
                x = nn.Dense(n)(nn.relu(x))
            return x

    class Block(nn.Module):
        @nn.compact
        def __call__(self, x):
            x = nn.Embed(100, 64)(x)
            x = x + nn.MultiHeadDotProductAttention(4)(nn.LayerNorm()(x))
            return x + nn.Dense(64)(nn.gelu(nn.Dense(256)(nn.LayerNorm()(x))))

    class Recurrent(nn.Module):
        @nn.compact
        def __call__(self, x):
            return nn.Dense(3)(nn.RNN(nn.OptimizedLSTMCell(32))(x))

    yield "Flax MLP", flax_arrays(Dense(), np.zeros((1, 64), np.float32))
    yield "Flax Transformer block", flax_arrays(Block(), np.zeros((1, 12), int))
    yield "Flax LSTM", flax_arrays(Recurrent(), np.zeros((1, 5, 16), np.float32))


def faults() -> Iterator[tuple[str, Arrays, int, str]]:
    """(what, arrays, the layer it is in, a word of the cause)."""
    import torch

    he = lambda W: torch.nn.init.kaiming_normal_(W, nonlinearity="relu")  # noqa: E731
    fresh, trained = state(mlp(init=he)), state(train(mlp(init=he)))
    rng = np.random.default_rng(0)

    def changed(base: Arrays, name: str, change: Callable[[np.ndarray], np.ndarray]) -> Arrays:
        return base | {name: np.asarray(change(base[name].copy()), dtype=np.float32)}

    def cut(std: float, shape: tuple[int, ...]) -> np.ndarray:
        W = torch.empty(shape)
        return torch.nn.init.trunc_normal_(W, 0, std, -2 * std, 2 * std).numpy()

    for name, base in (("fresh", fresh), ("trained", trained)):
        yield f"NaN, {name}", changed(base, "2.weight", lambda W: np.where(W > 0.1, np.nan, W)), 2, "NaN"
        yield (
            f"zero layer under ReLU, {name}",
            changed(changed(base, "2.weight", np.zeros_like), "2.bias", np.zeros_like),
            2,
            "all weights are 0",
        )
        copied = changed(base, "2.weight", lambda W: np.concatenate([W[:40], W[:40]]))
        copied = changed(copied, "2.bias", lambda b: np.concatenate([b[:40], b[:40]]))
        copied = changed(copied, "4.weight", lambda W: np.hstack([W[:, :40], W[:, :40]]))
        yield f"copied units with copied outputs, {name}", copied, 2, "stay alike"
        yield f"biases −10, {name}", changed(base, "2.bias", lambda b: b * 0 - 10), 2, "biases"
        draw = lambda W: 0.02 * rng.standard_normal(W.shape)  # noqa: E731
        yield (
            f"one layer at N(0, 0.02), {name}",
            changed(base, "4.weight", draw),
            3,
            "N(0, 0.02)" if base is trained else "scale",
        )
    copied_only = changed(fresh, "2.weight", lambda W: np.concatenate([W[:40], W[:40]]))
    yield "copied units, outputs differ", copied_only, 2, "start as copies"
    yield "U(0, 1)", changed(fresh, "2.weight", lambda W: rng.random(W.shape)), 2, "U(0, 1)"
    yield (
        "U(0, 1) everywhere",
        {n: rng.random(a.shape).astype("f4") if a.ndim == 2 else a for n, a in fresh.items()},
        2,
        "U(0, 1)",
    )
    fan_out = lambda W: torch.nn.init.kaiming_normal_(W, mode="fan_out", nonlinearity="relu")  # noqa: E731
    yield "transposed fan everywhere", state(mlp(init=fan_out)), 1, "fan_out"
    transposed = lambda W: rng.standard_normal(W.shape) * (2 / len(W)) ** 0.5  # noqa: E731
    yield "transposed fan in one layer", changed(fresh, "0.weight", transposed), 1, "fan_out"
    uncorrected = {n: cut((2 / a.shape[1]) ** 0.5, a.shape) if a.ndim == 2 else a for n, a in fresh.items()}
    yield "cut at 2σ, not widened", uncorrected, 1, "cut at 2σ"
    yield "output 12 times He's", changed(fresh, "6.weight", lambda W: 12 * W), 4, "12 times"
    yield "hidden layer 12 times He's", changed(fresh, "4.weight", lambda W: 12 * W), 3, "12 times"
    yield "one layer constant", changed(fresh, "2.weight", lambda W: np.full_like(W, 0.1)), 2, "start as copies"


def trained_networks() -> Iterator[tuple[str, Arrays]]:
    """Fifty small networks that have learned something: PyTorch and scikit-learn, several data, sizes, optimizers."""
    import warnings

    import torch
    from sklearn import datasets
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    tables = [datasets.load_iris, datasets.load_wine, datasets.load_breast_cancer, datasets.load_digits]
    he = lambda W: torch.nn.init.kaiming_normal_(W, nonlinearity="relu")  # noqa: E731
    for load in tables:
        X, y = load(return_X_y=True)
        X = ((X - X.mean(0)) / (X.std(0) + 1e-6)).astype(np.float32)
        ends, name = (X.shape[1], int(y.max()) + 1), load.__name__[5:]
        for hidden in ((16,), (32, 32), (100,)):
            for solver in ("adam", "sgd", "lbfgs"):
                if hidden == (100,) and solver == "lbfgs":
                    continue
                fitted = MLPClassifier(hidden, solver=solver, random_state=0, max_iter=60).fit(X, y)
                parts = {"coefs": fitted.coefs_, "intercepts": fitted.intercepts_}
                yield (
                    f"scikit-learn {name} {hidden} {solver}",
                    {f"{k}_{i}": a for k, v in parts.items() for i, a in enumerate(v)},
                )
        for seed, (hidden, init, adam) in enumerate(
            [((32,), None, True), ((64, 64), None, False), ((64, 64), he, False), ((128,), he, True)]
        ):
            model = train(mlp((ends[0], *hidden, ends[1]), init, seed=seed), (X, y), 150, 1e-3 if adam else 0.1, adam)
            yield f"PyTorch {name} {hidden} {'Adam' if adam else 'SGD'}{', He' * (init is not None)}", state(model)
    for seed in range(2):
        yield f"PyTorch digits deep {seed}", state(train(mlp((64, 32, 32, 32, 10), seed=seed), None, 300, 3e-3))


def is_fresh(arrays: Arrays) -> bool:
    """Whether the diagnosis calls weights a fresh start."""
    return any("fresh start" in finding.sentence for finding in findings(diagnose(arrays)))


def names_fault(arrays: Arrays, layer: int, word: str) -> bool:
    """Whether a finding that is no mere remark is about that layer and says the cause."""
    name = f"`{list(arrays)[2 * layer - 2]}`"
    return any(
        finding.status in ("bad", "mixed")
        and (name in finding.sentence or finding.sentence.startswith("All layers"))
        and word in finding.sentence
        for finding in findings(diagnose(arrays))
    )


def check_healthy(models: Iterator[tuple[str, Arrays]]) -> int:
    wrong = 0
    for name, arrays in models:
        found = verdict(diagnose(arrays))
        right = found.status in ("good", "neutral")
        wrong += not right
        print(f"{'ok   ' if right else 'WRONG'} {name:50} {found.status:8} {found.sentence}")
    return wrong


def check_faults() -> int:
    wrong = 0
    for name, arrays, layer, word in faults():
        right, found = names_fault(arrays, layer, word), verdict(diagnose(arrays))
        wrong += not right
        print(f"{'ok   ' if right else 'WRONG'} {name:50} {found.status:8} {found.sentence}")
    return wrong


def check_trained() -> int:
    networks = list(trained_networks())
    fresh = [name for name, arrays in networks if is_fresh(arrays)]
    found = {name: verdict(diagnose(arrays)) for name, arrays in networks}
    alarmed = [f"{name}: {each.sentence}" for name, each in found.items() if each.status in ("bad", "mixed")]
    print(f"{len(networks)} trained, {len(fresh)} called fresh, {len(alarmed)} at fault", *fresh, *alarmed, sep="\n")
    return len(fresh) + len(alarmed)


CHECKS = {
    "torch": ("Healthy PyTorch models: no verdict is red or amber", lambda: check_healthy(torch_models())),
    "keras": ("Healthy Keras models: no verdict is red or amber", lambda: check_healthy(keras_models())),
    "flax": ("Healthy Flax models: no verdict is red or amber", lambda: check_healthy(flax_models())),
    "faults": ("Planted faults: layer and cause are named", check_faults),
    "trained": ("Trained networks: none is called fresh, none is at fault", check_trained),
}


def main() -> int:
    """Run the named checks, or all; 1 where anything is wrong."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    wrong = 0
    for name in sys.argv[1:] or CHECKS:
        title, check = CHECKS[name]
        print(f"\n## {title}\n")
        wrong += check()
    print(f"\n{wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    with threadpool_limits(1):
        sys.exit(main())
