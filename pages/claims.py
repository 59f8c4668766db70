"""Claims: what the article says, put to the test sentence by sentence."""

from functools import partial

import streamlit as st

import pages.parts.preload  # noqa: F401 by one thread
from core.claims import CLAIMS
from pages.parts.export import of_claims
from pages.parts.figures import findings, tables
from pages.parts.figures.board import Board, Sketch
from pages.parts.figures.charts import by_layer, lines, points
from pages.parts.settings import VERDICT_LABELS, Claims, controls
from pages.parts.shell import toolbar
from pages.parts.shell.frame import FramedPage

page = FramedPage(Claims)
with page.controls():
    chosen = controls.draw(page, Claims)
    anew = st.button(
        "Re-run all claims", icon=":material/refresh:", help="Trains every experiment; it takes about a minute."
    )
toolbar.draw(page, chosen)

found = {claim.id: findings.examined(page, claim, anew=anew) for claim in CLAIMS.values()}
page.banner(findings.summary(list(found.values())))
theme = Board(page).theme

for claim in CLAIMS.values():
    finding = found[claim.id]
    if finding.verdict not in chosen.verdicts:
        continue
    icon, color = findings.MARKS[finding.verdict]
    with st.container(border=True, key=f"claim-{claim.id}"):
        badge = f":{color}-badge[{icon} {VERDICT_LABELS[finding.verdict]}]"
        decides = f":small[:gray[{claim.quantity}: {findings.interval(finding)}]]"
        st.markdown(f"## {claim.id} · {claim.said}\n\n{badge}\n\n{findings.format_finding(finding)}\n\n{decides}")
        controls.open_button(st, "Open this experiment", findings.OPENED[claim.id], key=f"{claim.id}-open")
        drawn, said = findings.picture(finding, theme)
        st.image(drawn, caption=finding.axis, alt=said, width="stretch")
        note = f"**{finding.verdict}**. {finding.sentence} {claim.quantity}: {findings.interval(finding)}."
        page.figures.append(Sketch(claim.id, f"{claim.id} · {claim.said}", drawn, note, theme))
        # Drawn where it is asked for: eighteen tables and their charts would take longer than the rest of the page.
        if st.toggle("Criterion and experiments", key=claim.id):
            page.wait_here()
            st.markdown(claim.rule)
            st.table(tables.experiments(claim.experiments(0)).set_index("activation"))
            result = page.run(claim.experiments(0)[claim.shown])
            variants, lost = result.experiment.variants, tables.divergences(result)
            board = Board(page, *claim.experiments(0).values())
            table = tables.points(finding)
            board.draw(
                partial(points.chart, table, finding, theme),
                finding.axis,
                key=f"{claim.id}-points",
                height=points.height(table),
            )
            left, right = st.columns(2)
            with left:
                board.draw(
                    partial(lines.by_step, tables.steps(result, "loss"), variants, theme, "loss", lost),
                    f"Training loss: {claim.shown}",
                    key=f"{claim.id}-loss",
                )
            with right:
                board.draw(
                    partial(
                        by_layer.chart,
                        tables.layers(result, "dz_rms"),
                        result.recorded_steps,
                        variants,
                        theme,
                        "rms(dZ⁽ˡ⁾)",
                    ),
                    f"Gradient by layer: {claim.shown}",
                    key=f"{claim.id}-gradient",
                )
of_claims.draw(page, chosen, found)
page.end()
