"""The loop: the same bits however runs are stacked and shared out; overflow is recorded; a tick can end it."""

import os
import threading
from dataclasses import fields, replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from core import Clip, Experiment, Variant, run
from core.engine import sharing
from core.engine.results import WATCHED

MIXED = (
    Variant("he"),
    Variant("xavier", clip=Clip("norm", 0.5), learning_rate=0.5),
    Variant("normal", gain=0.2, bias_std=0.3),
    Variant("lsuv", clip=Clip("layer_norm", 0.1)),
    Variant("constant", noise=0.01, clip=Clip("value", 0.01)),
    Variant("pytorch_default", gain=2),
)
CASES = {
    "digits": Experiment("digits", (64, 64, 64), "relu"),
    "one example a batch": Experiment("digits", (7, 7), "tanh", batch_size=1, dtype="float64"),
    "one unit": Experiment("digits", (1,), "sigmoid", batch_size=1),
    "odd sizes": Experiment("digits", (7,), "gelu", batch_size=33),
    "no hidden layer": Experiment("digits", (), "relu", batch_size=16, dtype="float64"),
    "narrow in the middle": Experiment("spirals", (64, 1, 7), "silu", batch_size=5, optimizer="adam"),
    "regression": Experiment("curve", (7, 7), "tanh", optimizer="momentum"),
    "noise": Experiment("noise", (64, 7), "leaky_relu", batch_size=7, optimizer="rmsprop", dtype="float64"),
    "deep": Experiment("moons", (20,) * 12, "elu", batch_size=1024),
}
CASES = {
    name: replace(case, variants=MIXED, seeds=3, steps=6 if name == "deep" else 12) for name, case in CASES.items()
}
EXPLODING = Experiment(
    "digits",
    (64,) * 10,
    variants=(Variant("normal"), Variant("normal", clip=Clip(), label="clipped"), Variant("he")),
    seeds=2,
    steps=30,
)
ONCE = ("recorded_steps", "histogram_edges")  # have neither a variant nor a seed axis

every_case = pytest.mark.parametrize("experiment", CASES.values(), ids=CASES)


def arrays(result):
    return {f.name: getattr(result, f.name) for f in fields(result) if f.name != "experiment"}


def assert_same(result, other, select=lambda name, array: array):
    """Equal to the last bit; NaN where the other is NaN."""
    for name, array in arrays(other).items():
        np.testing.assert_array_equal(getattr(result, name), select(name, array), err_msg=name, strict=True)


@cache
def trained(experiment):
    """Its result: whatever is then held against it."""
    return run(experiment)


def training_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("training")]


@every_case
def test_the_same_experiment_gives_the_same_bits(experiment):
    assert_same(run(experiment), trained(experiment))


@every_case
def test_a_variant_alone_gives_the_bits_it_has_in_a_stack(experiment):
    together = trained(experiment)
    for i, variant in enumerate(experiment.variants):
        alone = run(replace(experiment, variants=(variant,)))
        assert_same(alone, together, lambda name, array, i=i: array if name in ONCE else array[i : i + 1])


@every_case
def test_fewer_seeds_give_the_bits_of_the_first_of_many(experiment):
    def first(name, array):
        return array if name in (*ONCE, *WATCHED) else array[:, :1]

    assert_same(run(replace(experiment, seeds=1)), trained(experiment), first)


@pytest.mark.parametrize("cores", [1, 2, 5, 64])
@pytest.mark.parametrize("name", ["digits", "odd sizes", "one example a batch", "regression"])
def test_the_number_of_threads_changes_no_bit(name, cores, monkeypatch):
    expected = trained(CASES[name])
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    assert_same(run(CASES[name]), expected)


def test_a_diverged_run_in_a_stack_is_what_it_is_alone():
    together = trained(EXPLODING)
    for i, variant in enumerate(EXPLODING.variants):
        alone = trained(replace(EXPLODING, variants=(variant,)))
        assert_same(alone, together, lambda name, array, i=i: array if name in ONCE else array[i : i + 1])


