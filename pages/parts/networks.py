"""Pinned networks beside the current one: their losses on its chart, and a table of what to take for each."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.advice import Advice, Question
from pages.parts import advising, pins, tables
from pages.parts.palette import PINS
from pages.parts.settings import YourNetwork
from pages.parts.settings.words import name

NOW = "This network"


@dataclass(frozen=True)
class Networks:
    """The page's current network with its advice, and the pinned ones with theirs."""

    chosen: YourNetwork
    advice: Advice
    held: list[YourNetwork]
    advices: list[Advice]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Those of the pinned networks."""
        return tuple(advice.measured.question for advice in self.advices)

    def losses(self) -> pd.DataFrame:
        """Where the starts of the pinned networks end, under their marks: mark, variant, loss."""
        frames = [tables.contest(each).assign(mark=mark) for mark, each in zip(PINS, self.advices, strict=False)]
        table = pd.concat(frames) if frames else pd.DataFrame(columns=["mark", "variant", "loss"])
        return table[["mark", "variant", "loss"]].dropna()

    def compare(self) -> None:
        """What differs between the networks, in settings and in advice, and the buttons that unpin."""
        if not self.held:
            return
        columns = {NOW: (self.chosen, self.advice)}
        for mark, settings, advice in zip(PINS, self.held, self.advices, strict=False):
            columns[f"{mark} {name(settings, [self.chosen, *self.held])}"] = settings, advice
        with st.container(key="comparison"):
            st.markdown("## This network and those that are pinned")
            st.table(tables.networks(columns))
            pins.buttons(self.held, self.chosen)


def of(chosen: YourNetwork, advice: Advice, held: list[YourNetwork]) -> Networks:
    """The current network with those that are pinned, which are measured now where they are not known."""
    return Networks(chosen, advice, held, [advising.get(settings.question()[0]) for settings in held])
