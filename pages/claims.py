"""Claims: what the article says, put to the test sentence by sentence."""

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core.claims import CLAIMS
from pages.parts.export import numbers, offer
from pages.parts.figures import claim_cards
from pages.parts.settings import Claims, controls
from pages.parts.shell import toolbar
from pages.parts.shell.frame import FramedPage

RERUN = "from core.claims.__main__ import main\n\nmain()\n"  # where the folder `core` is

page = FramedPage(Claims)
with page.controls:
    chosen = controls.draw(page, Claims)
    rerun = st.button("Re-run all claims", icon=":material/refresh:", help="Trains every experiment: about a minute.")
toolbar.draw(page, chosen)

found = {claim.id: claim_cards.get_or_examine(page, claim, anew=rerun) for claim in CLAIMS.values()}
page.banner(claim_cards.count_verdicts(list(found.values())))
st.caption(
    "**Vanish** and **explode**: layer 1's gradient is under a tenth of the last layer's, or over ten times it. "
    "**Learn**: the loss ends under half that of guessing. **Signal**: the size of a layer's activations. "
    "**He × 1.5**: weights 1.5 times as large as He's. **Run**: a network trained from one seed. Dots: the seeds' "
    "median, or the share of runs; bars and bands: their range, or where a difference lies with 95 % certainty."
)
claim_cards.draw_cards(page, [evidence for evidence in found.values() if evidence.verdict in chosen.verdicts])
offer.draw(page, chosen, lambda title, *_: numbers.zip_evidence(title, found), lambda *_: RERUN)
page.end()
