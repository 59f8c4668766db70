"""Modern networks: whether normalization and skips make the start irrelevant."""

from dataclasses import replace

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from pages.parts.compare import run_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, seeds
from pages.parts.settings import DESIGN_LABELS, ModernNetworks
from pages.parts.settings.maps import by_activation
from pages.parts.shell.frame import open_page

with open_page(ModernNetworks) as (page, chosen, result, theme, comparison):
    variants, steps = result.experiment.variants, result.recorded_steps
    results = {DESIGN_LABELS[code]: page.run(experiment) for code, experiment in chosen.by_design.items()}
    design = DESIGN_LABELS[chosen.design]
    legend = 20 * -(-len(variants) // seeds.legend_columns(len(variants)))  # pixels above a chart
    height = 70 + legend + len(results) * max(20, 12 * len(variants))
    hint = "" if chosen.depth > 2 else " Skip connections need three hidden layers or more: here there are none."

    page.draw_main(
        lambda: seeds.ends_by_design(tables.designs(results), variants, theme),
        f"Final {'test accuracy' if result.has_classes else 'loss'} of every start in every design",
        key="designs",
        height=height,
        note=f"Every dot is a network with other random weights; ✕: how many in the row overflow. A start learns "
        f"if the loss of every seed ends under half of guessing's.{hint}",
    )
    for quantity, axis, title in (
        ("dz_rms", "gradient rms(dZ⁽ˡ⁾)", "Gradient by layer, going back"),
        ("activation_rms", "signal rms(A⁽ˡ⁾)", "Signal by layer, going forward"),
    ):
        page.draw(
            lambda quantity=quantity, axis=axis: by_layer.sizes(
                tables.layers(result, quantity), steps, variants, theme, axis
            ),
            f"{title}: {design}",
            key=quantity,
            height=260 + legend,
        )
    page.draw(
        run_charts.loss_chart(result, theme, comparison.results),
        f"Training loss: {design}",
        key="loss",
        height=260 + legend,
        more_subjects=comparison.experiments,
    )
    if chosen.depth > 1:
        page.draw(
            lambda: seeds.factors_by_design(tables.designs(results), variants, theme),
            "Gradient factor per layer at the start, in every design",
            key="factors",
            height=height,
            note="Over many layers a factor other than 1 is raised to the power of their number. A start that has no "
            "gradient in some layer has no dot.",
        )
    page.open_map(replace(by_activation(chosen.activation), **chosen.built))
    st.markdown(f"## What the start still decides: {design}")
    page.board.table(lambda: tables.what_matters(result), key="matters")
    page.prose(
        r"""
## Why

**Normalization** replaces $Z^{[l]}$ by $\gamma\,(Z^{[l]}-\mu)/\sigma+\beta$ before the activation, so the scale of
random weights no longer reaches the next layer. Batch normalization takes $\mu$ and $\sigma$ of a unit over the batch.
With ReLU the gradient then grows 1.21-fold per layer, whatever the weights: its mean square $\pi/(\pi-1)=1.467$-fold
(Yang et al. 2019). Shallow networks train; in very deep ones the gradient explodes. Layer normalization takes $\mu$ and
$\sigma$ over the units of one example. With ReLU its factor is 1.

**Skip connections** here pass by two layers, $Z^{[l]}=W^{[l]}A^{[l-1]}+b^{[l]}+Z^{[l-2]}$ in layers 3, 5, 7, …
(He et al. 2016). With He's weights each such block doubles the mean square of signal and gradient. There are two
remedies. Multiply the last weights of each of the $B$ blocks by $1/\sqrt{B}$: all blocks together then let the mean
square grow at most $e=2.72$-fold. Or start these weights at 0 (Fixup): every block then begins by passing on its input
as it is. With batch normalization inside the blocks the gradient grows only with a power of the depth.

## What to do

Random weights are still needed: equal units stay equal in every design. The last layer is not normalized, so its
weights set the first loss. In the other layers large weights train more slowly: a step of the same length changes them
by a smaller share. So keep random weights with normalization: He's, Xavier's or a library's default. With skip
connections take Xavier: a block then multiplies the mean square by 1.25 instead of 2. For depth, combine skips with
normalization.
"""
    )
