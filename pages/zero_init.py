"""Zero init: units that start alike stay alike, and what it takes to tell them apart."""

import streamlit as st

from pages.parts.compare import compare_pinned
from pages.parts.export import of_run
from pages.parts.figures import findings, tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts import by_layer, lines, units
from pages.parts.serving import runs
from pages.parts.settings import ZeroInit, controls
from pages.parts.shell import frame, toolbar

page = frame.open_page("zero_init")
with page.controls():
    chosen = controls.draw(ZeroInit)
pinned = toolbar.draw(page, chosen)

runs.prefetch(chosen.experiment, chosen.linear)
result, linear = runs.get(chosen.experiment), runs.get(chosen.linear)
variants = result.experiment.variants
board = Board(page, result.experiment, linear.experiment)
look = board.look
verdict = chosen.verdict(runs.get)
page.banner(verdict)
both = compare_pinned.compare_with_pinned(chosen, result, pinned)

board.draw(
    lambda: units.rows(
        both.table(lambda run: tables.unit_rows(run, (0, 3) if run is result else (0,), steps=result.recorded_steps)),
        [int(s) for s in result.recorded_steps],
        look,
    ),
    "First-layer weights: identical rows are identical units",
    key="rows",
    main=True,
    height=400,
    also=both.experiments,
    note="The weights into the first layer, of the first seed, a column an input; blue is negative, red positive, each "
    "matrix on its own scale. White throughout: the weights are still zero. Move the slider to go back to an earlier "
    "step.",
)
both.compare(verdict)
left, right = st.columns(2)
with left:
    board.draw(
        lambda: lines.count_by_step(
            tables.records(result, "distinct_units", 0), variants, look, "distinct units in layer 1", chosen.width
        ),
        "Number of distinct units in the first layer",
        key="distinct",
    )
with right:
    board.draw(
        lambda: lines.by_step(
            tables.records(result, "unit_spread", 0),
            variants,
            look,
            "largest difference",
            floor=tables.rounding(result, 0, 0),
        ),
        "Largest weight difference between units",
        key="spread",
        note="Below the dotted line a difference is no more than rounding: 256 ε of the largest weight so far.",
    )
left, right = st.columns(2)
with left:
    both = (*variants, linear.experiment.variants[0])
    board.draw(
        lambda: (
            lines.share_by_step(
                tables.test_accuracy(result, linear), both, look, "test accuracy", tables.divergences(result)
            )
            if result.has_classes
            else lines.by_step(tables.losses(result, linear), both, look, "loss", tables.divergences(result))
        ),
        f"{'Accuracy' if result.has_classes else 'Loss'} compared with a linear model",
        key="cost",
    )
with right:
    board.draw(
        lambda: by_layer.chart(
            tables.layers(result, "weight_gradient_norm"), result.recorded_steps, variants, look, "‖dW⁽ˡ⁾‖"
        ),
        "Weight gradients by layer",
        key="gradients",
    )
page.prose(
    r"""
## Why

If two units of a layer have equal weights, they compute equal activations and receive equal gradients
$dW^{[l]} = dZ^{[l]} A^{[l-1]\top}$, so they stay equal at every step. With $W = 0$ the gradient going back,
$dA^{[l-1]} = W^{[l]\top} dZ^{[l]}$, is 0 as well: tanh and ReLU networks learn nothing but the last bias. With sigmoid
$A = \tfrac12$, so weights do move, but each layer acts as one unit. Zero *biases* do no harm once the weights differ.

## What to do

Draw the weights at random, and leave the biases at 0. The noise must be large enough to carry a signal: a start that is
merely *not equal* can take thousands of steps to get going. How large is the question of the next page.

## When rounding breaks the symmetry

Equal numbers added in another order differ in the last digit. A matrix product works in blocks, and units in different
blocks may be added up in different orders; training then amplifies that difference, step by step. Try a constant start
with tanh, width 7, learning rate 0.5 and 500 steps.
"""
)
findings.line(page)
of_run.draw(page, chosen, result.experiment)
page.end()
