"""What was found of each claim: kept from before where it still holds for this code, else examined now, once."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from core.claims import CLAIMS, Claim, Finding, store
from core.verdicts import Verdict
from core.wording import format_range, number
from pages.parts.figures import tables
from pages.parts.figures.charts import sketches
from pages.parts.figures.charts.marks import alt_text
from pages.parts.figures.theme import ChartTheme
from pages.parts.page import OpenPage
from pages.parts.settings import BY_PAGE, VERDICT_LABELS

# How a verdict is told: by an icon, by its word and by a color, never by color alone.
MARKS = {
    "holds": (":material/check_circle:", "green"),
    "holds only if": (":material/rule:", "orange"),
    "does not hold": (":material/cancel:", "red"),
}
OPENED = {claim.id: BY_PAGE[claim.page](**claim.settings) for claim in CLAIMS.values()}  # by "Open this experiment"
_known: dict[str, Finding] = store.load()


def known(claim: Claim) -> Finding | None:
    """What was found of the claim by this very code; None where it was not examined yet."""
    return _known.get(claim.id)


def examined(page: OpenPage, claim: Claim, *, anew: bool = False) -> Finding:
    """What is found of the claim, from what is known or by training its experiments now, which shows its progress."""
    if anew or claim.id not in _known:
        _known[claim.id] = claim.judge({name: page.run(e) for name, e in claim.experiments(0).items()})
    return _known[claim.id]


def format_finding(finding: Finding) -> str:
    """What was found, in Markdown: a condition stands out."""
    rest = finding.sentence.removeprefix(finding.condition)
    return f"**{finding.condition}**{rest}" if finding.condition else finding.sentence


@lru_cache(maxsize=128)
def interval(finding: Finding) -> str:
    """The deciding number with its interval."""
    return f"{number(finding.value, 3)} ({format_range([finding.low, finding.high])})"


@lru_cache(maxsize=128)
def picture(finding: Finding, theme: ChartTheme) -> tuple[str, str]:
    """The finding drawn as SVG and told in words. It is kept: eighteen of them are most of a page."""
    table = tables.points(finding)
    return sketches.picture(table, finding, theme), alt_text.points(table, finding.axis)


def summary(findings: list[Finding]) -> Verdict:
    """How many claims hold, hold only if, and do not."""
    counts = {word: sum(finding.verdict == word for finding in findings) for word in MARKS}
    hold, conditional, fail = counts.values()
    return Verdict(
        "neutral",
        f"**Of {len(findings)} claims {hold} hold{'s' if hold == 1 else ''}, {conditional} hold"
        f"{'s' if conditional == 1 else ''} under a condition, {fail} do{'es' if fail == 1 else ''} not**: "
        "each is measured over several seeds.",
    )


def line(page: OpenPage) -> None:
    """The claims that bear on a page, with their verdicts as far as they are known, and the way to all of them."""
    badges = []
    for claim in CLAIMS.values():
        if claim.page == page.name:
            finding = known(claim)
            icon, color = MARKS[finding.verdict] if finding else (":material/help:", "gray")
            badges.append(
                f":{color}-badge[{icon} {claim.id} {VERDICT_LABELS[finding.verdict] if finding else 'not examined'}]"
            )
    if not badges:
        return
    with st.container(key="bearing"):
        st.markdown(f"**The article's claims on this page:** {' '.join(badges)}")
        page.link("claims")
