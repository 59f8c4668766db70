"""Fits: every law of the catalogue is recognized, trained weights are not, and both as often as is claimed."""

import math

import numpy as np
import pytest

from core import INITIALIZERS
from core.diagnosis import fits, goodness, shapes, units
from core.diagnosis.fits import fit

from .weights import layer, truncated

DRAWN = [name for name, initializer in INITIALIZERS.items() if initializer.sampler in ("normal", "uniform")]
NORMAL = [name for name in DRAWN if INITIALIZERS[name].sampler == "normal"]


def draw(name, rng, fans, cut=False):
    if cut:
        return truncated(rng, INITIALIZERS[name].std(*fans), fans[::-1])
    return INITIALIZERS[name].draw(rng, *fans)


def fitted(W, level=fits.LEVEL):
    each = layer(W)
    return fit(each, float(units.spectrum(each.W, whole=True).values[0]), level)


def may_be(found, name, shape):
    laws = [found.law, *found.rivals] if found.kind == "law" else []
    return any(name in law.names and law.shape.name == shape for law in laws)


@pytest.mark.parametrize("shape", shapes.SHAPES.values(), ids=lambda shape: shape.name)
def test_a_shape_has_the_moments_and_the_density_it_says(shape):
    x = np.linspace(-9, 9, 200_001) if math.isinf(shape.bound) else np.linspace(-shape.bound, shape.bound, 200_001)
    middle, mass = (x[1:] + x[:-1]) / 2, np.diff(shape.cdf(x))
    density = np.exp(shape.log_peak - shape.curvature * middle**2 / 2)
    np.testing.assert_allclose(mass, density * np.diff(x), atol=1e-8)
    assert mass.sum() == pytest.approx(1, abs=1e-12)
    assert mass @ middle**2 == pytest.approx(1, abs=1e-6)
    assert mass @ middle**4 == pytest.approx(shape.kurtosis, abs=1e-5)


@pytest.mark.parametrize("fans", [(30, 20), (64, 64), (100, 12)], ids=str)
@pytest.mark.parametrize(("name", "cut"), [*((n, False) for n in DRAWN), *((n, True) for n in NORMAL)])
def test_a_draw_of_every_law_is_recognized(name, cut, fans):
    rng = np.random.default_rng([3, *fans])
    shape = "truncated" if cut else INITIALIZERS[name].sampler
    assert all(may_be(fitted(draw(name, rng, fans, cut), 0.001), name, shape) for _ in range(5))


def test_fresh_draws_are_called_trained_as_rarely_as_the_level_says():
    """Over many draws of all laws in layers of several sizes, no more than chance leaves of the level."""
    rng, draws, wrong, passed_over = np.random.default_rng(1), 0, 0, 0
    for fans in ((4, 3), (20, 10), (12, 40)):
        for name in DRAWN:
            for _ in range(25):
                found = fitted(draw(name, rng, fans))
                draws += 1
                wrong += found.kind != "law"
                passed_over += found.kind == "law" and not may_be(found, name, INITIALIZERS[name].sampler)
    expected = fits.LEVEL * draws
    assert draws == 750
    assert 1 <= wrong <= expected + 3 * math.sqrt(expected)
    assert passed_over <= expected + 3 * math.sqrt(expected)


@pytest.mark.parametrize("shape", [shapes.NORMAL, shapes.UNIFORM, shapes.TRUNCATED], ids=lambda shape: shape.name)
@pytest.mark.parametrize("size", [(5, 12), (16, 48)], ids=str)
def test_no_single_test_fires_more_often_than_it_says(shape, size):
    rng, low, draws = np.random.default_rng(2), {}, 400
    for _ in range(draws):
        W = {"normal": rng.normal, "uniform": lambda size: rng.uniform(-(3**0.5), 3**0.5, size)}.get(
            shape.name, lambda size: truncated(rng, 1.0, size)
        )(size=size)
        sample = goodness.Sample(W, 1e-7, float(np.linalg.norm(W, 2)))
        for test, p in goodness.probabilities(sample, shape, 1.0).items():
            low[test] = low.get(test, 0) + (p < 0.05)
    assert set(low) == set(goodness.SAID)
    assert max(low.values()) <= draws * 0.05 + 4 * math.sqrt(draws * 0.05)


@pytest.mark.parametrize("name", ["he", "glorot_uniform"])
def test_a_change_of_scale_is_detected_from_the_stated_size_on(name):
    rng, fans = np.random.default_rng(4), (40, 30)
    stated = fitted(draw(name, rng, fans)).seen
    changed = [fitted((1 + stated) * draw(name, rng, fans)) for _ in range(40)]
    assert 0 < stated < 0.15
    assert sum(may_be(found, name, INITIALIZERS[name].sampler) for found in changed) <= 1


