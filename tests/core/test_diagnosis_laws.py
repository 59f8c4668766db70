"""Laws: every law is recognized by family and scale, and what training has changed is no draw."""

import numpy as np
import pytest

from core import INITIALIZERS
from core.diagnosis.laws import CUT_STD, FAMILIES, FEWEST, fit, known_laws

from .weights import truncated

DRAWN = [name for name, initializer in INITIALIZERS.items() if initializer.sampler in ("normal", "uniform")]
NORMAL = [name for name in DRAWN if INITIALIZERS[name].sampler == "normal" and name != "normal"]
LABELS = {"normal": "N(0, 1)", "keras_default": "Glorot uniform", "sklearn_default": "Glorot uniform"}
FANS = ((20, 12), (64, 64), (12, 40))


def fit_matrix(W):
    return fit(np.asarray(W, dtype=np.float32), W.shape[::-1])


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_has_the_moments_and_the_end_it_says(family):
    x = family.quantile(np.random.default_rng(0).random((500, 500)))
    assert x.mean() == pytest.approx(0, abs=0.008)
    assert x.std() == pytest.approx(1, abs=0.005)
    assert (x**4).mean() == pytest.approx(family.kurtosis, rel=0.02)
    assert np.abs(x).max() <= family.quantile(1.0)


@pytest.mark.parametrize("name", DRAWN)
def test_a_draw_of_every_law_is_recognized(name):
    rng, label = np.random.default_rng(3), LABELS.get(name, INITIALIZERS[name].label)
    laws = [fit_matrix(INITIALIZERS[name].draw(rng, *fans)).laws for fans in FANS for _ in range(20)]
    assert sum(label not in found for found in laws) <= 1


@pytest.mark.parametrize("name", NORMAL)
def test_a_cut_normal_is_recognized_widened_or_not(name):
    rng, fans = np.random.default_rng(4), (80, 60)
    std, label = INITIALIZERS[name].std(*fans), INITIALIZERS[name].label
    assert f"{label}, normal cut at 2σ" in fit_matrix(truncated(rng, std, fans[::-1])).laws
    narrow = fit_matrix(truncated(rng, std * CUT_STD, fans[::-1])).laws
    assert any(law.startswith(f"{label}, normal cut at 2σ and not widened") for law in narrow)


@pytest.mark.parametrize(
    ("std", "law"),
    [
        ((2 / 120) ** 0.5, "He with fan_out in place of fan_in"),
        (5 / 3 * (2 / 200) ** 0.5, "Glorot average × 5/3"),
        (0.02, "N(0, 0.02), as in BERT and GPT-2"),
        (0.75 * (1 / 80) ** 0.5, "Xavier × 3/4"),
    ],
)
def test_gains_and_fans_are_named(std, law):
    assert law in fit_matrix(std * np.random.default_rng(5).standard_normal((120, 80))).laws


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize(("gain", "text"), [(1.0, ""), (2**0.5, " × √2"), (5 / 3, " × 5/3"), (0.01, " × 0.01")])
def test_orthogonal_weights_are_known_with_their_gain(gain, text, dtype):
    for fans in ((30, 20), (20, 30), (30, 30), (9, 2)):
        W = (gain * INITIALIZERS["orthogonal"].draw(np.random.default_rng(8), *fans)).astype(dtype)
        assert fit_matrix(W).laws == (f"Orthogonal{text}",)


def test_the_identity_is_known_with_its_gain():
    assert fit_matrix(np.eye(30, 20)).laws == ("Identity",)
    assert fit_matrix(2**0.5 * np.eye(20, 30)).laws == ("Identity × √2",)
    assert fit_matrix(np.pad(np.eye(20)[:, :, None], ((0, 0), (0, 0), (1, 1))).reshape(20, 60)).laws == ("Identity",)


def test_zeros_in_every_input_leave_the_law_of_the_rest():
    """As PyTorch's sparse_ draws, and as many units that are switched off."""
    rng = np.random.default_rng(7)
    W = 0.01 * rng.standard_normal((100, 64))
    np.put_along_axis(W, np.argsort(rng.random(W.shape), axis=0)[:50], 0, axis=0)
    assert (fit_matrix(W).kind, fit_matrix(W).laws) == ("law", ("N(0, 0.01), with zeros",))
    assert fit_matrix(W).std == pytest.approx(0.01 * 0.5**0.5, rel=0.05)


def test_a_std_that_people_write_comes_before_a_gain():
    """0.1 is nearly twice He's of 784 inputs."""
    W = 0.1 * np.random.default_rng(0).standard_normal((15, 784))
    assert fit_matrix(W).laws[0] == "N(0, 0.1)"


def test_a_mean_that_is_not_0_is_named_with_the_ends():
    rng = np.random.default_rng(6)
    assert fit_matrix(rng.random((40, 30))).laws == ("U(0, 1), whose mean is not 0",)
    normal = fit_matrix(0.3 + 0.1 * rng.standard_normal((40, 30)))
    assert (normal.kind, normal.laws) == ("off center", ("normal around 0.3, whose mean is not 0",))


CHANGES = {
    "a direction learned": lambda rng, W: W + np.outer(rng.standard_normal(64), rng.standard_normal(64)) * 0.05,
    "units of different sizes": lambda rng, W: W * np.exp(0.2 * rng.standard_normal((64, 1))),
    "heavy tails": lambda rng, W: W * np.exp(0.5 * rng.standard_normal(W.shape)),
    "one large weight": lambda rng, W: W + np.where(np.arange(W.size).reshape(W.shape) == 77, 2.0, 0),
    "pruned": lambda rng, W: W * (rng.random(W.shape) < 0.5),
}


@pytest.mark.parametrize("name", ["he", "pytorch_default"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_weights_that_training_has_changed_are_no_draw(change, name):
    rng = np.random.default_rng(5)
    kinds = [fit_matrix(change(rng, INITIALIZERS[name].draw(rng, 64, 64))).kind for _ in range(10)]
    assert kinds.count("none") >= 9


def test_a_normal_law_is_symmetric():
    """LPIPS keeps its trained weights at or above 0: a row of them is no normal draw around a mean."""
    rng = np.random.default_rng(5)
    assert [fit_matrix(np.abs(rng.standard_normal((1, 512)))).kind for _ in range(20)] == ["none"] * 20


def test_a_uniform_law_holds_to_its_end():
    """A thousandth beyond the end, and no law of this scale is it any more."""
    W = INITIALIZERS["pytorch_default"].draw(np.random.default_rng(0), 64, 64)
    W[3, 4] = 1.001 / 8
    assert "PyTorch default" not in fit_matrix(W).laws


@pytest.mark.parametrize(("value", "kind"), [(0.0, "zeros"), (0.1, "constant"), (np.nan, "not finite")])
def test_what_is_no_draw_at_all_is_called_by_its_name(value, kind):
    assert fit_matrix(np.full((30, 30), value)).kind == kind


def test_too_few_numbers_are_not_judged():
    assert fit_matrix(np.random.default_rng(0).standard_normal((1, FEWEST - 1))).kind == "few"


def test_laws_of_a_family_are_told_apart_by_name():
    for family in FAMILIES:
        names = [name for _, name, _ in known_laws(family, 30, 40)]
        assert len(names) == len(set(names))
