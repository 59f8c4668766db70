"""Experiment → Result: every number is that of a plain NumPy loop, and the pitfalls show what the article warns of."""

import os
from dataclasses import fields, replace

import numpy as np
import pytest

from core import Clip, Experiment, Result, Variant, run
from core.activations import ACTIVATIONS
from core.datasets import dataset, watched_examples
from core.engine.draws import batch_indices, draw_parameters, starting_parameters
from core.engine.network import parameter_slices, parameter_views
from core.engine.results import ENDS, WATCHED

G = {
    "relu": (lambda Z: np.where(Z > 0, Z, 0), lambda Z: (Z > 0).astype(float), 1.0),
    "tanh": (np.tanh, lambda Z: 1 / np.cosh(Z) ** 2, 1.0),
    "sigmoid": (lambda Z: 1 / (1 + np.exp(-Z)), lambda Z: 1 / (2 + np.exp(Z) + np.exp(-Z)), 0.25),
}
REFERENCE_CASES = {
    "softmax, gradient descent": Experiment("digits", (20, 12), "relu"),
    "sigmoid, momentum": Experiment("moons", (9, 5, 3), "tanh", (Variant("xavier"),), optimizer="momentum"),
    "regression, Adam": Experiment(
        "curve", (9, 9), "sigmoid", (Variant("glorot", learning_rate=0.01),), optimizer="adam"
    ),
    "RMSprop, clipped by layer": Experiment(
        "noise", (12, 12), "tanh", (Variant("he", 1.5, 0.1, 0.2, 0.001, Clip("layer_norm", 0.3)),), optimizer="rmsprop"
    ),
    "clipped by norm": Experiment("digits", (15, 15, 15), "relu", (Variant("he", gain=1.5, clip=Clip("norm", 0.5)),)),
    "clipped by value": Experiment("spirals", (8,), "tanh", (Variant("normal", clip=Clip("value", 0.02)),)),
    "no hidden layer": Experiment("digits", (), "relu", (Variant("pytorch_default"),)),
    "one example a batch": Experiment("xor", (6, 6), "tanh", (Variant("normal", 0.7),), batch_size=1),
}
REFERENCE_CASES = {
    name: replace(case, seeds=2, steps=25, dtype="float64", batch_size=min(case.batch_size, 32))
    for name, case in REFERENCE_CASES.items()
}


def start(experiment, index):
    """[(W, b), …], copies."""
    activation = ACTIVATIONS[experiment.activation]
    flat = np.empty(parameter_slices(experiment.sizes)[-1].stop)
    draw_parameters(experiment.variants[0], experiment.sizes, activation, (experiment.seed, index), flat)
    return [
        [theta[0, :, :-1].copy(), theta[0, :, -1].copy()] for theta in parameter_views(flat[None], experiment.sizes)
    ]


def output(loss, Z, Y):
    """ŷ and the mean loss; examples in rows, as nowhere in core."""
    if loss == "softmax":
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        return P, -np.log(P[Y == 1]).mean()
    if loss == "sigmoid":
        P = 1 / (1 + np.exp(-Z))
        return P, -np.log(np.where(Y == 1, P, 1 - P)).mean()
    return Z, ((Z - Y) ** 2).mean()


def forward(parameters, X, g):
    A, Z = [X], []
    for layer, (W, b) in enumerate(parameters, 1):
        Z.append(A[-1] @ W.T + b)
        A.append(g(Z[-1]) if layer < len(parameters) else Z[-1])
    return A, Z


def correct(loss, P, Y):
    if loss == "squared":
        return np.nan
    return ((P[:, 0] > 0.5) == Y[:, 0]).mean() if loss == "sigmoid" else (P.argmax(1) == Y.argmax(1)).mean()


def clipped(gradients, clip):
    """[(dW, db), …] after clipping, by the article's formula."""
    if clip is None:
        return gradients
    if clip.kind == "value":
        return [[np.minimum(np.maximum(d, -clip.threshold), clip.threshold) for d in pair] for pair in gradients]
    groups = [gradients] if clip.kind == "norm" else [[pair] for pair in gradients]
    factors = [min(1.0, clip.threshold / size(group)) for group in groups]
    if clip.kind == "norm":
        factors *= len(gradients)
    return [[d * factor for d in pair] for pair, factor in zip(gradients, factors, strict=True)]