CHANGES = {
    "a direction learned": lambda rng, W: W + np.outer(rng.standard_normal(64), rng.standard_normal(64)) * 0.05,
    "a mean": lambda rng, W: W + 0.01,
    "units of different sizes": lambda rng, W: W * np.exp(0.2 * rng.standard_normal((64, 1))),
    "heavy tails": lambda rng, W: W * np.exp(0.5 * rng.standard_normal(W.shape)),
    "one large weight": lambda rng, W: W + np.where(np.arange(W.size).reshape(W.shape) == 77, 2.0, 0),
    "pruned": lambda rng, W: W * (rng.random(W.shape) < 0.5),
}


@pytest.mark.parametrize("name", ["he", "pytorch_default"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_weights_that_training_has_changed_are_no_laws(change, name):
    rng = np.random.default_rng(5)
    found = [fitted(change(rng, draw(name, rng, (64, 64)))) for _ in range(10)]
    assert [each.kind for each in found].count("none") >= 9
    assert all(each.against in goodness.SAID for each in found if each.kind == "none")


def test_few_weights_leave_rivals_and_very_few_leave_all_open():
    rng = np.random.default_rng(6)
    assert fitted(draw("he", rng, (5, 4))).rivals
    assert fitted(draw("he", rng, (100, 100))).rivals == ()
    assert fitted(draw("he", rng, (3, 2))).kind == "few"


@pytest.mark.parametrize(("shape", "std"), [("normal", 3.0), ("uniform", 0.01), ("truncated", 0.5)])
def test_a_fresh_draw_at_no_laws_scale_is_called_scaled(shape, std):
    rng, size = np.random.default_rng(7), (60, 50)
    W = {"normal": rng.standard_normal(size), "uniform": rng.uniform(-(3**0.5), 3**0.5, size)}.get(shape)
    found = fitted(std * (truncated(rng, 1.0, size) if W is None else W))
    assert (found.kind, found.shape) == ("scaled", shape)
    assert found.ratio * found.law.std == pytest.approx(std, rel=0.05)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("gain", [1.0, 2**0.5])
@pytest.mark.parametrize("fans", [(30, 20), (20, 30), (30, 30), (2, 9)], ids=str)
def test_orthogonal_weights_are_known_with_their_gain(fans, gain, dtype):
    found = fitted((gain * INITIALIZERS["orthogonal"].draw(np.random.default_rng(8), *fans)).astype(dtype))
    assert found.kind == "orthogonal"
    assert found.ratio == pytest.approx(gain, rel=1e-3)


def test_nothing_else_is_orthogonal():
    rng = np.random.default_rng(9)
    assert fitted(INITIALIZERS["xavier"].draw(rng, 500, 3)).kind == "law"
    almost = INITIALIZERS["orthogonal"].draw(rng, 64, 64)
    almost[0] *= 1.1
    assert fitted(almost).kind == "none"


def test_a_single_unit_is_orthogonal_if_its_length_is_one_to_the_last_digit():
    w = np.random.default_rng(10).standard_normal((1, 50))
    assert fitted(w / np.linalg.norm(w)).kind == "orthogonal"
    assert fitted(1.01 * w / np.linalg.norm(w)).kind != "orthogonal"


@pytest.mark.parametrize("name", ["he", "he_uniform", "glorot"])
def test_half_precision_does_not_hide_a_law(name):
    W = draw(name, np.random.default_rng(11), (200, 100))
    bfloat16 = (W.astype(np.float32).view(np.uint32) & 0xFFFF0000).view(np.float32)
    assert fits.rounding(bfloat16) == 2**-8
    assert fits.rounding(W.astype(np.float16).astype(np.float32)) == 2**-11
    for stored in (W.astype(np.float16), bfloat16):
        assert may_be(fitted(stored), name, INITIALIZERS[name].sampler)


@pytest.mark.parametrize(("value", "kind"), [(0.0, "zeros"), (0.1, "constant"), (-2.0, "constant")])
def test_constants_are_named(value, kind):
    found = fitted(np.full((4, 5), value))
    assert found.kind == kind
    assert found.ratio == pytest.approx(value)


@pytest.mark.parametrize("scale", [1e-40, 1e-20, 1e20, 1e38])
def test_scales_at_the_ends_of_float32_are_read(scale):
    W = np.random.default_rng(12).uniform(-1, 1, (20, 30)) * scale
    assert fitted(W).kind in ("scaled", "none")
    assert (
        fitted(INITIALIZERS["orthogonal"].draw(np.random.default_rng(0), 20, 30) * max(scale, 1e-30)).kind
        == "orthogonal"
    )


def test_laws_that_cannot_differ_are_one():
    names = {law.names for law in fits.laws(300, 100)}
    assert ("glorot_uniform", "keras_default", "sklearn_default") in names
    assert ("glorot_uniform", "keras_default") in {law.names for law in fits.laws(300, 100, "sigmoid")}
    labels = [law.label for law in fits.laws(300, 100)]
    assert {"He", "He, truncated", "He uniform"} <= set(labels)
    assert len(set(labels)) == len(labels)
