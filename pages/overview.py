"""Overview: four topics in miniature, each a chart of its own run, and the words and symbols of every page."""

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core import verdicts
from core.advice.library_names import SOURCES
from core.datasets import PER_CLASS, watched_digits
from core.verdicts import messages
from pages.parts.compare import run_charts
from pages.parts.figures import tables
from pages.parts.figures.charts import by_layer, lines
from pages.parts.figures.charts.pictures import reading
from pages.parts.settings import Overview
from pages.parts.shell.frame import open_page

with open_page(Overview) as (page, chosen, result, theme, comparison):
    if not page.presenting:
        page.introduction.markdown(
            "A network starts from weights, usually random, and learns by changing them step by step. How large "
            "should they be? These pages test [*Deep Learning Best Practices (1): Weight Initialization*]"
            f"({SOURCES['the article']}) by Neerja Doshi. Below, four networks learn to read digits."
        )
    page.draw_main(
        lambda: reading.network(
            tables.activations(result),
            tables.readings(result, every=PER_CLASS),
            watched_digits()[0][::PER_CLASS],
            result.experiment.variants,
            [int(step) for step in result.recorded_steps],
            theme,
        ),
        "The same network from four starts while it reads a handwritten zero, and what it reads in test images",
        key="network",
        height=440,
        note="A row of a picture is a hidden layer, the first on top; a column is a unit. White is an activation of 0, "
        "red a positive one. A digit in a box is misread.",
    )
    page.board.draw(
        lambda: lines.share_by_step(
            comparison.table(lambda run: tables.steps(run, "test_accuracy")),
            comparison.variants,
            theme,
            "test accuracy",
            comparison.table(tables.divergences),
        ),
        "Test accuracy on handwritten digits: only the starting weights differ",
        key="contrast",
        message=messages.describe_accuracies(result),
        more_subjects=comparison.experiments,
        note="A line is the median of the seeds: the same network trained several times, each time from other random "
        "weights. The band reaches from the lowest seed to the highest.",
    )

    st.header("Two pitfalls and two remedies", anchor=False)

    def draw_topic(name, run, build, title, verdict, note=""):
        """A small chart of what another page is about, and the way to that page."""
        place, message = page.half(), messages.describe_network(run)
        page.board.draw(build, title, place=place, key=name, message=message, height=240, verdict=verdict, note=note)
        page.link(name, place)

    zero = page.run(chosen.zero_and_he)
    draw_topic(
        "zero_init",
        zero,
        lambda: lines.count_by_step(
            tables.steps(zero, "distinct_units", 0),
            zero.experiment.variants,
            theme,
            "distinct units in layer 1",
            zero.experiment.hidden[0],
        ),
        "All weights zero: number of distinct units",
        verdicts.symmetry(zero),
    )
    first = page.run(chosen.first_step)
    draw_topic(
        "random_init",
        first,
        lambda: by_layer.sizes(
            tables.layers(first, "dz_rms"),
            first.recorded_steps,
            first.experiment.variants,
            theme,
            "gradient rms(dZ⁽ˡ⁾)",
        ),
        "Too large or too small: gradient by layer, going back",
        verdicts.propagation(first, trained=False),
    )
    draw_topic(
        "heuristics",
        result,
        run_charts.loss_chart(result, theme),
        "Initializers compared: training loss of the four starts",
        verdicts.comparison(result),
        verdicts.compare_with_rule(result),
    )
    clipped = page.run(chosen.clipped)
    draw_topic(
        "clipping",
        clipped,
        run_charts.loss_chart(clipped, theme),
        "A start that explodes, with and without clipping",
        verdicts.clipping(clipped),
        run_charts.explain_dashed(clipped),
    )

    st.header("Words and symbols", anchor=False)
    page.prose(
        r"""
| symbol | meaning | shape |
|---|---|---|
| $n_l$ | size of layer $l$; layer 0 is the input, $L$ the output | |
| $W^{[l]}$, $b^{[l]}$ | weights and biases of layer $l$ | $(n_l, n_{l-1})$, $(n_l, 1)$ |
| $A^{[0]} = X$ | the input, one example a column | $(n_0, m)$ |
| $Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}$ | linear activations | $(n_l, m)$ |
| $A^{[l]} = g^{[l]}(Z^{[l]})$ | non-linear activations | $(n_l, m)$ |
| $\hat y$ | the output, from $A^{[L-1]}$ | $(n_L, m)$ |
| $dA, dZ, dW, db$ | gradients of the loss | as $A, Z, W, b$ |

**Training**: initialize $W$ and $b$; propagate forward; compute the loss of $y$ and $\hat y$; propagate backward and
update every layer, from the last to the first; repeat.

| activation | start with | Var(W) |
|---|---|---|
| ReLU, leaky ReLU, ELU, GELU, SiLU | **He** | $2/n_{l-1}$ |
| tanh | **Xavier** (elsewhere: LeCun) or **Glorot average** (elsewhere: Xavier) | $1/n_{l-1}$ or $2/(n_{l-1}+n_l)$ |
| sigmoid | **Glorot average** | $2/(n_{l-1}+n_l)$ |
| SELU, made for Xavier | **Xavier** | $1/n_{l-1}$ |

These are rules of thumb about the start. Which start ends lowest depends on steps, depth and learning rate as well:
Heuristics and Your network measure it.

**rms**: root of the mean square. **‖·‖**: square root of the sum of squares. **Saturated**: the slope $g'(z)$ is under
1 % of its maximum. **Dead**: the slope is 0 on every example. **Number of distinct units**: units with equal incoming
weights and bias, to within rounding, count once. **Gain**: a factor by which the drawn weights are multiplied; 1 leaves
them as they are. **Seed**: one draw of the weights and one order of the batches; two starts with the same seed draw the
same numbers and differ in scale alone. **After 59 steps**: each step is measured before it changes the weights, so the
last of 60 is measured after 59. **Final loss**: the average over the last tenth of the steps. **Chance loss**: that of
guessing. **Learns**: ends under half of it. **Overflows**: a number grows too large for the computer, and the run ends.
"""
    )
