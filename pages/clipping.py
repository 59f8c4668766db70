"""Clipping: what a bound on the gradient's length can and cannot do."""

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core.statistics import chance_loss
from core.verdicts import messages
from core.wording import count_things
from pages.parts.compare import run_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import thresholds
from pages.parts.settings import Clipping
from pages.parts.settings.maps import PRESETS
from pages.parts.shell.frame import open_page

with open_page(Clipping) as (page, chosen, result, theme, comparison):
    threshold = chosen.threshold

    page.draw_main(
        run_charts.loss_chart(result, theme, comparison.results),
        "Training loss with and without clipping: same draws and batches",
        key="loss",
        message=messages.describe_training(result, 1),
        note=run_charts.explain_dashed(result),
    )
    page.draw(
        lambda: thresholds.norms(tables.clipped_norms(result, 1), threshold, theme),
        "Gradient norm before and after clipping",
        key="norms",
        message=messages.describe_clipped_steps(result),
    )
    page.draw(
        lambda: thresholds.distribution(tables.norm_bins(result, 1, threshold), threshold, theme),
        "Distribution of gradient norms, and which are clipped",
        key="distribution",
    )
    sweep_place = None
    if chosen.kind != "norm":
        sweep_place, right = st.columns(2)
        page.board.draw(
            lambda: thresholds.angle(tables.angles(result, 1), theme),
            "Angle by which clipping turns the gradient",
            place=right,
            key="angle",
            message=messages.describe_largest_angle(result),
            note="Clipped by the norm of all gradients together, the gradient would keep its direction.",
        )
    # Trained last, while the browser draws the other charts.
    sweep = page.run(chosen.other_thresholds)
    page.board.draw(
        lambda: thresholds.loss_by_threshold(
            tables.losses_by_threshold(result, sweep), threshold, chance_loss(result.experiment), theme
        ),
        "Final loss by clipping threshold",
        place=sweep_place,
        key="sweep",
        note="Dashed: the threshold that is set. The other thresholds have "
        f"{count_things(sweep.experiment.seeds, 'seed')} each.",
    )
    run_charts.draw_predictions(page.board, comparison)
    page.open_map(PRESETS["Clipping: threshold × learning rate"], "Other thresholds and learning rates")
    page.prose(
        r"""
## Why

Where the loss is steep, one gradient can be many times longer than all others, and a single step lands far away.
Clipping bounds the step: $g \leftarrow g \cdot \theta / \lVert g\rVert_2$ if $\lVert g\rVert_2 > \theta$. It keeps the
direction and lets every shorter gradient pass. (The article writes $W$ where the gradient is meant.)

## What to do

Train a network that goes well without clipping, and take the mean of its gradient norms. A usual threshold lies between
half and ten times that mean: at ten times, only rare, long gradients are clipped; at half, usual ones too. Where the
start explodes, the first norms are no guide: try a few thresholds, as above. A threshold far below the usual norm makes
every step equally short, and training slow. Clipping never lengthens a gradient: it does not repair one that vanishes.
"""
    )
