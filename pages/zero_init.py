"""zero_init: to be filled."""

from dataclasses import dataclass

import streamlit as st

from core import Experiment, Variant
from pages.parts import controls, frame, runs


@dataclass(frozen=True)
class Verdict:
    status: str
    sentence: str


page = frame.open_page("zero_init")
with page.controls():
    depth = controls.depth(5)
    activation = controls.activation("tanh")
    seed = controls.seed()

result = runs.get(Experiment(hidden=(64,) * depth, activation=activation, variants=(Variant("zeros"),), seed=seed))
loss = result.loss[0].mean(axis=0)
page.banner(Verdict("neutral", f"The loss goes from {loss[0]:.3g} to {loss[-1]:.3g} with {depth} hidden layers."))
st.line_chart(loss)
page.end()
