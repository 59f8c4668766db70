"""Claims: what the article says, put to the test sentence by sentence."""

from dataclasses import replace
from functools import partial

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core.claims import CLAIMS, VERDICT_LABELS
from pages.parts.export import of_claims
from pages.parts.figures import findings, tables
from pages.parts.figures.board import Board
from pages.parts.figures.charts import claims
from pages.parts.settings import Claims, controls
from pages.parts.shell import toolbar
from pages.parts.shell.frame import FramedPage

page = FramedPage(Claims)
with page.controls():
    chosen = controls.draw(page, Claims)
    anew = st.button("Re-run all claims", icon=":material/refresh:", help="Trains every experiment: about a minute.")
toolbar.draw(page, chosen)

found = {claim.id: findings.examined(page, claim, anew=anew) for claim in CLAIMS.values()}
page.banner(findings.summary(list(found.values())))

for claim in CLAIMS.values():
    evidence = found[claim.id]
    if evidence.verdict not in chosen.verdicts:
        continue
    with st.container(border=True, key=f"claim-{claim.id}"):
        text, picture = st.columns([3, 2])
        text.markdown(f"## {claim.id} · {claim.statement}\n\n{findings.badge(evidence)}\n\n{evidence.sentence}")
        with text:
            # Drawn where it is asked for: eighteen tables would take longer than the rest of the page.
            opened = st.toggle("Evidence and rule", key=claim.id)
        table = tables.pictured(evidence)
        board = Board(page, claim.id, *(row.summary.value for row in evidence.rows))
        board.draw(
            partial(claims.chart, table, claim, board.theme),
            claim.title,
            key=f"{claim.id}-picture",
            height=claims.height(table),
            place=picture,
            note=claims.describe_bounds(claim),
            heading="###",
        )
        # In what is downloaded no card stands beside the picture.
        note = f"**{VERDICT_LABELS[evidence.verdict]}:** {evidence.sentence} {claim.title}. {page.figures[-1].note}"
        page.figures[-1] = replace(page.figures[-1], title=f"{claim.id} · {claim.statement}", note=note.strip())
        if opened:
            st.markdown("\n\n".join(evidence.explain()))
            board.table(partial(tables.evidence, evidence), key=f"{claim.id}-evidence")
            st.markdown("### Experiments, with every setting that decides")
            board.table(partial(tables.experiments, claim.experiments()), key=f"{claim.id}-experiments")
            controls.open_button(st, "Open this experiment", findings.OPENED[claim.id], key=f"{claim.id}-open")
of_claims.draw(page, chosen, found)
page.end()
