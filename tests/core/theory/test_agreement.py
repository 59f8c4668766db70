"""Agreement: the sentence says what the measured and the predicted numbers say, and no more."""

import re
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest
import scipy

from core import Experiment, Variant, run
from core.activations import ACTIVATIONS
from core.datasets import dataset
from core.engine.draws import batch_indices
from core.initializers import INITIALIZERS
from core.theory.agreement import TOLERANCE, describe_agreement, find_disagreement, predict_first_step
from core.theory.mean_field import Prediction, parameter_variances, predict
from core.wording import number, percent

QUANTITIES = ("activation_rms", "dz_rms", "weight_gradient_norm", "bias_gradient_norm")
every_quantity = pytest.mark.parametrize("quantity", QUANTITIES)


@cache
def start_of(variant, **settings):
    """A first step, and what theory predicts of it: whatever is then asked about."""
    result = run(Experiment(variants=(variant,), steps=1, **settings))
    return result, predict_first_step(result, 0)


def judged(quantity, variant, **settings):
    """The sentence, and what it is about: measured sizes and predicted medians (seed, hidden layer)."""
    result, prediction = start_of(variant, **settings)
    said = describe_agreement(result, quantity, [prediction])
    measured = getattr(result, quantity)[0, :, 0, :-1]
    return said, measured, None if prediction is None else prediction.median(quantity)[:, :-1]


def means(measured, theory):
    """Means over the seeds of log(measured / theory), by layer."""
    return np.log(measured / theory).mean(axis=0)


def layer_named(said):
    return int(said.split("in layer ")[1].split()[0].rstrip(","))


@every_quantity
def test_wide_layers_agree_and_the_largest_difference_is_named(quantity):
    said, measured, theory = judged(quantity, Variant("xavier"), hidden=(256,) * 4, activation="tanh")
    apart = np.abs(means(measured, theory)).max()
    assert apart <= np.log1p(TOLERANCE)
    assert said.startswith("Xavier: theory and measurement agree")
    assert f"to within {percent(np.expm1(apart))}." in said


@every_quantity
@pytest.mark.parametrize(("depth", "width"), [(30, 64), (50, 32)])
def test_narrow_layers_are_compared_with_their_median(quantity, depth, width):
    """He's rms is an average over draws that few of them reach: half lie below 0.56 of it, or 0.16."""
    said, *_ = judged(quantity, Variant("he"), hidden=(width,) * depth, activation="relu", seeds=5)
    assert "measured is 0." not in said


@pytest.mark.parametrize("bias_std", [0, 0.5])
def test_lsuv_agrees_with_its_theory_where_there_is_one_output(bias_std):
    variant, settings = Variant("lsuv", bias_std=bias_std), {"hidden": (64,) * 4, "activation": "sigmoid"}
    for quantity in QUANTITIES:
        said, *_ = judged(quantity, variant, dataset="curve", **settings)
        assert "the theory in layer" not in said


def test_a_cause_is_named_only_where_it_is_looked_for():
    """Softplus keeps its sign, so that the last weights decide the output's gradient, and then carry it back."""
    settings = {"hidden": (128,) * 12, "activation": "softplus", "seeds": 20, "batch_size": 32}
    said, measured, theory = judged("dz_rms", Variant("he"), **settings)
    layer = layer_named(said)
    assert (
        f"measured is {number(np.exp(means(measured, theory)[layer - 1]))} times the theory in layer {layer}," in said
    )
    assert "more than chance explains in 20 seeds" in said
    for cause in ("saturated", "narrow", "share their weights"):
        assert cause not in said


def test_one_seed_is_not_taken_for_certain():
    for hidden in ((256,) * 2, (4,) * 20):
        said, *_ = judged("dz_rms", Variant("he"), hidden=hidden, activation="tanh", seeds=1)
        assert "single seed" in said
        assert "agree" not in said
        assert "times the theory" not in said


@pytest.mark.parametrize("alike", [False, True], ids=["independent layers", "each layer on top of the last"])
@pytest.mark.parametrize("layers", [1, 5, 20, 50])
@pytest.mark.parametrize("seeds", [1, 2, 3, 5, 10, 30])
def test_chance_is_taken_for_disagreement_in_five_percent_at_most_for_any_number_of_layers(seeds, layers, alike):
    trials, rng = 400, np.random.default_rng(seeds * layers)
    logs = rng.standard_normal((trials, seeds, layers))
    if alike:
        logs = logs.cumsum(axis=-1)
    found = [find_disagreement(np.exp(of_seeds), np.ones(layers), np.full(layers, np.nan)) for of_seeds in logs]
    alarms = sum(layer is not None for layer in found)
    assert alarms <= scipy.stats.binom.ppf(0.999, trials, 0.05)


