"""Heuristics: the article's three scales side by side, on the same draws."""

import pages.parts.preload  # noqa: F401 by one thread
from core import verdicts
from core.verdicts import messages
from core.wording import count_things
from pages.parts.compare import run_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, initializers, seeds
from pages.parts.settings import Heuristics
from pages.parts.settings.maps import by_activation
from pages.parts.shell.frame import open_page

with open_page(Heuristics) as (page, chosen, result, theme, comparison):
    experiment = chosen.experiment
    variants, starts = experiment.variants, chosen.initializers
    profiles = run_charts.Profiles(result, page.board)

    page.draw_main(
        run_charts.loss_chart(result, theme, comparison.results),
        "Training loss of each initializer, on the same batches",
        key="loss",
        message=messages.name_lowest_loss(result),
        note=verdicts.compare_with_rule(result),
    )
    profiles.draw("activation_rms", "signal rms(A⁽ˡ⁾)", "Signal by layer", place=page.half(), key="forward")
    profiles.draw("dz_rms", "gradient rms(dZ⁽ˡ⁾)", "Gradient by layer", place=page.half(), key="backward")
    page.draw(
        lambda: seeds.ends(tables.finals(result), variants, theme),
        f"Final {'test accuracy' if result.has_classes else 'loss'} of every seed",
        key="ends",
        height=60 + 40 * len(variants),
    )
    if len(variants) > 1:
        pairs, lowest = tables.paired(result)
        page.draw(
            lambda: seeds.paired(pairs, variants, lowest, theme),
            f"Final loss compared with {lowest}, seed by seed",
            key="paired",
            height=60 + 40 * len(variants),
            note=f"A dot: the loss divided by that of {lowest} with the same seed, averaged over seeds. A bar: where "
            "that ratio lies with 95\N{NO-BREAK SPACE}% certainty. It is a tie if the bar reaches 1, or the ratio is "
            "less than 5\N{NO-BREAK SPACE}% from 1.",
        )
    page.draw(
        lambda: by_layer.weight_std(tables.weight_std(experiment), starts, theme),
        "Standard deviation of the weights, by initializer and layer",
        key="std",
        height=260 + 15 * len(variants),
        note="Libraries call the Xavier of this page “LeCun”, and the Glorot average “Xavier” or “Glorot”.",
    )
    if chosen.matrix:
        matrix = [page.run(each) for each in chosen.by_activation]
        small = matrix[0].experiment
        page.draw(
            lambda: initializers.matrix(tables.losses_by_activation(matrix), theme),
            "Final loss by initializer and activation",
            key="match",
            height=70 + 50 * len(variants),
            note=f"{count_things(len(small.hidden), 'hidden layer')} of {count_things(small.hidden[0], 'unit')}, "
            f"{small.steps} steps, median of {count_things(small.seeds, 'seed')}. Bright is low; ✕ counts seeds that "
            "overflow.",
        )
    run_charts.draw_predictions(page.board, comparison)
    page.open_map(by_activation(experiment.activation))
    page.prose(
        r"""
## Why

A signal keeps its mean square from layer to layer if $n_{l-1}\,\text{Var}(W)\,\mathbb{E}[g(z)^2]=\mathbb{E}[z^2]$. ReLU
passes half of it, hence **He**: $\text{Var}(W)=2/n_{l-1}$. tanh is the identity near 0, hence **Xavier**: $1/n_{l-1}$.
For the gradient on its way back, $n_l$ takes the place of $n_{l-1}$; the **Glorot average** $2/(n_{l-1}+n_l)$ is the
compromise, and differs from Xavier only where neighboring layers differ in size.

## What to do

As a rule of thumb, use He with the ReLU family and Xavier or the Glorot average with tanh, most of all in deep
networks: with one to three hidden layers all three train. None of them makes the weights' variance as small as
possible; they keep the signal's variance the same. Where the run above says otherwise, trust it for this network, these
steps and this learning rate alone: a larger start can be ahead early. The rule keeps the signal at the start; it does
not promise the lowest loss.
"""
    )
