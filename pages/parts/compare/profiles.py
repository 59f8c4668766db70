"""A size by layer beside its theory: its chart, and the sentence that says how well they agree."""

from collections.abc import Callable
from dataclasses import dataclass

import altair as alt
from streamlit.delta_generator import DeltaGenerator

from core import Experiment, Result
from core.theory import agreement
from core.verdicts import messages
from pages.parts.compare.compare_pinned import PinnedComparison
from pages.parts.figures import tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts import by_layer
from pages.parts.serving import runs
from pages.parts.serving.store import Store

SENTENCES = 1e5  # characters of sentences that are kept


@dataclass(frozen=True)
class Profiles:
    """Of a result, at the first step to begin with; quantities are the fields of core.theory.Prediction."""

    result: Result
    board: Board

    def draw(self, quantity: str, axis: str, title: str, *, key: str, place: DeltaGenerator) -> None:
        """The chart, and below it how the quantity compares with its theory; `axis` is the title of the y axis."""
        reason = messages.explain_weight_gradients(self.result) if quantity == "weight_gradient_norm" else ""
        self.board.draw(
            self.chart(quantity, axis),
            title,
            key=key,
            place=place,
            message=self.message(quantity),
            note=f"{reason} {self.sentence(quantity)}".strip(),
        )

    def chart(self, quantity: str, title: str, beside: PinnedComparison | None = None) -> Callable[[], alt.LayerChart]:
        """What makes the chart; `title` is the y axis', `beside` has the pinned runs that are drawn as well."""

        def build() -> alt.LayerChart:
            theory = tables.theory(self.result, runs.predict_first_step(self.result), quantity)
            steps = self.result.recorded_steps
            if beside is None:
                measured, variants = tables.layers(self.result, quantity), self.result.experiment.variants
            else:
                measured = beside.table(lambda result: tables.layers(result, quantity, steps))
                variants = beside.variants
            return by_layer.chart(measured, steps, variants, self.board.theme, title, theory)

        return build

    def message(self, quantity: str) -> str:
        """By which factor the quantity changes a layer at the first step, where it is signal or gradient."""
        return messages.describe_factor(self.result, quantity)

    def sentence(self, quantity: str) -> str:
        """How the quantity compares with its theory (the dotted line)."""
        return _sentences.get_or_compute(
            (self.result.experiment, quantity),
            lambda: agreement.describe_agreement(self.result, quantity, runs.predict_first_step(self.result)),
        )


_sentences: Store[tuple[Experiment, str], str] = Store(SENTENCES, len)