def test_the_layer_that_is_off_is_found():
    rng, theory = np.random.default_rng(0), np.geomspace(1, 1e-6, 20)
    measured = theory * np.exp(0.1 * rng.standard_normal((5, 20)))
    measured[:, 7] *= 3
    unknown = np.full(20, np.nan)
    assert find_disagreement(measured, theory, unknown) == 7
    assert find_disagreement(measured, np.broadcast_to(theory, (5, 20)), unknown) == 7
    assert find_disagreement(measured, theory, np.full(20, 3.0)) is None  # where draws stray so far, that is chance


def test_a_tenth_is_no_disagreement_however_many_seeds_say_so():
    measured = np.exp(1e-6 * np.random.default_rng(0).standard_normal((50, 3)))
    assert find_disagreement(1.09 * measured, np.ones(3), np.full(3, np.nan)) is None
    assert find_disagreement(1.12 * measured, np.ones(3), np.full(3, np.nan)) is not None


@pytest.mark.parametrize("quantity", QUANTITIES[1:])
def test_a_gradient_below_the_smallest_number_underflows_in_float32(quantity):
    settings = {"hidden": (64,) * 50, "activation": "sigmoid", "seeds": 2, "batch_size": 16}
    said, measured, theory = judged(quantity, Variant("normal", gain=0.001), **settings)
    assert (theory > 0).all()
    assert "float32 underflows" in said
    assert (measured[:, layer_named(said) - 1] < np.finfo("float32").tiny).any()
    assert (measured[:, -1] > 0).all()
    said, measured, _ = judged(quantity, Variant("normal", gain=0.001), **settings, dtype="float64")
    assert (measured > 0).all()
    assert "flows" not in said


def test_a_signal_above_the_largest_number_overflows_in_the_layer_named():
    settings = {"hidden": (100,) * 50, "activation": "relu", "seeds": 2, "batch_size": 16}
    said, measured, theory = judged("activation_rms", Variant("normal", gain=3), **settings)
    layer = layer_named(said)
    assert "float32 overflows" in said
    assert np.isfinite(measured[:, : layer - 1]).all()
    assert not np.isfinite(measured[:, layer - 1]).all()
    assert np.isfinite(theory).all()
    assert (np.diff(np.log(theory)) > 0).all()


@every_quantity
def test_zero_weights_are_exactly_what_theory_has(quantity):
    said, measured, theory = judged(quantity, Variant("zeros"))
    assert not measured.any()
    assert not theory.any()
    assert "exactly 0" in said


@pytest.mark.parametrize("variant", [Variant("constant"), Variant("xavier", mean=0.5)], ids=["constant", "mean"])
@every_quantity
def test_a_common_value_has_no_theory(quantity, variant):
    said, _, theory = judged(quantity, variant)
    assert theory is None
    assert "no prediction for constant weights, nor for a mean other than 0" in said


@pytest.mark.parametrize("design", [{"normalization": "layer"}, {"skip": 1}], ids=str)
def test_the_theory_of_plain_layers_is_not_held_against_others(design):
    said, _, theory = judged("dz_rms", Variant("he"), **design)
    assert theory is None
    assert "without normalization and skips" in said


def test_a_constant_of_which_nothing_is_left_has_the_theory_of_its_noise():
    _, _, theory = judged("dz_rms", Variant("constant", gain=0, noise=0.1))
    _, _, zeros = judged("dz_rms", Variant("zeros", noise=0.1))
    np.testing.assert_array_equal(theory, zeros)


def test_it_is_the_variant_asked_for_that_is_judged():
    variants = (Variant("constant"), Variant("xavier"), Variant("zeros", label="none"))
    result = run(Experiment(variants=variants, activation="tanh", hidden=(256,) * 2, steps=1))
    said = describe_agreement(result, "dz_rms", [predict_first_step(result, i) for i in range(3)])
    assert re.fullmatch(r"Constant: .*constant weights, .*\. Xavier: .*agree.*\. none: exactly 0.*\.", said)


def test_variants_with_the_same_finding_share_a_sentence():
    result = run(Experiment(variants=(Variant("zeros"), Variant("he"), Variant("zeros", label="none")), steps=1))
    said = describe_agreement(result, "dz_rms", [predict_first_step(result, i) for i in range(3)])
    assert said.startswith("Zero and none: exactly 0")
    assert " He: " in said
    assert said.count("exactly 0") == 1