def size(pairs):
    return np.sqrt(sum((d**2).sum() for pair in pairs for d in pair))


def increments(name, rate):
    """A function of (gradient, its state) → what is subtracted, by the papers."""

    def step(g, state):
        t = state["t"] = state.get("t", 0) + 1
        if name == "sgd":
            return rate * g
        if name == "momentum":
            state["v"] = 0.9 * state.get("v", 0) + g
            return rate * state["v"]
        if name == "rmsprop":
            state["s"] = 0.9 * state.get("s", 0) + 0.1 * g**2
            return rate * g / (np.sqrt(state["s"]) + 1e-8)
        state["m"] = 0.9 * state.get("m", 0) + 0.1 * g
        state["s"] = 0.999 * state.get("s", 0) + 0.001 * g**2
        return rate * (state["m"] / (1 - 0.9**t)) / (np.sqrt(state["s"] / (1 - 0.999**t)) + 1e-8)

    return step


def reference(experiment, index):
    """What a Result should hold for one run, {name: rows by step}, by the plainest loop there is."""
    variant, data, (g, slope, steepest) = experiment.variants[0], dataset(experiment.dataset), G[experiment.activation]
    order = batch_indices((experiment.seed, index), len(data.X_train), experiment.batch_size, experiment.steps)
    parameters, step = start(experiment, index), increments(experiment.optimizer, variant.learning_rate)
    states = [[{}, {}] for _ in parameters]
    rows, widest = [], max(experiment.hidden, default=0)
    examples = watched_examples(experiment.dataset)
    for batch in order:
        X, Y = data.X_train[batch], data.Y_train[batch]
        A, Z = forward(parameters, X, g)
        P, loss = output(data.loss, Z[-1], Y)
        dZ = (P - Y) * (2 / Y.size if data.loss == "squared" else 1 / len(Y))
        gradients, errors = [], []
        for layer in reversed(range(len(parameters))):
            errors.insert(0, dZ)
            gradients.insert(0, [dZ.T @ A[layer], dZ.sum(axis=0)])
            if layer:
                dZ = (dZ @ parameters[layer][0]) * slope(Z[layer - 1])
        applied = clipped(gradients, variant.clip)
        seen_A, seen_Z = forward(parameters, examples, g)
        targets = np.eye(data.outputs)[np.arange(len(examples)) % data.outputs]
        test, test_loss = output(data.loss, forward(parameters, data.X_test, g)[1][-1], data.Y_test)
        moves = [
            [step(d, state) for d, state in zip(pair, kept, strict=True)]
            for pair, kept in zip(applied, states, strict=True)
        ]
        flat, flat_applied = (np.concatenate([d.ravel() for pair in ds for d in pair]) for ds in (gradients, applied))
        slopes = [slope(z) for z in Z[:-1]]
        units = [np.column_stack(pair) for pair in parameters]
        rows.append(
            {
                "loss": loss,
                "gradient_norm": size(gradients),
                "applied_norm": size(applied),
                "clip_cosine": flat @ flat_applied / np.linalg.norm(flat) / np.linalg.norm(flat_applied),
                "layer_gradient_norm": [size([pair]) for pair in gradients],
                "train_accuracy": correct(data.loss, P, Y),
                "test_loss": test_loss,
                "test_accuracy": correct(data.loss, test, data.Y_test),
                "activation_rms": [np.sqrt((a**2).mean()) for a in [*A[1:-1], P]],
                "dz_rms": [np.sqrt((d**2).mean()) for d in errors],
                "weight_gradient_norm": [np.linalg.norm(dW) for dW, _ in gradients],
                "bias_gradient_norm": [np.linalg.norm(db) for _, db in gradients],
                "weight_norm": [np.linalg.norm(W) for W, _ in parameters],
                "update_ratio": [
                    np.linalg.norm(move[0]) / np.linalg.norm(W) for move, (W, _) in zip(moves, parameters, strict=True)
                ],
                "saturated": [(s < 0.01 * steepest).mean() for s in slopes] + [np.nan],
                "dead": [(s == 0).all(axis=0).mean() for s in slopes] + [np.nan],
                "unit_spread": [np.ptp(unit, axis=0).max() for unit in units],
                "distinct_units": [len(unit) for unit in units],
                "first_weights": units[0],
                "example_predictions": output(data.loss, seen_Z[-1], targets)[0].T if len(examples) else targets.T,
                "example_activations": [
                    np.pad(a[0], (0, widest - len(a[0])), constant_values=np.nan) for a in seen_A[1:-1]
                ]
                if widest and len(examples)
                else np.empty((0, 0)),
            }
        )
        parameters = [
            [p - move for p, move in zip(pair, moved, strict=True)]
            for pair, moved in zip(parameters, moves, strict=True)
        ]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.mark.parametrize("experiment", REFERENCE_CASES.values(), ids=REFERENCE_CASES)
