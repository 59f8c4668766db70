"""Modern networks: whether normalization and skip connections make the starting weights irrelevant."""

from dataclasses import replace

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from pages.parts.compare import loss_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, seeds
from pages.parts.settings import ModernNetworks
from pages.parts.settings.maps import by_activation
from pages.parts.settings.modern_networks import DESIGN_LABELS
from pages.parts.shell import training_page

with training_page.open_page(ModernNetworks) as page:
    chosen, result, board, theme, comparison = page.chosen, page.result, page.board, page.theme, page.comparison
    variants, steps = result.experiment.variants, result.recorded_steps
    results = {DESIGN_LABELS[code]: page.run(experiment) for code, experiment in chosen.by_design.items()}
    of_design = DESIGN_LABELS[chosen.design]
    names = 20 * -(-len(variants) // seeds.legend_columns(len(variants)))  # of the starts, above a chart
    height = 70 + names + len(results) * max(20, 12 * len(variants))
    joined = "" if chosen.depth > 2 else " Skip connections need three hidden layers or more: here there are none."

    page.draw_main(
        lambda: seeds.ends_by_design(tables.designs(results), variants, theme),
        f"Final {'test accuracy' if result.has_classes else 'loss'} of every start in every design",
        key="designs",
        height=height,
        note=f"Every dot is a network with other random weights; ✕: how many in the row overflow. A start learns "
        f"if the loss of every seed ends under half of guessing's.{joined}",
    )
    left, right = st.columns(2)
    for quantity, axis, title, place in (
        ("dz_rms", "gradient rms(dZ⁽ˡ⁾)", "Gradient by layer, going back", left),
        ("activation_rms", "signal rms(A⁽ˡ⁾)", "Signal by layer, going forward", right),
    ):
        board.draw(
            lambda quantity=quantity, axis=axis: by_layer.sizes(
                tables.layers(result, quantity), steps, variants, theme, axis
            ),
            f"{title}: {of_design}",
            key=quantity,
            place=place,
            height=260 + names,
        )
    left, right = st.columns(2)
    board.draw(
        loss_charts.with_pinned(comparison, theme),
        f"Training loss: {of_design}",
        place=left,
        key="loss",
        height=260 + names,
        also=comparison.experiments,
    )
    if chosen.depth > 1:
        board.draw(
            lambda: seeds.factors_by_design(tables.designs(results), variants, theme),
            "Gradient factor per layer at the start, in every design",
            place=right,
            key="factors",
            height=height,
            note="Over many layers a factor other than 1 is raised to the power of their number. A start that has no "
            "gradient in some layer has no dot.",
        )
    page.open_map(replace(by_activation(chosen.activation), **chosen.built))
    st.markdown(f"## What still matters: {of_design}")
    board.table(lambda: tables.what_matters(result), key="matters")
    page.prose(
        r"""
## Why

**Normalization** replaces $Z^{[l]}$ by $\gamma\,(Z^{[l]}-\mu)/\sigma+\beta$ before the activation, so the scale of
random weights no longer reaches the next layer. Batch normalization takes $\mu$ and $\sigma$ of a unit over the batch.
With ReLU it multiplies the mean square of the gradient by $\pi/(\pi-1)=1.467$ a layer (Yang et al. 2019), its root by
1.21, whatever the weights: shallow networks train, deep ones explode. Layer normalization takes $\mu$ and $\sigma$ over
the units of one example. With ReLU its factor is 1.

**Skip connections** here pass by two layers, $Z^{[l]}=W^{[l]}A^{[l-1]}+b^{[l]}+Z^{[l-2]}$ in layers 3, 5, 7, …
(He et al. 2016). With He's weights each such block doubles the mean square of signal and gradient. Smaller branches
cure it: with $1/\sqrt{B}$ times the last weights of each of $B$ blocks all of them together stay below $e=2.72$; with
last weights of 0 (Fixup) a block starts as the identity. With batch normalization inside the blocks the gradient
grows with a power of the depth instead.

## What to do

Random weights are still needed: equal units stay equal in every design. The last layer is not normalized, and the scale
of the weights sets how fast they turn: the same learning rate moves large weights by a smaller share. So keep
random weights with normalization: He's, Xavier's or a library's default. With skip connections take Xavier, whose
blocks grow 1.25-fold instead of 2-fold. For depth, combine skips with normalization.
"""
    )
