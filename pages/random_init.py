"""Random init: what the scale of random weights does to signals and gradients."""

import pages.parts.preload  # noqa: F401 by one thread
from core import ACTIVATIONS
from core.verdicts import messages
from pages.parts.compare import run_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer
from pages.parts.settings import RandomInit
from pages.parts.settings.maps import by_activation
from pages.parts.shell.frame import open_page

with open_page(RandomInit) as (page, chosen, result, theme, comparison):
    experiment = chosen.experiment
    subject = experiment.variants[0]
    steps = [int(step) for step in result.recorded_steps]
    profiles = run_charts.Profiles(result, page.board)

    page.draw_main(
        profiles.chart("dz_rms", "gradient rms(dZ⁽ˡ⁾)", comparison.results),
        "Gradient by layer, going back",
        key="backward",
        **profiles.describe("dz_rms"),
    )
    run_charts.draw_predictions(page.board, comparison)
    profiles.draw(
        "activation_rms", "signal rms(A⁽ˡ⁾)", "Signal by layer, going forward", place=page.half(), key="forward"
    )
    profiles.draw("weight_gradient_norm", "‖dW⁽ˡ⁾‖", "Weight gradients by layer", place=page.half(), key="weights")
    page.draw(
        lambda: by_layer.histograms(
            tables.histograms(result, 0),
            tables.exact_zeros(result, 0),
            [steps[0], steps[-1]],
            ACTIVATIONS[experiment.activation].bounded,
            subject.initializer,
            theme,
        ),
        f"Distribution of activations: {subject.label}",
        key="histograms",
        height=340,
    )
    page.draw(
        lambda: by_layer.shares(tables.shares(result, 0), steps, theme),
        f"Saturated and dead units: {subject.label}",
        key="shares",
        height=340,
        note="Saturated: how often a unit's slope |g′(z)| is under 1 % of its maximum, over units and examples; half "
        "the time is normal for ReLU. Dead: units whose slope is 0 on every example of the batch.",
    )
    loss = messages.describe_training(result)
    page.draw(run_charts.loss_chart(result, theme), "Training loss", key="loss", message=loss)
    profiles.draw("bias_gradient_norm", "‖db⁽ˡ⁾‖", "Bias gradients by layer", place=page.half(), key="biases")
    page.open_map(by_activation(experiment.activation))
    page.prose(
        r"""
## Why

Each layer multiplies by its weights, so the mean square of the signal changes by
$n_{l-1}\,\text{Var}(W)\,\mathbb{E}[g(z)^2]/\mathbb{E}[z^2]$ a layer going forward and that of the gradient by
$n_l\,\text{Var}(W)\,\mathbb{E}[g'(z)^2]$ going back. The charts show rms, whose factor is the root of that. Over $L$
layers the factor is raised to the power $L$: a little under 1 vanishes, a little over 1 explodes. With standard normal
weights the factor grows with the width, so the same distribution can do either. $dW^{[l]} = dZ^{[l]} A^{[l-1]\top}$
multiplies both: where one grows as the other shrinks, it is about equally large in every layer.

## What to do

Scale the draw by the layer's width so that the factor is near 1: as a rule of thumb $\text{Var}(W)=2/n_{l-1}$ for ReLU
(He) and $1/n_{l-1}$ for tanh (Xavier). With tanh the signal then still fades slowly with depth, and He's larger weights
can be ahead: the next page measures it.
"""
    )
