"""Heuristics: the article's three scales side by side, on the same draws."""

import streamlit as st

from core import verdicts
from pages.parts.compare import compare_pinned, losses
from pages.parts.export import of_run
from pages.parts.figures import findings, tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts import bars, match, seeds
from pages.parts.figures.profiles import Profiles
from pages.parts.serving import runs
from pages.parts.settings import Heuristics, controls
from pages.parts.shell import frame, toolbar

page = frame.open_page("heuristics")
with page.controls():
    chosen = controls.draw(Heuristics)
pinned = toolbar.draw(page, chosen)

experiment = chosen.experiment
variants, starts = experiment.variants, chosen.initializers
runs.prefetch(experiment, *(chosen.matched if chosen.matrix else ()))
result = runs.get(experiment)
board = Board(page, experiment)
look = board.look
profiles = Profiles(result, board)
verdict = chosen.verdict(runs.get)
page.banner(verdict)
both = compare_pinned.compare_with_pinned(chosen, result, pinned)

board.draw(
    losses.with_pinned(both, look),
    "Training loss of each initializer, on the same batches",
    key="loss",
    main=True,
    height=380,
    also=both.experiments,
    note=verdicts.compare_with_rule(result),
)
both.compare(verdict)
left, right = st.columns(2)
with left:
    profiles.draw("activation_rms", "signal rms(A⁽ˡ⁾)", "Signal by layer", key="forward")
with right:
    profiles.draw("dz_rms", "gradient rms(dZ⁽ˡ⁾)", "Gradient by layer", key="backward")
left, right = st.columns(2)
with left:
    board.draw(
        lambda: seeds.ends(tables.finals(result), variants, look),
        "Final result of every seed",
        key="ends",
        height=60 + 40 * len(variants),
    )
with right:
    compared = tables.compare(result)
    if len(variants) > 1:
        lowest = variants[compared.best if compared else 0].label
        board.draw(
            lambda: seeds.paired(tables.paired(result, compared), variants, lowest, look),
            f"Final loss compared with {lowest}, seed by seed",
            key="paired",
            height=60 + 40 * len(variants),
            note="Ratio of the final losses of paired seeds, averaged on a logarithmic scale, with its "
            "95\N{NO-BREAK SPACE}% interval, corrected for having picked the best (max-t). A bar that crosses 1, or a "
            "ratio under 1.05, is a tie.",
        )
left, right = st.columns(2)
with left:
    board.draw(
        lambda: bars.weight_std(tables.weight_std(experiment.sizes, starts, experiment.activation), starts, look),
        "Standard deviation of the weights, by initializer and layer",
        key="std",
        height=320,
        note="Xavier here is 1/n of the layer before, as in the article and in Caffe; PyTorch, Keras and JAX call that "
        "LeCun, and use Xavier or Glorot for the average of both sizes.",
    )
with right:
    if chosen.matrix:
        together = [runs.get(each) for each in chosen.matched]
        small = together[0].experiment
        board.draw(
            lambda: match.chart(tables.match(together), look),
            "Final loss by initializer and activation",
            key="match",
            height=70 + 50 * len(variants),
            note=f"{len(small.hidden)} hidden layers of {small.hidden[0]} units: loss after {small.steps} steps, "
            f"median of {small.seeds} seeds; bright is low. ✕: seeds that overflow.",
        )
page.prose(
    r"""
## Why

A signal keeps its mean square from layer to layer if $n_{l-1}\,\text{Var}(W)\,\mathbb{E}[g(z)^2]=\mathbb{E}[z^2]$. ReLU
passes half of it, hence **He**: $\text{Var}(W)=2/n_{l-1}$. tanh is the identity near 0, hence **Xavier**: $1/n_{l-1}$.
Going back, $n_l$ stands in the place of $n_{l-1}$; the **Glorot average** $2/(n_{l-1}+n_l)$ is the compromise, and
differs from Xavier only where neighboring layers differ in size.

## What to do

As a rule of thumb, use He with the ReLU family and Xavier or the Glorot average with tanh, most of all in deep
networks: in shallow ones all three train. None of them makes the weights' variance as small as possible; they make the
signal's variance *stay*. Where the run above says otherwise, trust it for this network, these steps and this learning
rate alone: a larger start can be ahead early, and the rule is about the start, not about the end.
"""
)
findings.line(page)
of_run.draw(page, chosen, result.experiment)
page.end()