def test_what_is_watched_of_a_diverged_run_does_not_depend_on_the_stack(monkeypatch):
    """Its last update leaves infinities, not NaN: they may be kept in both cases or in neither."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0}, raising=False)
    alone = Experiment("moons", (20,) * 12, "elu", (Variant("normal", bias_std=0.3),), 1, 12, 1024)
    together = run(replace(alone, variants=(*alone.variants, Variant("he"))))
    assert_same(run(alone), together, lambda name, array: array if name in ONCE else array[:1])


def test_a_diverged_run_does_not_disturb_the_others():
    result = trained(EXPLODING)
    assert (result.diverged_at[0] >= 0).all()
    assert (result.diverged_at[2] == -1).all()
    assert np.isfinite(result.loss[2]).all()


def test_a_divergence_is_recorded_and_everything_after_it_is_nan():
    result = trained(EXPLODING)
    layers = len(EXPLODING.sizes) - 1
    for seed, at in enumerate(result.diverged_at[0]):
        assert 0 <= at < EXPLODING.steps - 1
        assert 1 <= result.diverged_layer[0, seed] <= layers
        late = result.recorded_steps > at
        for name in ("loss", "gradient_norm", "applied_norm", "clip_cosine", "layer_gradient_norm"):
            values = getattr(result, name)[0, seed]
            assert np.isfinite(values[:at]).all(), name
            assert np.isnan(values[at + 1 :]).all(), name
        for name in ("train_accuracy", "test_accuracy", "activation_rms", "weight_norm", "distinct_units"):
            values = getattr(result, name)[0, seed]
            assert np.isfinite(values[result.recorded_steps < at]).all(), name
            assert np.isnan(values[late]).all(), name
        assert np.isnan(result.histograms[0, seed, 1]).all()
    late = result.recorded_steps > result.diverged_at[0, 0]
    assert np.isfinite(result.first_weights[0, ~late]).all()
    for name in WATCHED:
        assert np.isnan(getattr(result, name)[0, late]).all()
        assert np.isfinite(getattr(result, name)[2]).all()


def test_runs_that_stay_finite_are_marked_so():
    result = trained(CASES["digits"])
    assert (result.diverged_at == -1).all()
    assert (result.diverged_layer == 0).all()
    assert result.diverged_at.dtype.kind == result.diverged_layer.dtype.kind == "i"


def test_overflow_going_forward_names_the_first_layer_past_the_largest_float32():
    """Activations grow by a known factor a layer, so that float64 tells where float32 must end."""
    wide = Experiment("digits", (64,) * 12, "linear", (Variant("normal", gain=1e4),), seeds=3, steps=1, dtype="float64")
    narrow = run(replace(wide, dtype="float32"))
    exact = run(wide)
    assert (exact.diverged_at == -1).all()
    largest = np.finfo("float32").max
    for seed, sizes in enumerate(exact.activation_rms[0, :, 0]):
        layer = narrow.diverged_layer[0, seed]
        assert narrow.diverged_at[0, seed] == 0
        assert layer == 1 + np.flatnonzero(sizes > largest / 10)[0]
        np.testing.assert_allclose(narrow.activation_rms[0, seed, 0, : layer - 1], sizes[: layer - 1], rtol=1e-3)


def test_overflow_going_backward_names_the_last_layer_that_has_it():
    """Saturated tanh keeps the signal in bounds while the few units that are not multiply the error."""
    result = run(Experiment("digits", (256,) * 64, "tanh", (Variant("normal", gain=3),), 1, 1, 8))
    assert np.isfinite(result.loss).all()
    assert np.isfinite(result.activation_rms).all()
    assert result.diverged_at[0, 0] == 0
    errors = np.isfinite(result.dz_rms[0, 0, 0])
    layer = result.diverged_layer[0, 0]
    assert errors[layer:].all()
    assert layer in (np.flatnonzero(~errors)[-1] + 1, np.flatnonzero(~errors)[-1] + 2)  # its dW may overflow first


@pytest.mark.parametrize("optimizer", ["rmsprop", "adam"])
def test_a_gradient_whose_square_overflows_in_the_optimizer_is_a_divergence(optimizer):
    """Its norm is finite, but the weights would stand still from here on."""
    steep = Experiment("digits", (64,) * 5, "linear", (Variant("normal", gain=1e4),), 2, 5, optimizer=optimizer)
    narrow, wide = run(steep), run(replace(steep, dtype="float64"))
    assert np.isfinite(narrow.layer_gradient_norm[..., 0, :]).all()
    assert (narrow.diverged_at == 0).all()
    assert (narrow.diverged_layer >= 1).all()
    assert (wide.diverged_at == -1).all()


def test_float64_lasts_longer_than_float32():
    narrow = trained(replace(EXPLODING, variants=EXPLODING.variants[:1]))
    wide = run(replace(EXPLODING, variants=EXPLODING.variants[:1], dtype="float64"))
    last = np.where(wide.diverged_at < 0, EXPLODING.steps, wide.diverged_at)
    assert (last > narrow.diverged_at).all()


def test_float32_and_float64_agree_until_rounding_grows():
    experiment = replace(CASES["digits"], variants=(Variant("he"),), dtype="float64")
    wide, narrow = run(experiment), run(replace(experiment, dtype="float32"))
    np.testing.assert_allclose(narrow.loss, wide.loss, rtol=1e-4)
    np.testing.assert_allclose(narrow.gradient_norm, wide.gradient_norm, rtol=1e-4)


def test_more_steps_begin_like_few():
    long, short = trained(CASES["digits"]), run(replace(CASES["digits"], steps=5))
    np.testing.assert_array_equal(long.loss[..., :5], short.loss)
    np.testing.assert_array_equal(long.layer_gradient_norm[..., :5, :], short.layer_gradient_norm)


def test_ticks_come_from_the_calling_thread_and_never_go_back():
    seen = []
    run(replace(CASES["digits"], steps=80), lambda fraction: seen.append((threading.get_ident(), fraction)))
    callers, fractions = zip(*seen, strict=True)
    assert set(callers) == {threading.get_ident()}
    assert all(0 <= a <= b <= 1 for a, b in pairwise(fractions))
    assert fractions[-1] == 1


def test_progress_is_that_of_all_blocks(monkeypatch):
    def do_one_by_one(tasks, threads, tick):
        for task in tasks:
            task(lambda: None)
            tick()

    monkeypatch.setattr(sharing, "BLOCK_BYTES", 1)  # a run a block
    monkeypatch.setattr(sharing, "run_in_threads", do_one_by_one)
    seen = []
    run(CASES["one unit"], seen.append)
    np.testing.assert_allclose(seen, np.arange(1, 19) / 18)


@pytest.mark.parametrize(("base", "patience"), [(Exception, 0), (BaseException, 1), (Exception, 4)])
def test_what_a_tick_raises_ends_the_run_and_its_threads(base, patience):
    class Stop(base):
        pass

    calls = []

    def tick(fraction):
        calls.append(fraction)
        if len(calls) > patience:
            raise Stop

    endless = replace(CASES["digits"], steps=2000)
    with pytest.raises(Stop):
        run(endless, tick)
    assert len(calls) == patience + 1
    assert calls[-1] < 1
    assert not training_threads()


def test_a_finished_run_leaves_no_thread():
    run(CASES["odd sizes"])
    assert not training_threads()


def test_a_run_after_a_canceled_one_gives_the_same_bits():
    expected = trained(CASES["digits"])

    def stop(fraction):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run(CASES["digits"], stop)
    assert_same(run(CASES["digits"]), expected)


def test_runs_in_two_threads_at_once_do_not_disturb_each_other():
    expected, found = trained(CASES["digits"]), {}
    threads = [threading.Thread(target=lambda i=i: found.update({i: run(CASES["digits"])})) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in found.values():
        assert_same(result, expected)
    assert len(found) == 2
