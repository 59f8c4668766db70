"""Clipping: what a bound on the gradient's length can and cannot do."""

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core.statistics import chance_loss
from core.verdicts import messages
from pages.parts.compare import losses, predictions
from pages.parts.figures import tables
from pages.parts.figures.charts import thresholds
from pages.parts.settings import Clipping, controls
from pages.parts.settings.maps import PRESETS
from pages.parts.shell import training_page

with training_page.open_page(Clipping) as page:
    chosen, result, board, theme, comparison = page.chosen, page.result, page.board, page.theme, page.comparison
    threshold = chosen.threshold

    page.draw_main(
        losses.with_pinned(comparison, theme),
        "Training loss with and without clipping: same draws and batches",
        key="loss",
        message=messages.describe_training(result, 1),
        note=losses.explain_dashed(result),
    )
    left, right = st.columns(2)
    board.draw(
        lambda: thresholds.norms(tables.clipped_norms(result, 1), threshold, theme),
        "Gradient norm before and after clipping",
        place=left,
        key="norms",
        message=messages.describe_clipped_steps(result),
    )
    board.draw(
        lambda: thresholds.distribution(tables.norm_bins(result, 1, threshold), threshold, theme),
        "Distribution of gradient norms, and which are clipped",
        place=right,
        key="distribution",
    )
    left, right = st.columns(2)
    # Trained last, while the browser draws the other charts.
    board.draw(
        lambda: thresholds.angle(tables.angles(result, 1), theme),
        "Angle by which clipping turns the gradient",
        place=right,
        key="angle",
        message=messages.describe_largest_angle(result),
        note="By norm, the direction is kept: 0°. Layer by layer, or by value, it is not.",
    )
    sweep = page.run(chosen.other_thresholds)
    board.draw(
        lambda: thresholds.loss_by_threshold(
            tables.losses_by_threshold(result, sweep), threshold, chance_loss(result.experiment), theme
        ),
        "Final loss by clipping threshold",
        place=left,
        key="sweep",
        note=f"Dashed: the threshold that is set. The other thresholds have {sweep.experiment.seeds} seeds each.",
    )
    predictions.draw(board, comparison)
    controls.open_button(
        st,
        "Other thresholds and learning rates: the map",
        PRESETS["Clipping: threshold × learning rate"],
        key="to-map",
        icon=":material/grid_on:",
    )
    page.prose(
        r"""
## Why

Where the loss is steep, one gradient can be many times longer than all others, and a single step lands far away.
Clipping bounds the step: $g \leftarrow g \cdot \theta / \lVert g\rVert_2$ if $\lVert g\rVert_2 > \theta$. It keeps the
direction and lets every shorter gradient pass. (The article writes $W$ where the gradient is meant.)

## What to do

A usual choice is half to ten times the mean norm *before* clipping of a training that goes well: ten times it cuts the
rare long gradient alone, half of it the usual one as well. Where the start explodes, its first norms are no guide: try
a few thresholds, as above. One far below the usual norm makes every step equally short, and training is slow. Clipping
never lengthens a gradient: it does not repair one that vanishes.
"""
    )
