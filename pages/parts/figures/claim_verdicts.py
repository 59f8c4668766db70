"""The verdicts of the claims: from stored measurements where they are of this code, else examined now, once."""

import streamlit as st

from core.claims import CLAIMS, VERDICT_LABELS, Claim, Evidence, examine, measurements
from core.verdicts import Verdict
from pages.parts.page import OpenPage
from pages.parts.settings import BY_PAGE

# A verdict is an icon, a word and a color, never a color alone.
MARKS = {
    "holds": ("check_circle", "green"),
    "holds only if": ("rule", "orange"),
    "does not hold": ("cancel", "red"),
}
OPENED = {
    claim.id: BY_PAGE[claim.page](**claim.page_settings) for claim in CLAIMS.values()
}  # by "Open this experiment"
known: dict[str, Evidence] = measurements.load(CLAIMS)  # of this very code; without what was not examined yet


def get_or_examine(page: OpenPage, claim: Claim, *, anew: bool = False) -> Evidence:
    """The evidence, from what is known or by training the claim's experiments now, which shows its progress."""
    if anew or claim.id not in known:
        known[claim.id] = examine(claim, run=page.run)
    return known[claim.id]


def badge(evidence: Evidence | None, name: str) -> str:
    """A verdict in Markdown, after the claim's name."""
    icon, color = MARKS[evidence.verdict] if evidence else ("help", "gray")
    label = VERDICT_LABELS[evidence.verdict] if evidence else "not examined"
    return f":{color}-badge[:material/{icon}: {name} {label}]"


def count_verdicts(found: list[Evidence]) -> Verdict:
    """How many claims hold, hold in part, and do not."""
    hold, partly, fail = (sum(evidence.verdict == verdict for evidence in found) for verdict in MARKS)
    return Verdict(
        "neutral",
        f"**Of {len(found)} claims {hold} hold, {partly} hold in part, {fail} do not**.",
        "Each is measured over several seeds.",
    )


def draw_claims(page: OpenPage) -> None:
    """The claims that bear on a page, each with its verdict as far as it is known and the way to its card."""
    rows = [
        f"- [{badge(known.get(claim.id), claim.id)}](claims#{claim.id}) {claim.statement}"
        for claim in CLAIMS.values()
        if claim.page == page.name
    ]
    if rows:
        st.header("The article's claims on this page", anchor=False)
        st.markdown("\n".join(rows))
        page.link("claims")