def test_every_number_is_that_of_a_plain_loop(experiment):
    result = run(experiment)
    steps = {"loss", "gradient_norm", "applied_norm", "clip_cosine", "layer_gradient_norm"}
    for index in range(experiment.seeds):
        for name, expected in reference(experiment, index).items():
            if name in WATCHED:
                if index:
                    continue
                seen, expected = getattr(result, name)[0], expected[result.recorded_steps]
            else:
                seen = getattr(result, name)[0, index]
                expected = expected if name in steps else expected[result.recorded_steps]
            np.testing.assert_allclose(seen, expected, rtol=1e-10, atol=1e-13, err_msg=name)


def test_float32_follows_the_plain_loop_in_float64():
    experiment = REFERENCE_CASES["softmax, gradient descent"]
    seen = run(replace(experiment, dtype="float32")).loss[0, 0]
    np.testing.assert_allclose(seen, reference(experiment, 0)["loss"], rtol=1e-4)


@pytest.mark.parametrize(("hidden", "steps"), [((), 1), ((5,), 2), ((100, 7), 37)])
def test_every_array_has_the_axes_it_says(hidden, steps):
    variants = (Variant("he"), Variant("zeros"), Variant("xavier"))
    experiment = Experiment("digits", hidden, variants=variants, seeds=2, steps=steps)
    result, layers = run(experiment), len(hidden) + 1
    records = len(result.recorded_steps)
    bins = len(result.histogram_edges) - 1
    expected = {
        **dict.fromkeys(("loss", "gradient_norm", "applied_norm", "clip_cosine"), (3, 2, steps)),
        "layer_gradient_norm": (3, 2, steps, layers),
        **dict.fromkeys(("train_accuracy", "test_loss", "test_accuracy"), (3, 2, records)),
        **dict.fromkeys(("diverged_at", "diverged_layer"), (3, 2)),
        "recorded_steps": (records,),
        "histogram_edges": (bins + 1,),
        "histograms": (3, 2, 2, layers, bins + 1),
        "first_weights": (3, records, min(64, experiment.sizes[1]), 65),
        "example_predictions": (3, records, 10, 20),
        "example_activations": (3, records, len(hidden), min(64, max(hidden, default=0))),
        "output_gradient": (3, 2, 10, 128),
    }
    for field in fields(Result):
        if field.name == "experiment":
            assert result.experiment is experiment
        else:
            array = getattr(result, field.name)
            assert array.shape == expected.get(field.name, (3, 2, records, layers)), field.name
            if field.name not in ("recorded_steps", "diverged_at", "diverged_layer"):
                assert array.dtype == np.float64, field.name


def test_an_experiment_that_records_its_ends_has_the_same_bits_there_and_nan_for_the_rest():
    variants = (Variant("xavier"), Variant("normal", 1e6, learning_rate=1e4), Variant("zeros", clip=Clip("norm", 0.1)))
    whole = Experiment("digits", (8, 7), "relu", variants, seeds=2, steps=23, batch_size=32)
    full, ends = run(whole), run(replace(whole, record="ends"))
    assert ends.recorded_steps.tolist() == [0, 22]
    assert (full.diverged_at >= 0).any(axis=1).tolist() == [False, True, False]
    for field in fields(Result)[1:]:
        expected, measured = getattr(full, field.name), getattr(ends, field.name)
        if expected.shape != measured.shape:
            records = {"recorded_steps": 0, **dict.fromkeys(WATCHED, 1)}.get(field.name, 2)
            expected = expected.take([0, -1], axis=records)
        if field.name in (*ENDS, "recorded_steps", "histogram_edges"):
            np.testing.assert_array_equal(measured, expected, field.name)
        else:
            assert measured.shape == expected.shape, field.name
            assert np.isnan(measured).all(), field.name


