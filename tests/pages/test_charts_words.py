"""Words: what a chart says is what its numbers say."""

import numpy as np
import pandas as pd

from core import INITIALIZERS, Variant
from pages.parts.figures.charts import lines, seeds
from pages.parts.figures.charts.marks import alt_text
from pages.parts.figures.charts.pictures import panels

from . import drawn


def table(**sizes):
    frames = [
        pd.DataFrame(
            {"variant": name, "step": range(len(row)), "middle": row, "left": np.isfinite(row) * 2, "seeds": 2}
        )
        for name, row in sizes.items()
    ]
    return pd.concat(frames, ignore_index=True)


def test_a_line_is_told_from_end_to_end_with_the_extremes_that_differ():
    said = alt_text.lines(table(A=[4.0, 9.0, 1.0, 2.0], B=[4.0, 4.0, 4.0, 4.0]), "step", "loss")
    assert said == (
        "loss by step, 0 to 3. A: 4.0 at step 0, 2.0 at step 3, lowest 1.0 at step 2, highest 9.0 at step 1. "
        "B: 4.0 throughout. At step 3 highest: B; lowest: A."
    )


def test_zeros_and_what_is_no_number_are_told():
    said = alt_text.lines(
        table(A=[1.0, 0.0, 0.0], B=[2.0, np.nan, np.nan], C=[0.0] * 3, D=[np.nan] * 3), "step", "size"
    )
    assert "A: 1.0 at step 0, 0 at step 2, exactly 0 at step 1 to 2." in said
    assert "B: 2.0 at step 0, overflowed at step 1 to 2." in said
    assert "C: exactly 0 throughout." in said
    assert "D: overflowed." in said
    assert "highest" not in said  # those that end, end alike


def test_runs_that_overflow_are_counted():
    lost = pd.DataFrame({"variant": ["A", "A"], "step": [7, 3], "layer": [1, 1], "diverged": [1, 2], "seeds": [5, 5]})
    sizes = table(A=[4.0] * 9).assign(low=4.0, high=4.0, overflow=False)
    found, none, unknown = (
        lines.by_step(sizes, [Variant("he", label="A")], drawn.LIGHT, "loss", divergences).description
        for divergences in (lost, lost.iloc[:0], None)
    )
    assert found == f"{none} A overflows in 3 of 5 seeds, first at step 3."
    assert none == unknown
    assert "overflows" not in none


def test_equal_rows_are_counted_as_one():
    matrices = [np.zeros((2, 2)), np.array([[1.0, 2.0], [1.0, 2.0]])]
    table = pd.DataFrame({"variant": "A", "record": [0, 1], "matrix": matrices})
    said = panels.weights(table, [0, 9], drawn.LIGHT).description
    assert "after 9 steps. A: 1 different row among 2, weights 1.0 to 2.0." in said


def test_seeds_are_told_by_their_range_and_ratios_with_ties():
    ended = pd.DataFrame({"variant": ["A", "A", "B"], "loss": [0.5, 0.25, np.nan]})
    assert alt_text.values(ended, "Loss", "variant", "loss") == "Loss. A: 0.25 to 0.50. B: overflows."
    against = pd.DataFrame({"variant": ["A", "B"], "ratio": [1.1, 2], "low": [0.9, 1.5], "high": [1.3, 3]})
    against = against.assign(tied=[True, False], lost="none of 5 seeds")
    said = seeds.paired(against, [Variant("he", label="A"), Variant("he", 2, label="B")], "C", drawn.LIGHT).description
    assert said.endswith("on the same draws. A: 1.1 (0.90 to 1.3), a tie. B: 2.0 (1.5 to 3.0).")


def test_every_start_is_named():
    said = drawn.spec("every start", "by_step, loss")["description"]
    assert all(f"{initializer.label}: " in said for initializer in INITIALIZERS.values())
