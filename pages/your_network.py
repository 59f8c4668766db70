"""Your network: which initializer it should start from, measured on its data, and the code that does it."""

from functools import partial

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core import INITIALIZERS
from core.advice import describe_gain, explain_choice, name_in, verdict
from core.advice.library_names import describe_clashes
from core.advice.planning import theory_law
from core.advice.snippets import LIBRARIES
from pages.parts import session
from pages.parts.compare import compare_pinned, pins
from pages.parts.export import numbers, offer, script
from pages.parts.figures import diagnosis, tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts import initializers, lines
from pages.parts.serving import advising
from pages.parts.settings import YourNetwork, controls
from pages.parts.settings.common_fields import INITIALIZER_KINDS
from pages.parts.settings.your_network import RECOMMENDED
from pages.parts.shell import toolbar, upload
from pages.parts.shell.frame import FramedPage

page = FramedPage(YourNetwork)
with page.controls:
    chosen = controls.draw(page, YourNetwork)
    own = upload.draw(page, chosen.output, chosen.scaling, chosen.target_scaling) if chosen.upload else None
pinned = toolbar.draw(page, chosen)

question, changed = chosen.question(own.data if own else None)
for sentence in changed:
    page.notice(sentence)
refused = advising.explain_refusal(question, page)
if refused:
    chosen, question = page.fall_back_to_last_result((chosen, question))
advice = advising.get(question, page)
session.current().results[page.name] = chosen, question
board = Board(page, question, keep=not advising.is_private(question))
theme = board.theme
page.banner(verdict(advice))
if not page.presenting:
    page.stage.markdown("[The code](#code) · [The evidence](#evidence) · [The weights you have](#weights)")
advices = compare_pinned.advise_pinned(page, pinned)
losses = compare_pinned.tabulate_pinned(advices)
starts, theory, best = len(advice.starts), INITIALIZERS[theory_law(question)].label, advice.recommended
goes_on = initializers.has_arrows(tables.ranking(advice), advice.chance, losses)
arrow = "; an arrow says that it goes on" if goes_on else ""
chosen_here = f": here {best.label}" if best and best.label != theory else ""

board.draw(
    lambda: initializers.ranking(tables.ranking(advice), advice.chance, losses, theme),
    f"Validation loss of {starts} initializers: {question.described}",
    key="contest",
    main=True,
    height=60 + 26 * starts,
    more_subjects=tuple(each.measured.question for each in advices),
    note=f"★ is the recommended start: {theory}, theory's choice, unless another's loss is lower by 5 % or more "
    f"beyond doubt{chosen_here}. A bar shows where a loss lies with 95 % certainty, compared with ★ on the same random "
    f"numbers. If it crosses the dashed line of ★, the difference is uncertain{arrow}. The best few are compared on "
    "more seeds." + (" ①, ②, …: the pinned networks." if pinned else ""),
)
pins.compare(page, "network", chosen, pinned, map(compare_pinned.describe_network, [advice, *advices]))

written = best.name if chosen.code == RECOMMENDED and best else chosen.code
if written in INITIALIZERS:
    st.header(f"The code: {name_in(written, 'PyTorch')}", anchor="code")
    reasons = [explain_choice(advice)] if chosen.code == RECOMMENDED else []
    st.markdown(" ".join([*reasons, describe_gain(advice.measured)]))
    for tab, library in zip(st.tabs(list(LIBRARIES)), LIBRARIES, strict=True):
        tab.code(advice.write_code(library, written), language="python", wrap_lines=True)

st.header("The evidence", anchor="evidence")
left, right = st.columns(2)
with left:
    watched = tables.usual_losses(advice)
    board.draw(
        lambda: lines.by_step(tables.steps(watched, "loss"), watched.experiment.variants, theme, "loss"),
        "Training loss: the recommended initializer and the libraries' defaults",
        key="loss",
        height=80 + 30 * starts,
    )
with right:
    board.draw(
        lambda: initializers.matrix(tables.searched(advice), theme, "rate", "learning rate"),
        "Loss at every learning rate tried",
        key="rates",
        height=80 + 30 * starts,
        note="Validation loss: bright is low, blank was not tried. He and He uniform, like other such pairs, share one "
        "search. The comparison above has other seeds, and each row's best rate.",
    )
left, right = st.columns(2)
with left:
    st.markdown("## Results after training")
    board.table(lambda: tables.endings(advice), key="endings")
with right:
    st.markdown("## Statistics at initialization")
    board.table(lambda: tables.beginnings(advice), key="beginnings")

st.markdown("## One initializer, many names")
with st.container(key="names"):  # longer ones than a phone is wide
    board.table(tables.names, key="names")
left, right = st.columns([3, 2])
with left:
    st.caption(INITIALIZER_KINDS)
    st.caption(
        "† a normal truncated at two standard deviations, rescaled to the variance. \\* a name with several meanings:"
    )
    st.markdown("\n".join(f"- {sentence}" for sentence in describe_clashes()))
with right:
    st.markdown("## Standard deviation of the weights in your layers")
    board.table(lambda: tables.stds(question), key="stds")
    if len(question.sizes) > 5:
        st.caption("The first two and the last two layers.")
    st.markdown("## The gain that keeps the signal")
    board.table(tables.gains, key="gains")
    st.caption(
        "Gain: 1/√E[g(z)²] for z of variance 1: z then keeps its size from layer to layer. The last two rows are "
        "PyTorch's gains instead. Gradient per layer: gain · √E[g′(z)²], by which a layer then changes the gradient."
    )
diagnosis.draw_stuck_loss()
diagnosis.draw_diagnosis(page, question.activation, chosen)
page.prose(
    """
## Why it is measured

Theory's choice is derived for one activation, for layers of like sizes and before the first step. Your network has
layers, data and steps of its own. Every start gets the learning rate that suits it best: at one rate for all, the
comparison would be of how well that rate suits each of them.

## What to do

Take the code above. Where your library's default is tied or uncertain, keeping it costs little. Where nothing learns,
change the activation or the depth first: no start can mend a network that loses its signal at every scale.
"""
)
if not refused:  # the file that is there may not be the one that was measured
    measured = partial(numbers.zip_advice, advice, own)
    offer.draw(page, chosen, measured, partial(script.write_script, question, own))
page.end()