def test_what_needs_an_activation_function_is_nan_at_the_output_only():
    result = run(Experiment("digits", (8, 8), seeds=2, steps=3))
    for name in ("saturated", "dead"):
        values = getattr(result, name)
        assert np.isnan(values[..., -1]).all()
        assert np.isfinite(values[..., :-1]).all()
    assert np.isnan(result.histograms[..., -1, :]).all()
    np.testing.assert_allclose(result.histograms[..., :-1, :].sum(axis=-1), 1, rtol=1e-12)


def test_accuracy_is_nan_where_there_are_no_classes():
    result = run(Experiment("curve", (8,), seeds=2, steps=3))
    assert np.isnan(result.train_accuracy).all()
    assert np.isnan(result.test_accuracy).all()
    assert np.isfinite(result.loss).all()


def test_nothing_is_clipped_without_a_clip():
    result = run(Experiment("digits", (8,), seeds=2, steps=5))
    np.testing.assert_array_equal(result.applied_norm, result.gradient_norm)
    np.testing.assert_array_equal(result.clip_cosine, 1)


def test_paired_starts_show_in_the_result():
    """Two initializers of a family start from one draw: their norms stand in the ratio of the laws, seed by seed."""
    variants = tuple(Variant(name) for name in ("he", "xavier", "glorot", "normal"))
    result = run(Experiment("digits", (40, 20), variants=variants, seeds=3, steps=1, dtype="float64"))
    he, xavier, glorot, normal = result.weight_norm[:, :, 0]
    np.testing.assert_allclose(he / xavier, np.sqrt(2), rtol=1e-12)
    fans = np.array([(64, 40), (40, 20), (20, 10)])
    np.testing.assert_allclose(glorot / normal, np.tile(np.sqrt(2 / fans.sum(axis=1)), (3, 1)), rtol=1e-12)


def test_the_same_variant_under_two_labels_runs_the_same_course():
    result = run(Experiment("digits", (16,), variants=(Variant(label="a"), Variant(label="b")), seeds=2, steps=10))
    np.testing.assert_array_equal(result.loss[0], result.loss[1])
    assert (result.loss[:, 0] != result.loss[:, 1]).any()


def test_another_experiment_seed_gives_another_course():
    experiment = Experiment("digits", (16,), seeds=2, steps=3)
    assert (run(experiment).loss != run(replace(experiment, seed=1)).loss).all()


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_zero_weights_stay_exactly_zero_under_tanh_and_relu(activation):
    result = run(Experiment(activation=activation, variants=(Variant("zeros"),), seeds=2, steps=60))
    assert (result.distinct_units[..., :-1] == 1).all()
    assert (result.unit_spread[..., :-1] == 0).all()
    assert (result.weight_norm == 0).all()
    assert (result.bias_gradient_norm[..., -1] > 0).all()  # only the output's bias has anything to learn from
    assert (result.weight_gradient_norm == 0).all()


def test_zero_weights_under_sigmoid_move_and_every_layer_stays_one_unit():
    result = run(Experiment(hidden=(64, 64), activation="sigmoid", variants=(Variant("zeros"),), seeds=2, steps=60))
    assert (result.distinct_units[..., :-1] == 1).all()
    assert (result.weight_norm[:, :, -1] > 0).all()


def test_zero_weights_under_sigmoid_are_one_unit_at_the_default_depth_too():
    """The first layers' weights are of the order of 10⁻³⁰ and change sign from batch to batch."""
    result = run(Experiment(activation="sigmoid", variants=(Variant("zeros"),), steps=20))
    assert (result.distinct_units[..., :-1] == 1).all()


def test_zero_weights_under_sigmoid_are_one_unit_from_any_seed():
    result = run(Experiment(activation="sigmoid", variants=(Variant("zeros"),), steps=11, seeds=20))
    assert (result.distinct_units[..., :-1] == 1).all()


def test_zero_weights_learn_no_more_than_the_share_of_each_class():
    result = run(Experiment(variants=(Variant("zeros"), Variant("he")), seeds=2, steps=100))
    assert (result.test_accuracy[0, :, -1] < 0.2).all()
    assert (result.test_accuracy[1, :, -1] > 0.8).all()


