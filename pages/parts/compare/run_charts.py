"""Charts that several pages have: losses, sizes by layer and predictions, pinned runs beside them."""

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
    """What makes the chart: a line a variant, and a mark where its seeds overflow."""
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
    """Charts of sizes by layer beside theory, named as in core.theory.mean_field.Prediction, at first at step 0."""

    result: Result
    board: Board

    def draw(self, quantity: str, axis: str, title: str, *, key: str, place: DeltaGenerator) -> None:
        """The chart, and below it how the quantity agrees with theory; `axis`: the y axis' title."""
        self.board.draw(self.chart(quantity, axis), title, key=key, place=place, **self.describe(quantity))

    def chart(self, quantity: str, axis: str, pinned: Sequence[Result] = ()) -> Callable[[], alt.LayerChart]:
        """What makes the chart, with the pinned results that are drawn as well."""
        comparison, steps = PinnedComparison(self.result, pinned), self.result.recorded_steps
        return lambda: by_layer.sizes(
            comparison.table(lambda run: tables.layers(run, quantity, steps)),
            steps,
            comparison.variants,
            self.board.theme,
            axis,
            tables.theory(self.result, runs.predict_first_step(self.result), quantity),
        )

    def describe(self, quantity: str) -> dict[str, str]:
        """The chart's message, a factor per layer if any, and its note: how theory agrees."""
        result = self.result
        reason = messages.explain_weight_gradients(result) if quantity == "weight_gradient_norm" else ""
        agrees = _sentences.get_or_compute(
            (result.experiment, quantity),
            lambda: agreement.describe_agreement(result, quantity, runs.predict_first_step(result)),
        )
        return {"message": messages.describe_factor(result, quantity), "note": f"{reason} {agrees}".strip()}


def draw_predictions(board: Board, comparison: PinnedComparison) -> None:
    """What the first seed's networks predict as they train: of test images, or over a plane of inputs.

    Other data have no such chart. Pinned runs are on it if they have the same data.
    """
    result, theme = comparison.result, board.theme
    steps = [int(step) for step in result.recorded_steps]

    def tabulate(make: Callable[[Result, np.ndarray | None], pd.DataFrame]) -> pd.DataFrame:
        def rows(run: Result) -> pd.DataFrame:
            alike = run.experiment.dataset == result.experiment.dataset
            return make(run, result.recorded_steps) if alike else make(result, None).head(0)

        return comparison.table(rows)

    if result.experiment.dataset == "digits":
        board.draw(
            lambda: reading.strip(tabulate(tables.readings), watched_digits()[0], comparison.variants, steps, theme),
            "Test images, and what each network reads",
            key="reading",
            height=reading.height(len(comparison.variants)),
            more_subjects=comparison.experiments,
            note="Two images of each digit, read by the network of the first seed. A digit in a box is misread.",
        )
    elif dataset(result.experiment.dataset).inputs == 2:
        board.draw(
            lambda: panels.planes(tabulate(tables.planes), tables.points(result), steps, theme),
            "Decision boundary of each network",
            key="planes",
            height=380,
            more_subjects=comparison.experiments,
            note="Each picture is the plane of the two inputs. The first seed's network predicts the squares' class "
            "where it is red, the dots' class where it is blue; where it is white, it cannot tell.",
        )
