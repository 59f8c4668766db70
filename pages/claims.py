"""Claims: what the article says, put to the test sentence by sentence."""

import streamlit as st

from core.claims import CLAIMS, VERDICTS
from pages.parts import controls, figures, findings, frame, tables
from pages.parts.charts import points

page = frame.open_page("claims")
with page.controls():
    wanted = controls.several("verdicts", "Show claims that", VERDICTS, VERDICTS, "Which verdicts are shown.")
    anew = st.button(
        "Examine all of them now", icon=":material/refresh:", help="Trains every experiment; it takes about a minute."
    )

found = {claim.id: findings.examined(claim, anew=anew) for claim in CLAIMS.values()}
page.banner(findings.summary(list(found.values())))

for claim in CLAIMS.values():
    finding = found[claim.id]
    if finding.verdict not in wanted:
        continue
    icon, colour = findings.MARKS[finding.verdict]
    with st.container(border=True, key=f"claim-{claim.id}"):
        words, picture = st.columns([3, 2])
        with words:
            st.markdown(f"##### {claim.id} · {claim.said}")
            st.badge(finding.verdict, icon=icon, color=colour)
            st.markdown(finding.sentence)
            st.caption(f"{claim.quantity}: {findings.interval(finding)}")
            page.open_with(claim.page, claim.settings)
        with picture:
            board = figures.Board(page, *claim.experiments(0).values())
            look, table = board.look, tables.points(finding)
            board.draw(
                lambda finding=finding, look=look, table=table: points.chart(table, finding, look),
                finding.axis,
                key=claim.id,
                height=points.height(table),
            )
        with st.expander("How it is decided"):
            st.markdown(claim.rule)
            st.table(tables.experiments(claim.experiments(0)).set_index("experiment"))
page.end()