@pytest.mark.parametrize("change", [{"noise": 0.01}, {"bias_std": 0.1}])
def test_noise_and_random_biases_make_every_unit_distinct(change):
    """In float64: among 64 random float32 numbers two now and then agree to within rounding."""
    variant = Variant("zeros", **change)
    result = run(Experiment(hidden=(64,), activation="tanh", variants=(variant,), steps=20, dtype="float64"))
    assert (result.distinct_units[..., 0, :-1] == 64).all()


@pytest.mark.parametrize("name", ["he", "lsuv", "pytorch_default"])
def test_a_prior_bias_is_that_of_the_output_alone(name):
    experiment = Experiment("moons", (5,), variants=(Variant(name),))
    plain, biased = (starting_parameters(experiment, Variant(name, prior_bias=on), 0) for on in (False, True))
    assert (plain[:-1] == biased[:-1]).all()
    share = dataset("moons").Y_train.mean()
    assert biased[-1] == pytest.approx(np.log(share / (1 - share)), rel=1e-6)


def test_rounding_breaks_the_tie_of_a_constant_start_in_an_odd_width():
    """BLAS adds up the rows left over from its tiles in another order; the difference then grows like any other."""
    variant = Variant("constant", learning_rate=0.5)
    result = run(Experiment(hidden=(7,) * 2, activation="tanh", variants=(variant,), seeds=3, steps=500))
    spread, distinct = result.unit_spread[0, :, :, 0], result.distinct_units[0, :, :, 0]
    assert (spread[:, 0] == 0).all()
    assert (distinct[:, 0] == 1).all()
    if not spread.any():
        pytest.skip("this BLAS adds all rows up alike")
    assert distinct.max() > 1


def test_relu_with_standard_normal_weights_explodes_and_overflows():
    result = run(Experiment(hidden=(100,) * 10, variants=(Variant("normal"),), steps=20))
    assert (result.diverged_at >= 0).all()
    sizes = result.activation_rms[0, :, 0, :-1]
    np.testing.assert_allclose((sizes[:, 1:] / sizes[:, :-1]).mean(), np.sqrt(50), rtol=0.1)


def test_sigmoid_vanishes_going_back_even_with_xavier():
    result = run(Experiment(hidden=(100,) * 10, activation="sigmoid", variants=(Variant("xavier"),), steps=1))
    received = result.weight_gradient_norm[0, :, 0, :-1]
    assert (received[:, 0] < 1e-4 * received[:, -1]).all()


def test_clipping_saves_a_start_that_diverges_without_it_and_a_low_threshold_makes_it_crawl():
    variants = tuple(
        Variant("he", gain=1.5, clip=threshold and Clip("norm", threshold)) for threshold in (None, 10, 1, 0.1)
    )
    result = run(Experiment(hidden=(100,) * 10, variants=variants, steps=100, seeds=2, batch_size=64))
    assert (result.diverged_at[0] >= 0).all()
    assert (result.diverged_at[1:] == -1).all()
    last = result.loss[:, :, -20:].mean(axis=2)
    assert (last[1:3] < 0.5 * result.loss[1:3, :, 0]).all()
    assert (last[3] > 2 * last[2]).all()


def test_through_thirty_relu_layers_he_learns_and_xavier_stalls():
    variants = tuple(Variant(name, learning_rate=0.01) for name in ("he", "xavier"))
    he, xavier = run(Experiment(hidden=(64,) * 30, variants=variants, steps=200, seeds=1)).loss[..., -10:].mean(axis=-1)
    assert (he < 0.7 * np.log(10)).all()
    assert np.abs(xavier - np.log(10)).max() < 0.05


def test_lsuv_starts_with_unit_variance_in_every_layer():
    result = run(Experiment(hidden=(64,) * 8, activation="linear", variants=(Variant("lsuv"),), steps=1))
    np.testing.assert_allclose(result.activation_rms[0, :, 0, :-1], 1, rtol=0.05)  # rms, with a mean near 0


def test_a_result_does_not_depend_on_what_ran_before():
    experiment = Experiment("digits", (16,), seeds=2, steps=10)
    before = run(experiment).loss
    run(Experiment("digits", (16,), variants=(Variant("normal", gain=1e6),), seeds=2, steps=10))
    np.testing.assert_array_equal(run(experiment).loss, before)


def test_a_machine_that_does_not_say_its_cores_will_do(monkeypatch):
    """macOS and Windows have no `sched_getaffinity`."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert np.isfinite(run(Experiment("digits", (4,), steps=2)).loss).all()
