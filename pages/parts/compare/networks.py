"""Pinned networks beside the current one: their losses on its chart, and a table of what to take for each."""

from dataclasses import dataclass

import pandas as pd

from core.advice import Advice, Question
from pages.parts.compare import pins
from pages.parts.figures import tables
from pages.parts.figures.theme import PINS
from pages.parts.page import OpenPage
from pages.parts.serving import advising
from pages.parts.settings import YourNetwork


@dataclass(frozen=True)
class Networks:
    """The page's current network with its advice, and the pinned ones with theirs."""

    page: OpenPage
    chosen: YourNetwork
    advice: Advice
    pinned: list[YourNetwork]
    advices: list[Advice]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Those of the pinned networks."""
        return tuple(advice.measured.question for advice in self.advices)

    def losses(self) -> pd.DataFrame:
        """Where the starts of the pinned networks end, under their marks: mark, variant, loss."""
        frames = [tables.ranking(each).assign(mark=mark) for mark, each in zip(PINS, self.advices, strict=False)]
        table = pd.concat(frames) if frames else pd.DataFrame(columns=["mark", "variant", "loss"])
        return table[["mark", "variant", "loss"]].dropna()

    def compare(self) -> None:
        """What differs between the networks, in settings and in advice, and the buttons that unpin."""
        outcomes = map(tables.describe_network, [self.advice, *self.advices])
        pins.compare(self.page, "network", self.chosen, self.pinned, outcomes)


def compare_networks(page: OpenPage, chosen: YourNetwork, advice: Advice, pinned: list[YourNetwork]) -> Networks:
    """The current network with those that are pinned, which are measured now where they are not known.

    Stops the script where one of these is refused.
    """
    questions = [settings.question()[0] for settings in pinned]
    if any(advising.explain_refusal(question, page) for question in questions):
        page.stop()
    return Networks(page, chosen, advice, pinned, [advising.get(question, page) for question in questions])
