"""The advice: sizes as people write them, ties that are ties, and a recommendation made of the measurement."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import scipy

from core import INITIALIZERS, run, statistics
from core.advice import NOISE, Question, advise, describe_gain, explain_choice, measure, verdict
from core.advice.__main__ import format_laws, main
from core.advice.library_names import describe_clashes, mark_name
from core.advice.measuring import NEAR, join_folds, validation_loss
from core.advice.planning import (
    BRIEF_WORK,
    COARSE,
    FINALISTS,
    PITFALLS,
    TWINS,
    WORK,
    OverBound,
    is_brief,
    make_folds,
    plan_comparison,
    plan_stages,
)
from core.advice.question import MAX_LAYERS, format_sizes, gaussian, parse_sizes
from core.advice.recommendation import FLOOR, MARGIN, compare
from core.advice.sentences import LITTLE, NOT_MEASURED
from core.clipping import Clip
from core.datasets import assemble, dataset
from core.engine.budget import Bound, cost
from core.engine.results import AXES
from core.losses import constant_loss
from core.optimizers import OPTIMIZERS
from core.wording import number, percent

WRITTEN = (
    "784, 512, 512, 10",
    "784 512 512 10",
    "784-512-512-10",
    "784x512x512x10",
    "784 × 512 × 512 × 10",
    "784 → 512 → 512 → 10",
    "784->512->512->10",
    "[784, 512, 512, 10]",
    "(784,512,512,10)",
    "[784] + [512]*2 + [10]",
    " 784;512;512;10 ",
)
REFUSED = {
    "": "at least two sizes",
    "784": "at least two sizes",
    "784, many, 10": "`many` is not a layer size",
    "784, 1.5, 10": "`1.5` is not a layer size",
    "784, 0, 10": "from 1 to 65,536 units",
    "784, 99999999, 10": "from 1 to 65,536 units",
    "784, 5000": "at most 1,024 outputs",
    "١٢, ٣": "is not a layer size",
    "1 " * (MAX_LAYERS + 3): "at most 64 hidden layers",
    "[9]*999": "at most 64 hidden layers",
    "7" * 2000: "at most 1000 characters",
    "`<b>`, 3": "is not a layer size",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_sizes_are_read_however_they_are_written(text):
    assert parse_sizes(text) == (784, 512, 512, 10)


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=lambda text: text[:12])
def test_what_is_no_network_is_refused_in_a_sentence(text, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        parse_sizes(text)
    assert str(refusal.value).endswith(".")
    assert str(refusal.value).count("`") in (0, 2)


def test_sizes_are_written_as_they_are_read():
    assert format_sizes((784, 512, 512, 10)) == "784 → 512 → 512 → 10"
    assert format_sizes((64, 128, 128, 128, 128, 10)) == "64 → 4 × 128 → 10"
    assert parse_sizes(format_sizes((784, 512, 512, 10))) == (784, 512, 512, 10)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"activation": "step"}, "activation is 'step'"),
        ({"loss": "hinge"}, "output is 'hinge'"),
        ({"data": "faces"}, "data are 'faces'"),
        ({"scaling": "log"}, "scaling of the input is 'log'"),
        ({"seed": -1}, "seed is -1"),
        ({"normalization": "group"}, "normalization is 'group'"),
        ({"skip": 3}, "over 3 layers; allowed: 0 to 2"),
        ({"clip": Clip("value", 1)}, "clipped by value; allowed: norm"),
        ({"loss": "sigmoid"}, "A sigmoid output is one unit"),
        ({"sizes": (64, 1)}, "A softmax of one output"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        Question(**{"sizes": (64, 8, 10)} | wrong)


def test_skips_that_widths_leave_out_are_said_and_the_design_is_measured():
    even, uneven = Question((64, 8, 8, 8, 10), skip=2), Question((64, 8, 8, 4, 4, 4, 10), normalization="layer", skip=1)
    assert even.skip_note == ""
    assert "layer 3 of this network has none" in uneven.skip_note
    assert uneven.described.endswith(", layer normalization, skips over 1 layer")
    base = plan_comparison(uneven)
    assert (base.normalization, base.skip) == ("layer", 1)


def own(inputs=3, examples=90, loss="squared"):
    X = np.random.default_rng(0).normal(size=(examples, inputs))
    return assemble("own", "own", loss, X, X[:, :1] if loss == "squared" else np.eye(2)[(X[:, 0] > 0) * 1], 20)


def test_data_of_ones_own_must_fit_the_network():
    assert Question((3, 8, 1), loss="squared", data=own()).data_for(99) == own()
    with pytest.raises(ValueError, match="have 3 inputs and 1 linear outputs; the network has 4 and 1"):
        Question((4, 8, 1), loss="squared", data=own())


def test_bundled_data_that_do_not_fit_give_way_to_noise():
    fits, misfit = Question((64, 8, 10), data="digits"), Question((784, 8, 10), data="digits")
    assert not fits.on_noise
    assert fits.misfit == ""
    assert misfit.on_noise
    assert "have 64 inputs and 10 softmax outputs" in misfit.misfit
    assert misfit.data_for(784).X_train.shape[1] == 784
    assert Question((64, 8, 10), data=NOISE).on_noise


@pytest.mark.parametrize("loss", ["softmax", "sigmoid", "squared"])
def test_noise_is_unit_gaussian_and_can_be_learned(loss):
    outputs = {"softmax": 4, "sigmoid": 1, "squared": 2}[loss]
    data = gaussian(20, outputs, loss)
    assert scipy.stats.kstest(data.X_train.ravel(), "norm").pvalue > 0.01
    assert data.Y_train.shape[1] == outputs
    X = np.column_stack([data.X_train, np.ones(len(data.X_train))])
    fit = X @ np.linalg.lstsq(X, data.Y_train, rcond=None)[0]
    assert 1 - ((data.Y_train - fit) ** 2).sum() / ((data.Y_train - data.Y_train.mean(axis=0)) ** 2).sum() > 0.15


@pytest.fixture(scope="module")
def fractions():
    """What the measurement below ticks."""
    return []


def shortly(seeds, steps):
    """Training of fewer seeds and steps, where what is done with them is under test."""
    return lambda plan_comparison, tick: run(
        replace(plan_comparison, seeds=min(seeds, plan_comparison.seeds), steps=steps), tick
    )


@pytest.fixture(scope="module")
def measured(fractions):
    return measure(Question((64, 12, 12, 10), data="digits"), fractions.append, train=shortly(40, 100))


def with_losses(measured, means, spread=0.01, activation="relu"):
    """One comparison with these mean validation losses, others 0.3, of 24 seeds that share a part; none diverged."""
    rng, result = np.random.default_rng(1), measured.results[0]
    names = [variant.initializer for variant in result.experiment.variants]
    shape = (len(names), 24)
    table = np.array([means.get(name, 0.3) for name in names])[:, None]
    table = table * np.exp(rng.normal(0, 0.3, shape[1]) + rng.normal(0, spread, shape))
    arrays = {name: np.repeat(getattr(result, name), 4, axis=1) for name in AXES}
    arrays["test_loss"] = np.repeat(table[..., None], result.test_loss.shape[-1], axis=-1)
    arrays["test_accuracy"] = np.full(arrays["test_loss"].shape, 0.9)
    changed = replace(result, **arrays | {"diverged_at": np.full(shape, -1)})
    question = replace(measured.question, activation=activation)
    return replace(measured, question=question, results=(changed,), finals=())


def standings(advice):
    return {start.name: start.standing for start in advice.starts}


def test_every_initializer_is_measured_at_its_own_best_rate(measured):
    trained = [variant.initializer for variant in measured.experiment.variants]
    assert trained == [name for name in INITIALIZERS if name not in TWINS]
    for variant in measured.experiment.variants:
        found = measured.searched[variant.initializer]
        assert len(found) == 5
        near = [rate for rate, loss in found.items() if loss <= NEAR * min(found.values())]
        assert variant.learning_rate <= min(near)


def test_a_name_is_another_s_twin_exactly_where_it_draws_the_same():
    rng = np.random.default_rng
    draws = {
        name: (law.draw(rng(0), 7, 5).tobytes(), law.draw_bias(rng(0), 7, 5).tobytes(), law.fits_data)
        for name, law in INITIALIZERS.items()
    }
    for name, draw in draws.items():
        assert TWINS.get(name, name) == next(other for other in draws if draws[other] == draw)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimizer_has_its_own_learning_rates_and_every_training_is_clipped(optimizer):
    question = Question((2, 4, 1), "tanh", "sigmoid", "moons", optimizer=optimizer, clip=Clip("norm", 0.25))
    trained = []
    found = measure(question, train=lambda *given: trained.append(given[0]) or shortly(1, 10)(*given))
    assert {variant.clip for each in trained for variant in each.variants} == {question.clip}
    assert found.experiment.optimizer == optimizer
    assert set(COARSE[optimizer]) <= set(found.searched["xavier"])
    assert max(COARSE["adam"]) < max(COARSE["sgd"])


def test_the_law_of_theory_and_the_lowest_of_the_comparison_meet_in_the_final(measured):
    names = [variant.initializer for variant in measured.finals[0].experiment.variants]
    means = join_folds(measured.results, validation_loss).mean(axis=1)
    ranked = [measured.experiment.variants[v].initializer for v in np.argsort(means)]
    assert names[0] == "he"
    assert set(names) == {"he", *[name for name in ranked if name != "he" and name not in PITFALLS][: FINALISTS - 1]}
    assert measured.finals[0].experiment.seed != measured.experiment.seed


def test_the_mean_of_held_out_losses_in_the_final_decides(measured):
    advice, losses = advise(measured), join_folds(measured.finals, validation_loss)
    best = advice.recommended
    place = [variant.initializer for variant in measured.finals[0].experiment.variants].index(best.name)
    assert best.loss == pytest.approx(losses[place].mean())
    assert (losses[place] <= join_folds(measured.finals, lambda result: result.test_loss[..., -1])[place]).all()
    assert advice.chance == pytest.approx(constant_loss("softmax", dataset(measured.experiment.dataset).Y_test))
    assert standings(advice)["zeros"] == "stalled"
    first = [variant.initializer for variant in measured.experiment.variants].index(best.name)
    assert best.forward[1] == pytest.approx(np.median(statistics.forward_factor(measured.results[0], first).per_layer))


@pytest.mark.parametrize(
    ("activation", "law"),
    [
        *((name, "he") for name in ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")),
        *((name, "xavier") for name in ("tanh", "selu")),
        *((name, "glorot") for name in ("sigmoid", "linear")),
    ],
)
def test_of_starts_that_tie_the_law_of_theory_is_recommended(measured, activation, law):
    assert advise(with_losses(measured, {}, activation=activation)).recommended.name == law


@pytest.mark.parametrize(("loss", "spread", "chosen"), [(0.29, 0.001, "he"), (0.2, 0.01, "glorot"), (0.25, 2, "he")])
def test_another_is_recommended_only_where_it_is_clearly_better_and_by_more_than_the_margin(
    measured, loss, spread, chosen
):
    assert advise(with_losses(measured, {"glorot": loss}, spread)).recommended.name == chosen


def test_no_pitfall_is_recommended_however_low_its_loss(measured):
    advice = advise(with_losses(measured, dict.fromkeys(PITFALLS, 0.01)))
    assert advice.recommended.name == "he"
    assert {standings(advice)[name] for name in PITFALLS} == {"contrast"}


def test_a_training_of_less_than_two_epochs_is_no_reason_to_leave_theory(measured):
    found = with_losses(measured, {"glorot": 0.2})
    brief = replace(found.results[0], experiment=replace(found.experiment, steps=40))
    assert advise(replace(found, results=(brief,))).recommended.name == "he"


def test_a_seed_that_reaches_zero_outweighs_nothing(measured):
    advice = advise(with_losses(measured, {"he": 0.0, "glorot": 0.02}))
    assert standings(advice)["glorot"] == "tied"
    assert advice.recommended.loss == pytest.approx(FLOOR * advice.chance)


def test_the_first_choice_is_followed_by_the_others_by_loss_with_a_word_for_each(measured):
    advice = advise(with_losses(measured, {"lsuv": 0.33, "pytorch_default": 0.6}, spread=0.2))
    best, *others = advice.starts
    middle = [start for start in others if start.standing in ("tied", "uncertain", "behind")]
    assert best.standing == "recommended"
    assert others[: len(middle)] == sorted(middle, key=lambda start: start.loss)
    assert {start.standing for start in middle} == {"tied", "uncertain", "behind"}
    for start in middle:
        assert (start.standing == "tied") == (1 / MARGIN <= start.ratio <= MARGIN)
        assert (start.standing == "behind") == (start.low > best.loss and start.ratio > MARGIN)
    assert len(advice.tied) == len(middle) - sum(start.standing == "behind" for start in middle)


def test_identical_starts_are_called_different_in_at_most_one_case_of_twenty_though_folds_differ():
    rng, wrong = np.random.default_rng(0), 0
    for _ in range(400):
        common = np.repeat(rng.exponential(1, (1, 5)), 4, axis=1)  # what the rows of a fold cost every start
        _, low, high = compare(1 + common + rng.normal(0, 0.1, (3, 20)), 0, 5, 2)
        wrong += bool((low[1:] > 1).any() or (high[1:] < 1).any())
    assert wrong <= 0.05 * 400


def test_a_difference_is_called_none_only_where_one_would_have_been_seen(measured):
    for spread, none in ((0.01, True), (0.8, False)):
        advice = advise(with_losses(measured, {}, spread))
        assert ("makes no difference" in verdict(advice).sentence) == none
        assert (advice.detectable_change() <= LITTLE) == none
        assert percent(advice.detectable_change()) in verdict(advice).details


def test_among_the_best_smaller_differences_are_seen(measured):
    advice = advise(measured)
    assert {start.seeds for start in advice.starts} == {6, 30}
    assert all(start.seeds == 30 for start in advice.starts if start.name in ("he", advice.recommended.name))
    assert advice.detectable_change(among_best=True) < advice.detectable_change()


def test_where_no_start_learns_none_is_recommended_though_a_class_has_no_example():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(1000, 3)), np.eye(4)[rng.integers(0, 3, 1000)]  # nothing to learn, nobody in class 3
    data = assemble("own", "own", "softmax", X, Y, 200)
    advice = advise(measure(Question((3, 4, 4), data=data), train=shortly(5, 40)))
    assert advice.chance == pytest.approx(np.log(3), rel=0.01)
    assert advice.recommended is None
    assert verdict(advice).status == "bad"


@pytest.mark.parametrize(("scaling", "trains"), [("raw", False), ("standardized", True)])
def test_y_of_x_squared_trains_standardized_and_unscaled_the_sentence_says_what_to_do(scaling, trains):
    x = np.arange(100.0)[:, None]
    Y = x**2 if scaling == "raw" else (x**2 - (x**2).mean()) / (x**2).std()
    data = assemble("own", "own", "squared", x, Y, 20, scaling)
    question = Question((1, 2, 1), "linear", "squared", data, scaling, scaling, "sgd")
    found = measure(question, train=shortly(3, 60))
    advice = advise(found)
    assert (advice.recommended is not None) == trains
    assert verdict(advice).sentence.endswith("Standardize the inputs and targets.") != trains
    assert ("unscaled, they reach 9800" in verdict(advice).details) != trains
    raw = [result for result in found.results if not trains]
    assert all((result.diverged_at[list(INITIALIZERS).index("he")] >= 0).all() for result in raw)


def with_a_rare_class(share):
    X = np.random.default_rng(0).normal(size=(1000, 3))
    return assemble("own", "own", "sigmoid", X, X[:, :1] < np.quantile(X[:, 0], share), 150)


def test_what_an_output_bias_gains_is_measured_on_paired_seeds_and_none_is_said_to_be_none():
    question = Question((3, 4, 1), loss="sigmoid", data=with_a_rare_class(0.1), prior_bias=True)
    found = measure(question, train=shortly(5, 10))
    assert all(variant.prior_bias for result in found.results for variant in result.experiment.variants)
    without, final = found.unbiased[0].experiment, found.finals[0].experiment
    assert without == replace(final, variants=(replace(final.variants[0], prior_bias=False),))
    said = describe_gain(found)
    assert "with He" in said
    assert f"{len(found.finals) * final.seeds} paired seeds" in said
    first = [
        join_folds(results, lambda result: result.test_loss[..., 0])[0].mean()
        for results in (found.finals, found.unbiased)
    ]
    assert f"Before training the loss is {number(first[0])} with it and {number(first[1])} without it." in said
    assert said in verdict(advise(found)).details
    assert describe_gain(replace(found, finals=(), unbiased=())) == NOT_MEASURED
    for factor, part in ((1, "no gain detected"), (2, "% lower than"), (0.5, "% higher than")):
        other = [
            replace(result, test_loss=factor * final.test_loss[:1])
            for result, final in zip(found.unbiased, found.finals, strict=True)
        ]
        assert part in describe_gain(replace(found, unbiased=tuple(other)))


@pytest.mark.parametrize("data", [with_a_rare_class(0.4), own(), "moons"], ids=["balanced", "quantity", "bundled"])
def test_an_output_bias_is_of_imbalanced_classes_of_ones_own_alone(data):
    loss = "squared" if data == own() else "sigmoid"
    with pytest.raises(ValueError, match="at least 2 times the rows"):
        Question((dataset(data).inputs, 4, 1), loss=loss, data=data, prior_bias=True)


def test_few_rows_are_each_validated_on_once():
    base = plan_comparison(Question((3, 8, 1), loss="squared", data=own()))
    parts = [dataset(fold.dataset) for fold in make_folds(base)]
    assert len(parts) == 4  # 90 rows, 20 to a part
    assert len(np.unique(np.vstack([part.X_test for part in parts]), axis=0)) == 80
    for part in parts:
        assert not set(map(bytes, part.X_test)) & set(map(bytes, part.X_train))
    assert len(make_folds(plan_comparison(Question((64, 8, 10), data="digits")))) == 1


def test_the_sentence_names_the_start_as_the_library_does_and_says_how_its_default_did(measured):
    advice = advise(with_losses(measured, {"pytorch_default": 0.6}))
    said = verdict(advice).sentence
    assert "`kaiming_normal_`" in said.partition(". ")[0]
    assert "handwritten digits" in said.partition("**")[0]
    assert "PyTorch's default has 2.0 times" in said
    assert "`HeNormal`" in verdict(advice, "Keras").sentence


def test_where_theorys_law_is_not_recommended_a_sentence_says_how_it_did(measured):
    assert not explain_choice(advise(with_losses(measured, {})))
    advice = advise(with_losses(measured, {"xavier": 0.1}))
    assert advice.recommended.name == "xavier"
    assert "**use Xavier" in verdict(advice).sentence
    assert "not He. PyTorch's default has 3.0 times its loss" in verdict(advice).sentence
    said = explain_choice(advice)
    assert said.startswith("He, theory's choice for ReLU, has 3.0 times its loss. ")
    assert said.endswith("PyTorch's `xavier_normal_` is another initializer, called Glorot average here.")
    assert "another initializer" not in explain_choice(advice, "Keras")


@pytest.mark.parametrize(("factors", "is_reason"), [((0.4, 0.98), True), ((0.98, 0.4), False), ((0.7, 0.71), False)])
def test_a_reason_is_measured_and_never_runs_backwards(measured, factors, is_reason):
    advice = advise(with_losses(measured, {"pytorch_default": 0.6}))
    theirs, ours = ((f, f, f) for f in factors)
    starts = [replace(advice.starts[0], forward=ours, backward=ours)]
    starts += [replace(start, forward=theirs, backward=theirs) for start in advice.starts[1:]]
    assert ("each layer multiplies" in verdict(replace(advice, starts=tuple(starts))).details) == is_reason


def test_on_what_it_was_measured_is_said_first():
    found = verdict(advise(measure(Question((20, 4, 3), data="digits"), train=shortly(2, 10))))
    assert "have 64 inputs" in found.details
    assert found.sentence.startswith("On random numbers, ")
    assert "upload your own data" in found.details


def test_a_narrower_network_lends_no_learning_rate(measured):
    assert "narrower layers" not in verdict(advise(measured)).details
    narrower = replace(measured, question=replace(measured.question, sizes=(64, 900, 900, 10)))
    assert "narrower layers" in verdict(advise(narrower)).details


def test_progress_goes_from_none_to_all_once(measured, fractions):
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == pytest.approx(1)


def test_canceling_ends_the_measurement():
    def stop(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(Question((64, 12, 10), data="digits"), stop, train=shortly(1, 10))


def total_work(base):
    return sum(cost(stage).work for stage in plan_stages(base))


@pytest.mark.parametrize("sizes", [(784, 512, 512, 10), (25088, 4096, 4096, 1000), (64, *(512,) * 64, 10)])
def test_a_large_network_is_measured_on_a_narrower_one(sizes):
    base = plan_comparison(Question(sizes))
    assert base.sizes[-1] == sizes[-1]
    assert len(base.sizes) == len(sizes)
    assert total_work(base) <= (BRIEF_WORK if is_brief(base) else WORK) or max(base.hidden) <= 32
    assert Bound().allows(base)
    shares = np.array(base.hidden) / sizes[1:-1]
    assert shares.max() <= shares.min() * 1.2


def test_what_takes_too_long_is_refused_and_what_would_fit_is_a_network_that_does():
    question, bound = Question((64, *(32,) * 24, 10), data="digits"), Bound(work=1e11)
    with pytest.raises(OverBound, match="more time or memory than is allowed") as refusal:
        measure(question, bound=bound)
    fitting = refusal.value.fitting
    assert fitting[:2] == (64, 32)
    assert fitting[-1] == 10
    assert 2 < len(fitting) < len(question.sizes)
    assert total_work(plan_comparison(replace(question, sizes=fitting), bound)) <= bound.work
    with pytest.raises(OverBound):
        plan_comparison(replace(question, sizes=(*fitting[:-1], 32, 10)), bound)
    with pytest.raises(OverBound) as refusal:
        plan_comparison(question, Bound(work=1))
    assert refusal.value.fitting is None


def test_the_table_has_every_law_and_marks_what_means_something_else_elsewhere():
    laws = format_laws(Question((784, 512, 10))).splitlines()[: 1 + len(INITIALIZERS)]
    rows = {row[0]: row[1:] for row in (re.split("  +", line) for line in laws)}
    assert list(rows) == ["law", *(law.label for law in INITIALIZERS.values())]
    assert rows["law"][:2] == ["std W1", "std W2"]
    assert [float(std) for std in rows["He"][:2]] == pytest.approx([np.sqrt(2 / 784), np.sqrt(2 / 512)], rel=1e-3)
    assert mark_name("xavier", "the article") == "Xavier*"
    assert mark_name("glorot", "PyTorch") == "xavier_normal_*"
    assert mark_name("xavier_uniform", "Caffe") == "xavier*"
    assert mark_name("he", "Keras") == "HeNormal†*"
    assert mark_name("orthogonal", "PyTorch") == "orthogonal_"
    assert mark_name("keras_default", "Caffe") == "–"
    (xavier,) = [sentence for sentence in describe_clashes() if "`Xavier` in the article" in sentence]
    formulas = {name: f"variance ${INITIALIZERS[name].formula}$" for name in ("xavier", "glorot")}
    assert all(
        (formulas["xavier"] if "the article" in use else formulas["glorot"]) in use for use in xavier.split("; ")
    )
    assert any("`xavier` in Caffe" in sentence for sentence in describe_clashes())


def test_the_command_prints_the_table_the_recommendation_and_the_code(capsys, monkeypatch):
    monkeypatch.setattr("core.advice.__main__.measure", partial(measure, train=shortly(3, 100)))
    design = ["--normalization", "batch", "--skip", "1"]
    assert main(["64", "8", "8", "10", "--data", "digits", "--clip", "1", *design]) == 0
    out = capsys.readouterr().out
    for part in (
        "clipped at norm 1,",
        "batch normalization, skips over 1 layer",
        "BatchNorm1d(n)",
        "skips = (2,)",
        "clip_grad_norm_",
        "global_clipnorm=1.0",
        "PyTorch default",
        "recommended",
        "default",
        "std W1",
        "import torch",
    ):
        assert part in out
    assert "nan" not in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["64", "eight"], "`eight` is not a layer size"),
        (["64", "8", "1", "--output", "softmax"], "softmax of one"),
        (["64", "8", "10", "--clip", "0"], "clip threshold is 0.0"),
    ],
)
def test_the_command_says_plainly_what_it_cannot_use(capsys, arguments, reason):
    assert main(arguments) == 2
    assert reason in capsys.readouterr().err
