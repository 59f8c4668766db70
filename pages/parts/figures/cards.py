"""A claim's card: statement, verdict and picture, and folded below them the evidence, the rule and the experiments.

They are plain HTML: eighteen of Streamlit's containers with live charts take a browser seconds.
"""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from core import ACTIVATIONS, Experiment
from core.claims import VERDICT_LABELS, Evidence
from pages.parts.figures import claim_verdicts, drawings
from pages.parts.figures.board import Board, Figure
from pages.parts.figures.charts import claims
from pages.parts.page import OpenPage
from pages.parts.serving.store import Store
from pages.parts.settings import links

_CARD = """<article class="claim"><div>
<h2 id="{id}">{id} · {statement}</h2>
<p class="verdict" style="--hue: {color}"><span aria-hidden="true">{icon}</span> {verdict}</p>
<p>{sentence}</p></div>
<figure><figcaption>{title}</figcaption>{image}<p>{limits}</p></figure>
<details><summary>Evidence and rule</summary>{explained}
<p>✓: meets the rule. ✗: does not. In parentheses: the interval.</p><div tabindex="0">{evidence}</div>
<h3>Experiments, with every setting that decides</h3>{experiments}
<a href="{link}" target="_blank">Open this experiment in a new tab</a></details></article>"""
Card = tuple[Figure, str]  # its picture, and its HTML
_cards: Store[Hashable, Card] = Store(8e6, lambda card: len(card[1]))

# A browser looks for the place that a link names before the cards are there.
_scroll = st.components.v2.component(
    "scroll_to_claim",
    js="""export default function () {
        if (window.scrolledTo === location.href) return;
        window.scrolledTo = location.href;
        document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }""",
)


def draw(page: OpenPage, found: Iterable[Evidence]) -> None:
    """Draw a card each, which is made once for the same numbers, and show the one that the link names (#C04)."""
    cards = [_card(page, evidence) for evidence in found]
    page.figures += [figure for figure, _ in cards]
    st.html("".join(card for _, card in cards))
    _scroll(key="scroll")


def _card(page: OpenPage, evidence: Evidence) -> Card:
    numbers = (evidence.claim.id, *(row.summary.value for row in evidence.rows))
    board = Board(page, *numbers)
    return _cards.get_or_compute((*numbers, board.theme), lambda: _make_card(board, evidence))


def _make_card(board: Board, evidence: Evidence) -> Card:
    claim, table = evidence.claim, claims.tabulate(evidence)
    limits, verdict = claims.describe_limits(claim), VERDICT_LABELS[evidence.verdict]
    figure = board.figure(
        partial(claims.chart, table, claim, board.theme),
        f"{claim.id} · {claim.statement}",
        key=claim.id,
        height=claims.height(table),
        # In what is downloaded no card stands beside the picture.
        note=f"**{verdict}:** {evidence.sentence} {claim.title}. {limits}".strip(),
    )
    icon, color = claim_verdicts.MARKS[evidence.verdict]
    return figure, _CARD.format(
        id=claim.id,
        statement=escape(claim.statement),
        icon=icon,
        color=color,
        verdict=verdict,
        sentence=escape(evidence.sentence),
        title=escape(claim.title),
        image=drawings.image(figure),
        limits=limits,
        explained=_paragraphs(evidence.explain()),
        evidence=_tabulate(evidence),
        experiments=_paragraphs(list_experiments(claim.experiments())),
        link=escape(f"{claim.page}?{links.query(claim_verdicts.OPENED[claim.id])}"),
    )


def _tabulate(evidence: Evidence) -> str:
    """A row a condition, a column a quantity."""
    marks, cells = {True: "✓ ", False: "✗ ", None: ""}, {}
    for row in evidence.rows:
        value, interval = row.summary.describe()
        written = marks[row.meets] + value + (f" ({interval})" if interval else "")
        cells.setdefault(row.case.describe(evidence.claim.across), {})[row.quantity.name] = written
    return pd.DataFrame.from_dict(cells, orient="index").fillna("").to_html(border=0)


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def list_experiments(tried: Iterable[Experiment]) -> list[str]:
    """Every setting that decides how networks train, a line for those that differ in their layers alone."""
    layers: dict[str, list[str]] = {}
    for e in tried:
        starts = _join_distinct(replace(v, label="", clip=None).label for v in e.variants)
        rates = _join_distinct(f"{v.learning_rate:g}" for v in e.variants)
        clips = _join_distinct(f"by {v.clip.kind} at {v.clip.threshold:g}" if v.clip else "no" for v in e.variants)
        settings = (
            f"{ACTIVATIONS[e.activation].label}; starts: {starts}; learning rate: {rates}; clipped: {clips}; "
            f"{e.seeds} seeds; steps: {e.steps}; batch: {e.batch_size}; {e.dtype}; data: {e.dataset}; hidden layers: "
        )
        equal = f"{len(e.hidden)} × {e.hidden[0]}" if e.hidden else "none"
        layers.setdefault(settings, []).append(equal if len({*e.hidden}) < 2 else " · ".join(map(str, e.hidden)))
    return [settings + ", ".join(found) for settings, found in layers.items()]


def _join_distinct(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