def test_many_with_the_same_finding_are_counted_with_the_largest_difference():
    variants = tuple(Variant("he", label=f"start {k}") for k in range(6))
    result = run(Experiment(variants=variants, hidden=(256,) * 2, seeds=1, steps=1))
    sizes = result.dz_rms * np.linspace(1, 1.05, 6)[:, None, None, None]
    predictions = [predict_first_step(result, i) for i in range(6)]
    whole = replace(result, dz_rms=sizes)
    said = describe_agreement(whole, "dz_rms", predictions)
    each = []
    for k in range(6):
        experiment = replace(result.experiment, variants=variants[k : k + 1])
        alone = replace(whole, experiment=experiment, dz_rms=sizes[k : k + 1])
        each.append(describe_agreement(alone, "dz_rms", predictions[k : k + 1]))
    differences = [int(re.search(r"(\d+)\N{NO-BREAK SPACE}%", one)[1]) for one in each]
    assert len(set(differences)) > 1
    assert re.fullmatch(rf"6 networks: at most {max(differences)}\N{{NO-BREAK SPACE}}% from theory; .*", said)


@pytest.mark.parametrize(
    "variant", [Variant("he", gain=1.5, noise=0.1, bias_std=0.3), Variant("lsuv", gain=2), Variant("pytorch_default")]
)
def test_what_is_expected_of_a_seed_is_the_prediction_for_its_batch_and_output(variant):
    experiment = Experiment("moons", (9, 7), "tanh", (variant,), seeds=3, steps=1, batch_size=16, seed=5)
    result, X = run(experiment), dataset("moons").X_train
    initializer, g, sizes = INITIALIZERS[variant.initializer], ACTIVATIONS["tanh"], experiment.sizes
    weights, biases = parameter_variances(variant, sizes, g)
    found = predict_first_step(result, 0)
    for index in range(3):
        batch = batch_indices((5, index), len(X), 16, 1)[0]
        law = {
            "unit_variance": variant.gain**2 if initializer.fits_data else None,
            "orthogonal": initializer.sampler == "orthogonal",
        }
        prediction = predict(sizes, g, weights, biases, X[batch].T, result.output_gradient[0, index], **law)
        for name in (field.name for field in fields(Prediction)):
            np.testing.assert_array_equal(getattr(found, name)[index], getattr(prediction, name), err_msg=name)


@pytest.mark.parametrize("gain", [1e4, 1.5e4, 1.8e4, 2e4, 2.4e4])
def test_squares_beyond_the_range_of_float64_are_reported_as_overflow(gain):
    """Theory may do so before what is measured does, or after."""
    settings = {"hidden": (100,) * 30, "dtype": "float64", "seeds": 2, "batch_size": 16}
    said, measured, theory = judged("activation_rms", Variant("normal", gain=gain), **settings)
    gone = not np.isfinite(measured).all() or not np.isfinite(theory).all()
    assert ("float64 overflows" in said) == gone
    assert "not a number" not in said


@pytest.mark.parametrize("quantity", QUANTITIES[1:])
def test_squares_that_vanish_in_float64_are_reported_as_underflow(quantity):
    start, settings = Variant("normal", gain=0.001), {"activation": "sigmoid", "dtype": "float64", "seeds": 2}
    said, _, theory = judged(quantity, start, hidden=(64,) * 64, batch_size=16, **settings)
    assert (theory[:, 0] == 0).all()
    assert (theory[:, -1] > 0).all()
    assert "in layer 1 float64 underflows" in said


def test_a_relu_signal_that_underflows_is_not_said_to_be_dead():
    result = run(Experiment(hidden=(16,) * 50, variants=(Variant("normal", 0.001),), seeds=2, steps=1, batch_size=8))
    for quantity in ("activation_rms", "dz_rms", "weight_gradient_norm"):
        said = describe_agreement(result, quantity, [predict_first_step(result, 0)])
        assert "underflows" in said
        assert "dead" not in said


@pytest.mark.parametrize(
    ("quantity", "settings"),
    [
        ("activation_rms", {"hidden": (32,) * 50, "activation": "gelu", "seeds": 5, "batch_size": 8}),
        ("weight_gradient_norm", {"hidden": (100,) * 50, "seeds": 5, "batch_size": 64}),  # within the scatter of seeds
    ],
)
def test_a_factor_is_no_agreement(quantity, settings):
    result = run(Experiment(variants=(Variant("he"),), steps=1, **settings))
    said = describe_agreement(result, quantity, [predict_first_step(result, 0)])
    assert "a factor" in said
    assert "agree" not in said
    assert "%" not in said
