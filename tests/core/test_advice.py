"""The advice: sizes as people write them, ties that are ties, and a recommendation made of the measurement."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core import INITIALIZERS, run, statistics
from core.advice import NOISE, Question, advise, measure, rosetta, verdict
from core.advice.__main__ import main
from core.advice.measuring import best_rate
from core.advice.noise import gaussian
from core.advice.planning import WORK, OverBound, experiment, searching, work
from core.advice.report import notes
from core.advice.rosetta import LIBRARIES, clash_sentences, clashes, names_of
from core.advice.sizes import MAX_LAYERS, parse, written
from core.datasets import assemble, dataset
from core.engine.budget import Bound

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
    assert parse(text) == (784, 512, 512, 10)


@pytest.mark.parametrize(("text", "reason"), REFUSED.items(), ids=lambda text: text[:12])
def test_what_is_no_network_is_refused_in_a_sentence(text, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        parse(text)
    assert str(refusal.value).endswith(".")
    assert str(refusal.value).count("`") in (0, 2)


def test_sizes_are_written_as_they_are_read():
    assert written((784, 512, 512, 10)) == "784 – 512 – 512 – 10"
    assert written((64, 128, 128, 128, 128, 10)) == "64 – 4 × 128 – 10"
    assert parse(written((784, 512, 512, 10))) == (784, 512, 512, 10)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"activation": "step"}, "activation is 'step'"),
        ({"loss": "hinge"}, "output is 'hinge'"),
        ({"data": "faces"}, "data are 'faces'"),
        ({"scaling": "log"}, "scaling of the input is 'log'"),
        ({"seed": -1}, "seed is -1"),
        ({"loss": "sigmoid"}, "A sigmoid output is one unit"),
        ({"sizes": (64, 1)}, "A softmax of one output"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        Question(**{"sizes": (64, 8, 10)} | wrong)


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
    assert "have 64 inputs and 10 outputs" in misfit.misfit
    assert misfit.data_for(784).X_train.shape[1] == 784
    assert Question((64, 8, 10), data=NOISE).on_noise


@pytest.mark.parametrize("loss", ["softmax", "sigmoid", "squared"])
def test_noise_is_unit_gaussian_and_can_be_learned(loss):
    outputs = {"softmax": 4, "sigmoid": 1, "squared": 2}[loss]
    data = gaussian(20, outputs, loss)
    assert stats.kstest(data.X_train.ravel(), "norm").pvalue > 0.01
    assert data.Y_train.shape[1] == outputs
    X = np.column_stack([data.X_train, np.ones(len(data.X_train))])
    fit = X @ np.linalg.lstsq(X, data.Y_train, rcond=None)[0]
    assert 1 - ((data.Y_train - fit) ** 2).sum() / ((data.Y_train - data.Y_train.mean(axis=0)) ** 2).sum() > 0.15


def losses(*means, spread=0.1, seeds=10, seed=0):
    """Log-normal losses (start, seed), with a part that the starts of a seed share."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 1, seeds)
    return np.exp(np.array(means)[:, None] + common + rng.normal(0, spread, (len(means), seeds)))


@pytest.fixture(scope="module")
def fractions():
    """What the measurement below ticks."""
    return []


@pytest.fixture(scope="module")
def measured(fractions):
    return measure(Question((64, 12, 12, 10), data="digits"), fractions.append)


def test_every_initializer_is_measured_at_its_own_best_rate(measured):
    assert [v.initializer for v in measured.experiment.variants] == list(INITIALIZERS)
    for name, found in measured.searched.items():
        result, v = measured.place(name)
        assert len(found) == 5
        rate = result.experiment.variants[v].learning_rate
        assert found[rate] == min(loss for r, loss in found.items() if r <= max(rate, best_rate(found)))


