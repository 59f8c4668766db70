"""One average: banner, table and file quote the same number for how a variant ends, and compare alike trainings."""

from dataclasses import replace

import numpy as np
import pytest

from core import Experiment, Variant, run, verdicts
from pages.parts.compare.compare_pinned import describe_run
from pages.parts.figures import tables
from pages.parts.settings import ZeroInit

LOSSES = (0.11, 0.23, 0.95)  # of three seeds: their median, geometric mean and mean read differently
ACCURACIES = (0.52, 0.71, 0.99)


@pytest.fixture(scope="module")
def result():
    """Two variants whose seeds end far apart."""
    found = run(Experiment(hidden=(6,), variants=(Variant("he"), Variant("zeros")), seeds=3, steps=10))
    loss = np.broadcast_to(np.array(LOSSES)[None, :, None], found.loss.shape).copy()
    loss[1] += 2
    accuracy = np.broadcast_to(np.array(ACCURACIES)[None, :, None], found.test_accuracy.shape)
    return replace(found, loss=loss, test_accuracy=accuracy)


def test_banner_and_tables_quote_the_median_over_seeds(result):
    cell = describe_run(verdicts.comparison(result), result)["He ends at"]
    for quoted in (cell, verdicts.comparison(result).sentence):
        assert "0.23" in quoted
    for quoted in (cell, verdicts.contrast(result).details, verdicts.symmetry(result).details):
        assert "71\N{NO-BREAK SPACE}%" in quoted
    assert tables.losses_by_activation([result])["loss"].iloc[0] == pytest.approx(0.23)


def test_a_partly_lost_variant_is_quoted_with_its_count_everywhere(result):
    lost = np.full(result.diverged_at.shape, -1)
    lost[0, 2] = 3
    partly = replace(result, diverged_at=lost, diverged_layer=np.where(lost >= 0, 1, 0))
    cell = describe_run(verdicts.comparison(partly), partly)["He ends at"]
    paired = tables.paired(partly)[0].set_index("variant")
    for quoted in (cell, verdicts.comparison(partly).details, verdicts.contrast(partly).details):
        assert "overflows in 1 of 3 seeds" in quoted
    assert paired.loc["He", "lost"] == "1 of 3 seeds"


@pytest.mark.parametrize("rate", [0.01, 0.5, 2])
def test_the_linear_model_is_trained_as_the_networks_are(rate):
    settings = ZeroInit(learning_rate=rate)
    networks, linear = settings.experiment, settings.linear
    assert {variant.learning_rate for variant in (*networks.variants, *linear.variants)} == {rate}
    shared = ("dataset", "seeds", "steps", "batch_size", "seed", "optimizer", "dtype")
    assert all(getattr(networks, name) == getattr(linear, name) for name in shared)
