"""What the first seed's networks predict as they train: over the plane of two inputs, or of test images of digits."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from core import Result
from core.datasets import dataset, watched_digits
from pages.parts.compare.compare_pinned import PinnedComparison
from pages.parts.figures import tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts.pictures import panels, reading

Make = Callable[[Result, np.ndarray | None], pd.DataFrame]


def draw(board: Board, comparison: PinnedComparison) -> None:
    """The chart, where the data are such; pinned runs are on it if they have the same data."""
    result, theme = comparison.result, board.theme
    steps = [int(step) for step in result.recorded_steps]
    if result.experiment.dataset == "digits":
        board.draw(
            lambda: reading.strip(
                same_data(comparison, tables.readings), watched_digits()[0], comparison.variants, steps, theme
            ),
            "Test images, and what each network reads",
            key="reading",
            height=reading.height(len(comparison.variants)),
            also=comparison.experiments,
            note="Two images of each digit, read by the network of the first seed. A digit in a box is misread.",
        )
    elif dataset(result.experiment.dataset).inputs == 2:
        board.draw(
            lambda: panels.planes(same_data(comparison, tables.planes), tables.points(result), steps, theme),
            "Decision boundary of each network",
            key="planes",
            height=380,
            also=comparison.experiments,
            note="Each picture is the plane of the two inputs. The first seed's network predicts the squares' class "
            "where it is red, the dots' class where it is blue; where it is white, it cannot tell.",
        )


def same_data(comparison: PinnedComparison, make: Make) -> pd.DataFrame:
    """The table of the current run and of the pinned ones with the same data, at the steps of the current run."""
    result = comparison.result

    def table(run: Result) -> pd.DataFrame:
        if run.experiment.dataset == result.experiment.dataset:
            return make(run, result.recorded_steps)
        return make(result, None).head(0)

    return comparison.table(table)