def test_the_recommended_start_has_the_lowest_loss_or_ties_with_it(measured):
    advice = advise(measured)
    best = advice.recommended
    rest = [start for start in advice.starts if start.standing == "behind"]
    assert best.low <= min(start.loss for start in advice.starts) * (1 + 1e-9)
    assert all(start.low > min(s.loss for s in advice.starts) for start in rest)
    assert {start.name for start in advice.starts} == set(INITIALIZERS)
    assert next(start for start in advice.starts if start.name == "zeros").standing == "stalled"
    result, v = measured.place(best.name)
    assert best.loss == pytest.approx(float(statistics.average(statistics.final_loss(result)[v])))
    assert best.forward[1] == pytest.approx(np.median(statistics.forward_factor(result, v).per_layer))


def with_losses(measured, table):
    """The measurement with these final losses (start, seed), of runs that did not diverge."""
    result = measured.results[0]
    loss = np.repeat(table[..., None], result.loss.shape[-1], axis=-1)
    return replace(measured, results=(replace(result, loss=loss, diverged_at=np.full(table.shape, -1)),))


def test_of_ties_a_law_is_taken_where_it_is_near_and_the_lowest_where_it_is_not(measured):
    names = list(INITIALIZERS)
    he, lsuv = names.index("he"), names.index("lsuv")
    for ratio, chosen in ((1.03, "he"), (1.2, "lsuv")):
        table = losses(*[0.0] * len(names), seed=1)
        table[lsuv] = 0.1 * losses(0.0)[0]
        noise = np.random.default_rng(2).normal(0, 0.5, 10)
        table[he] = ratio * table[lsuv] * np.exp(noise - noise.mean())
        table[he] *= max(1, 1.001 * np.median(table[lsuv]) / np.median(table[he]))
        advice = advise(with_losses(measured, table))
        assert {start.name for start in (advice.recommended, *advice.tied)} >= {"he", "lsuv"}
        assert advice.recommended.name == chosen


def test_where_no_start_learns_none_is_recommended_though_a_class_has_no_example():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(500, 3)), np.eye(4)[rng.integers(0, 3, 500)]  # nothing to learn, and nobody in class 3
    data = assemble("own", "own", "softmax", X, Y, 20)
    advice = advise(measure(Question((3, 4, 4), data=data)))
    assert advice.chance == pytest.approx(np.log(3), rel=0.01)
    assert advice.recommended is None
    assert verdict(advice).status == "bad"


def test_a_start_that_is_often_right_is_behind_and_not_stalled(measured):
    names = list(INITIALIZERS)
    table = np.full((len(names), 10), 0.2) * losses(*[0.0] * len(names)) ** 0.01
    table[names.index("normal")] = 2.4
    found = with_losses(measured, table)
    result = found.results[0]
    accuracy = np.array(result.test_accuracy)
    accuracy[names.index("normal")] = 0.42
    found = replace(found, results=(replace(result, test_accuracy=accuracy),))
    normal = next(start for start in advise(found).starts if start.name == "normal")
    assert normal.standing == "behind"
    assert normal.accuracy == pytest.approx(0.42)


def test_what_reads_as_once_the_lowest_loss_is_a_tie(measured):
    names = list(INITIALIZERS)
    table = np.full((len(names), 10), 0.2) * np.linspace(0.999, 1.001, 10)
    table[names.index("he")] *= 1.03
    starts = {start.name: start.standing for start in advise(with_losses(measured, table)).starts}
    assert starts["he"] in ("tied", "recommended")


def test_the_sentence_is_of_the_numbers(measured):
    advice = advise(measured)
    said = verdict(advice)
    assert said.status in ("good", "mixed")
    assert advice.recommended.label in said.sentence
    assert said.sentence.count(". ") == 1  # two sentences
    named = [start.label for start in advice.tied] if len(advice.tied) <= 4 else [f"{len(advice.tied)} other starts"]
    assert all(name in said.sentence for name in named)
    twin = replace(advice, starts=tuple(replace(s, standing="tied", ratio=1.0) for s in advice.starts[1:]))
    assert twin.recommended is None
    alike = (advice.starts[0], *twin.starts)
    assert "it makes no difference" in verdict(replace(advice, starts=alike)).sentence
    assert verdict(twin).status == "bad"


def test_progress_goes_from_none_to_all_once(measured, fractions):
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == pytest.approx(1)


def test_canceling_ends_the_measurement():
    def stop(fraction):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(Question((64, 12, 10), data="digits"), stop)


