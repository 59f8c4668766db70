"""The verdict on designs: how many starts train, what is symmetric, and what of a start still matters."""

from dataclasses import replace

import numpy as np
import pytest

from core import Experiment, Variant, run
from core.verdicts import judge_designs, list_what_matters
from core.wording import number

from .test_verdicts import assert_short, fake

STARTS = tuple(map(Variant, ("zeros", "normal", "he")))
PLAIN = Experiment(hidden=(8,) * 6, variants=STARTS, seeds=2, steps=6, batch_size=32)
BATCH = replace(PLAIN, normalization="batch")
DEEP = replace(BATCH, hidden=(16,) * 24, steps=1)
GOOD, POOR = [0.3, 0.2], [0.3, 2.3]  # a start trains where every seed does


@pytest.fixture(scope="module")
def trained():
    return {experiment: run(experiment) for experiment in (PLAIN, BATCH, DEEP)}


def judged(trained, plain, batch, design="batch normalization"):
    """The verdict where the runs end at these losses."""
    results = {"plain layers": fake(trained[PLAIN], plain), "batch normalization": fake(trained[BATCH], batch)}
    return judge_designs(results, design)


def test_starts_are_counted_that_train_from_every_seed(trained):
    found = judged(trained, [POOR, [np.nan] * 2, GOOD], [POOR, GOOD, GOOD])
    assert found.sentence == "**With batch normalization 2 of 3 starts learn**: all but Zero."
    assert found.status == "good"  # all that can
    assert "Plain layers: He. 2 of 6 networks overflow." in found.details
    assert "Batch normalization: Standard normal and He." in found.details
    plain = judged(trained, [POOR, [np.nan] * 2, GOOD], [POOR, GOOD, GOOD], "plain layers")
    assert plain.sentence == "**With plain layers 1 of 3 starts learn**: all but Zero and Standard normal."
    assert plain.status == "mixed"


def test_where_no_start_trains_and_the_gradient_explodes_it_says_by_how_much(trained):
    deep = trained[DEEP]
    found = judge_designs({"plain layers": deep, "batch normalization": deep}, "batch normalization")
    growth = np.exp(-np.diff(np.log(deep.dz_rms[1:, :, 0, :-1])).mean())
    assert growth == pytest.approx(1.2, abs=0.05)
    assert f"0 of 3 starts learn**; gradients grow {growth:.1f}-fold per layer" in found.sentence
    assert found.status == "bad"


def test_what_still_matters_is_of_the_numbers_of_the_run(trained):
    result = trained[BATCH]
    rows = list_what_matters(result)
    assert rows["Symmetry"].startswith("Zero: every hidden layer has 1 distinct unit of 8")
    lowest, highest = (f"{result.loss[v, :, 0].mean():.1f}" for v in (0, 1))
    assert rows["The last layer"] == f"It sets the first loss: {lowest} with Zero, {highest} with Standard normal."
    assert "theory, for wide layers and large batches: × 1.21" in rows["Depth with batch normalization"]
    assert "Standard normal" in rows["The learning rate"]
    assert "Depth with batch normalization" not in list_what_matters(trained[PLAIN])


def test_the_growth_per_layer_is_that_of_layers_whose_input_is_a_layer(trained):
    """Layer 1's input is the data, whose size is not that of a normalized layer's output."""
    result = trained[BATCH]
    gradients = result.dz_rms[:, :, 0, 1:-1].reshape(-1, len(result.experiment.hidden) - 1)
    gradients = gradients[(gradients > 0).all(axis=1)]
    factor = np.median((gradients[:, 0] / gradients[:, -1]) ** (1 / (gradients.shape[1] - 1)))
    changed = result.dz_rms.copy()
    changed[..., 0] *= 100
    sentences = {
        list_what_matters(each)["Depth with batch normalization"] for each in (result, replace(result, dz_rms=changed))
    }
    (sentence,) = sentences
    assert sentence.startswith(f"Gradient × {number(factor, 3)} per layer")
    assert f"from layer {len(result.experiment.hidden)} to layer 2" in sentence


@pytest.mark.parametrize("changes", [{"hidden": (1,)}, {"hidden": (1, 5)}, {"dataset": "curve", "skip": 1}], ids=str)
def test_at_corners_it_stays_short(changes):
    result = run(replace(PLAIN, **changes))
    for starts in (STARTS, STARTS[:1], STARTS[2:]):
        few = result if starts == STARTS else run(replace(PLAIN, variants=starts, **changes))
        assert_short(judge_designs({"plain layers": few}, "plain layers"), few)
        assert not any("nan" in said or "not a number" in said for said in list_what_matters(few).values())


def test_the_first_loss_of_a_start_that_overflows_later_counts():
    lost = Experiment(hidden=(100,) * 10, variants=(Variant("he"), Variant("normal")), seeds=1, steps=3)
    result = run(lost)
    assert (result.diverged_at[1] >= 0).all()
    assert "Standard normal" in list_what_matters(result)["The last layer"]


def test_a_start_that_moves_few_layers_is_not_said_to_move_none():
    narrow = run(replace(BATCH, hidden=(1,) * 10, variants=(Variant("pytorch_default"),), seeds=1))
    moved = np.nan_to_num(narrow.update_ratio[0, 0, 0, :-1])
    assert moved.max() > 0 == np.median(moved)
    assert list_what_matters(narrow)["The learning rate"] == "No start changes the weights of most hidden layers."
