"""Clipping: identity up to the threshold, on the threshold past it, in the same direction; safe at zero and at inf."""

import jax
import numpy as np
import optax
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.clipping import KINDS, Clip, clip_stack, scale_factor

jax.config.update("jax_enable_x64", True)

LAYERS = [slice(0, 6), slice(6, 7), slice(7, 20)]
gradients = arrays(np.float64, 20, elements=st.floats(-1e3, 1e3).map(lambda x: round(x, 6)))
thresholds = st.floats(1e-3, 1e4)


def stack(rows, clips):
    """clip_stack on a copy: the clipped rows, the norms after, the cosines."""
    clipped = np.array(rows, dtype=float)
    norms = np.array([[np.linalg.norm(row[columns]) for columns in LAYERS] for row in clipped])
    with np.errstate(all="ignore"):
        applied, cosine = clip_stack(clipped, LAYERS, norms, clips)
    return clipped, applied, cosine


def peer(transform, tree):
    return transform.update(tree, transform.init(tree))[0]


@given(gradients, thresholds)
def test_up_to_the_threshold_the_norm_clip_is_the_identity(g, threshold):
    (clipped,), _, _ = stack([g], [Clip("norm", max(threshold, np.linalg.norm(g) * (1 + 1e-12)))])
    np.testing.assert_array_equal(clipped, g)


@given(gradients, thresholds)
def test_past_the_threshold_the_norm_clip_lands_on_it_and_keeps_the_direction(g, threshold):
    norm = np.linalg.norm(g)
    (clipped,), _, _ = stack([g], [Clip("norm", threshold)])
    if norm > threshold * (1 + 1e-12):
        assert np.linalg.norm(clipped) == pytest.approx(threshold, rel=1e-12)
        np.testing.assert_allclose(clipped, g * (threshold / norm), rtol=1e-12)


@given(gradients, thresholds)
def test_the_value_clip_bounds_every_entry_and_leaves_small_ones(g, threshold):
    (clipped,), _, _ = stack([g], [Clip("value", threshold)])
    assert np.abs(clipped).max() <= threshold
    small = np.abs(g) <= threshold
    np.testing.assert_array_equal(clipped[small], g[small])
    np.testing.assert_array_equal(clipped[~small], threshold * np.sign(g[~small]))


@settings(max_examples=25)
@given(gradients, thresholds)
def test_clips_are_those_of_optax(g, threshold):
    tree = [g[columns] for columns in LAYERS]
    together = np.concatenate(peer(optax.clip_by_global_norm(threshold), tree))
    apart = np.concatenate([peer(optax.clip_by_global_norm(threshold), part) for part in tree])
    clips = [Clip("norm", threshold), Clip("layer_norm", threshold), Clip("value", threshold)]
    expected = [together, apart, peer(optax.clip(threshold), g)]
    np.testing.assert_allclose(stack([g] * 3, clips)[0], expected, rtol=1e-12, atol=1e-300)


@given(gradients, thresholds)
def test_every_row_of_a_stack_is_clipped_by_its_own_rule(g, threshold):
    clips = [Clip("norm", threshold), None, Clip("layer_norm", threshold), Clip("value", threshold)]
    clipped, applied, _ = stack([g] * 4, clips)
    for row, clip in enumerate(clips):
        np.testing.assert_array_equal(clipped[row], stack([g], [clip])[0][0])
    np.testing.assert_array_equal(clipped[1], g)
    np.testing.assert_allclose(applied, np.linalg.norm(clipped, axis=1), rtol=1e-10)


@given(gradients, thresholds)
def test_the_layer_clip_lands_every_layer_on_the_threshold_or_leaves_it(g, threshold):
    clipped = stack([g], [Clip("layer_norm", threshold)])[0][0]
    for columns in LAYERS:
        expected = min(threshold, np.linalg.norm(g[columns]))
        assert np.linalg.norm(clipped[columns]) == pytest.approx(expected, rel=1e-12)


@given(gradients, thresholds)
def test_the_cosine_is_that_of_the_raw_and_the_clipped_gradient(g, threshold):
    clipped, _, cosine = stack([g] * 3, [Clip(kind, threshold) for kind in KINDS])
    for row, seen in zip(clipped, cosine, strict=True):
        lengths = np.linalg.norm(g) * np.linalg.norm(row)
        assert seen == pytest.approx(g @ row / lengths if lengths else 1.0, rel=1e-9)
        assert seen <= 1


def test_only_the_global_norm_keeps_the_direction():
    g = np.ones(20)
    g[0], g[6] = 50, 10
    _, _, cosine = stack([g] * 3, [Clip(kind, 1.0) for kind in ("norm", "layer_norm", "value")])
    assert cosine[0] == 1
    assert (cosine[1:] < 0.99).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_zero_gradient_stays_zero(kind):
    clipped, applied, cosine = stack([np.zeros(20)], [Clip(kind, 1.0)])
    assert not clipped.any()
    assert applied[0] == 0
    assert cosine[0] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_infinite_gradient_grows_no_other_entry(kind):
    g = np.ones(20)
    g[8] = np.inf
    clipped, _, _ = stack([g], [Clip(kind, 2.0)])
    finite = np.isfinite(clipped[0])
    assert finite.sum() >= 19
    assert (np.abs(clipped[0][finite]) <= 2).all()
    assert scale_factor(np.inf, 2.0) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_nan_is_not_hidden(kind):
    g = np.ones(20)
    g[8] = np.nan
    clipped, applied, _ = stack([g], [Clip(kind, 2.0)])
    assert np.isnan(clipped[0, 8])
    assert np.isnan(applied[0])


@pytest.mark.parametrize(
    "threshold", [0, -1, np.nan, np.inf, "1e", None, [], 10**400], ids=lambda value: repr(value)[:9]
)
def test_a_bad_threshold_is_named(threshold):
    with pytest.raises(ValueError, match="threshold"):
        Clip("norm", threshold)


@pytest.mark.parametrize("kind", ["", "Norm", None, 1, [], {}])
def test_a_bad_kind_is_named(kind):
    with pytest.raises(ValueError, match="kind"):
        Clip(kind, 1.0)


def test_equal_clips_hash_alike():
    assert len({Clip("norm", 8), Clip("norm", 8.0), Clip("norm", np.int64(8))}) == 1
    assert isinstance(Clip("norm", np.float32(8)).threshold, float)