@pytest.mark.parametrize("sizes", [(784, 512, 512, 10), (25088, 4096, 4096, 1000), (64, *(512,) * 64, 10)])
def test_a_large_network_is_measured_on_a_narrower_one(sizes):
    base = experiment(Question(sizes))
    assert base.sizes[-1] == sizes[-1]
    assert len(base.sizes) == len(sizes)
    assert work(base) <= WORK or max(base.hidden) <= 32
    assert Bound().allows(base)
    shares = np.array(base.hidden) / sizes[1:-1]
    assert shares.max() <= shares.min() * 1.2
    said = notes(Question(sizes), type("Measured", (), {"experiment": base}))
    assert "narrower" in said[0] or str(base.hidden[0]) in said[0]


def test_what_takes_too_long_is_refused_and_what_would_fit_is_a_network_that_does():
    question, bound = Question((64, *(32,) * 40, 10), data="digits"), Bound(work=1e11)
    with pytest.raises(OverBound, match="more time or memory than is allowed") as refusal:
        measure(question, bound=bound)
    fitting = refusal.value.fitting
    assert fitting[:2] == (64, 32)
    assert fitting[-1] == 10
    assert 2 < len(fitting) < len(question.sizes)
    assert work(experiment(replace(question, sizes=fitting), bound)) <= bound.work
    with pytest.raises(OverBound):
        experiment(replace(question, sizes=(*fitting[:-1], 32, 10)), bound)
    with pytest.raises(OverBound) as refusal:
        experiment(question, Bound(work=1))
    assert refusal.value.fitting is None


def test_the_losses_do_not_depend_on_how_many_examples_are_tested():
    base = experiment(Question((64, 8, 10), data="digits"))
    alone = replace(base, variants=base.variants[3:4], seeds=1)
    whole = replace(alone, dataset=dataset("digits"))
    assert (run(alone).loss == run(whole).loss).all()
    assert len(searching(base, {"he": (0.1,)}).dataset.X_test) == 1


def test_the_rosetta_has_every_law_and_marks_what_means_something_else_elsewhere():
    entries = rosetta((784, 512, 10))
    assert [entry.initializer for entry in entries] == list(INITIALIZERS)
    names = {entry.initializer: dict(zip(LIBRARIES, entry.names, strict=True)) for entry in entries}
    assert names["xavier"]["the article"] == "Xavier*"
    assert names["glorot"]["PyTorch"] == "xavier_normal_*"
    assert names["xavier_uniform"]["Caffe"] == "xavier*"
    assert names["he"]["Keras"] == "HeNormal†*"
    assert names["orthogonal"]["PyTorch"] == "orthogonal_"
    assert entries[3].stds == pytest.approx([np.sqrt(2 / 784), np.sqrt(2 / 512)])
    assert {n.initializer for n in clashes(names_of("xavier", "the article")[0])} == {"glorot"}
    assert any("`xavier` in Caffe" in sentence for sentence in clash_sentences())


def test_the_command_prints_the_table_the_recommendation_and_the_code(capsys):
    assert main(["64", "8", "10", "--data", "digits"]) == 0
    out = capsys.readouterr().out
    for part in ("PyTorch default", "recommended", "default", "std W1", "import torch"):
        assert part in out
    assert "nan" not in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["64", "eight"], "`eight` is not a layer size"), (["64", "8", "1", "--output", "softmax"], "softmax of one")],
)
def test_the_command_says_plainly_what_it_cannot_use(capsys, arguments, reason):
    assert main(arguments) == 2
    assert reason in capsys.readouterr().err


def test_a_start_that_stalls_is_a_difference_however_near_its_loss(measured):
    advice = advise(measured)
    best = replace(advice.starts[0], standing="recommended", loss=1.9, ratio=1.0)
    alike = [replace(start, standing="tied", ratio=1.0) for start in advice.starts[1:] if start.name != "keras_default"]
    stalls = [replace(start, standing="stalled", ratio=1.2) for start in advice.starts if start.name == "keras_default"]
    said = verdict(replace(advice, starts=(best, *alike, *stalls))).sentence
    assert "difference" not in said
    assert "hardly learns" in said
