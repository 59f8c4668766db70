"""What several pages draw of a run, pinned ones beside it: its loss, its sizes by layer, what its networks predict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import altair as alt
import numpy as np
import pandas as pd
from streamlit.delta_generator import DeltaGenerator

from core import Experiment, Result, statistics
from core.datasets import dataset, watched_digits
from core.theory import agreement
from core.verdicts import messages
from pages.parts.compare.compare_pinned import PinnedComparison
from pages.parts.figures import tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts import by_layer, lines
from pages.parts.figures.charts.pictures import panels, reading
from pages.parts.figures.theme import ChartTheme
from pages.parts.serving import runs
from pages.parts.serving.store import Store

_sentences: Store[tuple[Experiment, str], str] = Store(1e5, len)


def loss_chart(result: Result, theme: ChartTheme, pinned: Sequence[Result] = ()) -> Callable[[], alt.LayerChart]:
    """What makes the chart of the training loss: a line a variant, and a mark where its seeds overflow."""
    comparison = PinnedComparison(result, pinned)
    return lambda: lines.by_step(
        comparison.table(lambda run: tables.steps(run, "loss")),
        comparison.variants,
        theme,
        "training loss",
        comparison.table(tables.divergences),
    )


def explain_dashed(result: Result) -> str:
    """Why a line of its loss goes on dashed, where one does."""
    lost = statistics.diverged(result)
    if not (lost.any(axis=1) & ~lost.all(axis=1)).any():
        return ""
    return (
        "Dashed: some seeds have overflowed, and the line is the median of those that are left. It can jump when one "
        "more is lost."
    )


@dataclass(frozen=True)
class Profiles:
    """A result's sizes by layer, at the first step to begin with; they are called as in core.theory.Prediction."""

    result: Result
    board: Board

    def draw(self, quantity: str, axis: str, title: str, *, key: str, place: DeltaGenerator) -> None:
        """The chart, and below it how the quantity compares with its theory; `axis` is the title of the y axis."""
        self.board.draw(self.chart(quantity, axis), title, key=key, place=place, **self.describe(quantity))

    def chart(self, quantity: str, axis: str, pinned: Sequence[Result] = ()) -> Callable[[], alt.LayerChart]:
        """What makes the chart, with the pinned results that are drawn as well."""
        comparison, steps = PinnedComparison(self.result, pinned), self.result.recorded_steps
        return lambda: by_layer.chart(
            comparison.table(lambda run: tables.layers(run, quantity, steps)),
            steps,
            comparison.variants,
            self.board.theme,
            axis,
            tables.theory(self.result, runs.predict_first_step(self.result), quantity),
        )

    def describe(self, quantity: str) -> dict[str, str]:
        """The message and the note of its chart: the factor a layer, where it has one, and how theory agrees."""
        result = self.result
        factors = {"dz_rms": messages.describe_gradient_factor, "activation_rms": messages.describe_signal_factor}
        reason = messages.explain_weight_gradients(result) if quantity == "weight_gradient_norm" else ""
        agrees = _sentences.get_or_compute(
            (result.experiment, quantity),
            lambda: agreement.describe_agreement(result, quantity, runs.predict_first_step(result)),
        )
        message = factors[quantity](result) if quantity in factors else ""
        return {"message": message, "note": f"{reason} {agrees}".strip()}


def draw_predictions(board: Board, comparison: PinnedComparison) -> None:
    """What the first seed's networks predict as they train: over the plane of two inputs, or of test images of digits.

    Other data have no such chart; pinned runs are on it if they have the same data.
    """
    result, theme = comparison.result, board.theme
    steps = [int(step) for step in result.recorded_steps]

    def tabulate(make: Callable[[Result, np.ndarray | None], pd.DataFrame]) -> pd.DataFrame:
        nothing, data = make(result, None).head(0), result.experiment.dataset
        return comparison.table(
            lambda run: make(run, result.recorded_steps) if run.experiment.dataset == data else nothing
        )

    if result.experiment.dataset == "digits":
        board.draw(
            lambda: reading.strip(tabulate(tables.readings), watched_digits()[0], comparison.variants, steps, theme),
            "Test images, and what each network reads",
            key="reading",
            height=reading.height(len(comparison.variants)),
            also=comparison.experiments,
            note="Two images of each digit, read by the network of the first seed. A digit in a box is misread.",
        )
    elif dataset(result.experiment.dataset).inputs == 2:
        board.draw(
            lambda: panels.planes(tabulate(tables.planes), tables.points(result), steps, theme),
            "Decision boundary of each network",
            key="planes",
            height=380,
            also=comparison.experiments,
            note="Each picture is the plane of the two inputs. The first seed's network predicts the squares' class "
            "where it is red, the dots' class where it is blue; where it is white, it cannot tell.",
        )
