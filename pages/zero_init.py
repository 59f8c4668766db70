"""Zero init: units that start alike stay alike, and what it takes to tell them apart."""

from pandas import concat

import pages.parts.preload  # noqa: F401 by one thread
from core.verdicts import messages
from pages.parts.compare import run_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, lines
from pages.parts.figures.charts.pictures import panels
from pages.parts.settings import ZeroInit
from pages.parts.shell.frame import open_page

with open_page(ZeroInit) as (page, chosen, result, theme, comparison):
    variants, steps = result.experiment.variants, result.recorded_steps
    linear = page.run(chosen.linear)

    page.draw_main(
        lambda: panels.weights(
            comparison.table(lambda run: tables.unit_rows(run, (0, 3) if run is result else (0,), steps=steps)),
            [int(step) for step in steps],
            theme,
        ),
        "First-layer weights: identical rows are identical units",
        key="rows",
        message=messages.count_distinct_units(result),
        height=400,
        note="A row is one of the first 32 units of the first seed's network, a column one of its inputs; blue is "
        "negative, red positive, white zero. Each matrix has a color scale of its own.",
    )
    run_charts.draw_predictions(page.board, comparison)
    page.draw(
        lambda: lines.count_by_step(
            tables.steps(result, "distinct_units", 0), variants, theme, "distinct units in layer 1", chosen.width
        ),
        "Number of distinct units in the first layer",
        key="distinct",
        note="Units are distinct if their weights or biases differ. That is not enough to learn: weights at or near 0 "
        "pass no signal on, whatever the biases.",
    )
    page.draw(
        lambda: lines.by_step(
            tables.steps(result, "unit_spread", 0),
            variants,
            theme,
            "largest difference",
            floor=tables.rounding(result, 0, 0),
        ),
        "Largest difference between units, in a weight or bias",
        key="spread",
        note="Below the dotted line a difference is no more than rounding.",
    )
    models = (*variants, linear.experiment.variants[0])
    quantity, chart = ("test_accuracy", lines.share_by_step) if result.has_classes else ("loss", lines.by_step)
    page.draw(
        lambda: chart(
            concat([tables.steps(run, quantity) for run in (result, linear)], ignore_index=True),
            models,
            theme,
            quantity.replace("_", " "),
            tables.divergences(result),
        ),
        f"{'Accuracy' if result.has_classes else 'Loss'} compared with a linear model",
        key="cost",
        message=messages.compare_with_linear(result, linear),
        note="Dashed: a linear model, which has no hidden units, trained in the same way. Where classes are easy "
        "to separate, it can be ahead even of He.",
    )
    page.draw(
        lambda: by_layer.sizes(tables.layers(result, "weight_gradient_norm"), steps, variants, theme, "‖dW⁽ˡ⁾‖"),
        "Weight gradients by layer",
        key="gradients",
        note="Before the first step no gradient passes weights of 0; Play shows later steps.",
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
merely *not equal* can take thousands of steps to get going. The next page shows how large it has to be.

## When rounding errors break the symmetry

The same numbers added in another order differ in the last digit. A matrix product works in blocks, and units in
different blocks may be added up in different orders; training then amplifies that difference. It is no remedy: it takes
hundreds of steps, where it happens at all. Try a constant start with tanh, 7 units per layer, learning rate 0.5 and 500
steps.
"""
    )
