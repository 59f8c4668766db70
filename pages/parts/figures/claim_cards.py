"""The article's claims: verdicts as badges, and cards with picture, evidence, rule and experiments.

Cards are plain HTML: eighteen of Streamlit's containers with live charts take a browser seconds.
"""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from core import ACTIVATIONS, Experiment
from core.claims import CLAIMS, VERDICT_LABELS, Claim, Evidence, examine, measurements
from core.verdicts import Verdict
from pages.parts.figures.board import choose_theme
from pages.parts.figures.charts.claims import chart, describe_limits, height, tabulate
from pages.parts.figures.drawings import Figure, build_spec, measure_spec, write_image
from pages.parts.figures.theme import ChartTheme
from pages.parts.page import OpenPage
from pages.parts.serving.store import Store
from pages.parts.settings import BY_PAGE, links

# A verdict is an icon, a word and a color, never a color alone.
MARKS = {
    "holds": ("check_circle", "green"),
    "holds only if": ("rule", "orange"),
    "does not hold": ("cancel", "red"),
}
# What "Open this experiment" opens.
OPENED = {claim.id: BY_PAGE[claim.page](**claim.page_settings) for claim in CLAIMS.values()}
known: dict[str, Evidence] = measurements.load(CLAIMS)  # of this very code, if any

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
_cards: Store[Hashable, Card] = Store(8e6, lambda card: measure_spec(card[0].spec) + len(card[1]))

# A browser looks for the place that a link names before the cards are there.
_scroll = st.components.v2.component(
    "scroll_to_claim",
    js="""export default function () {
        if (window.scrolledTo === location.href) return;
        window.scrolledTo = location.href;
        document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }""",
)


def get_or_examine(page: OpenPage, claim: Claim, *, anew: bool = False) -> Evidence:
    """The evidence: what is known, or measured now by training, which shows its progress."""
    if anew or claim.id not in known:
        known[claim.id] = examine(claim, run=page.run)
    return known[claim.id]


def write_badge(evidence: Evidence | None, name: str) -> str:
    """A verdict in Markdown, after the claim's name."""
    icon, color = MARKS[evidence.verdict] if evidence else ("help", "gray")
    label = VERDICT_LABELS[evidence.verdict] if evidence else "not examined"
    return f":{color}-badge[:material/{icon}: {name} {label}]"


def count_verdicts(found: list[Evidence]) -> Verdict:
    """A verdict that counts the claims that hold, hold in part, and do not."""
    verdicts = [evidence.verdict for evidence in found]
    hold, partly, fail = map(verdicts.count, MARKS)
    return Verdict(
        "neutral",
        f"**Of {len(found)} claims {hold} hold, {partly} hold in part, {fail} do not**.",
        "Each is measured over several seeds.",
    )


def draw_claims(page: OpenPage) -> None:
    """The claims that bear on a page, each with its verdict as far as it is known and the way to its card."""
    rows = ["## The article's claims on this page"]
    rows += [
        f"- [{write_badge(known.get(claim.id), claim.id)}](claims#{claim.id}) {claim.statement}"
        for claim in CLAIMS.values()
        if claim.page == page.name
    ]
    if len(rows) > 1:
        st.markdown("\n".join(rows))
        page.link("claims")


def draw_cards(page: OpenPage, found: Iterable[Evidence]) -> None:
    """Draw a card each, made once for the same numbers, and show the one that the link names."""
    theme, cards = choose_theme(page), []
    for evidence in found:
        numbers = (evidence.claim.id, theme, *(row.summary.value for row in evidence.rows))
        cards.append(_cards.get_or_compute(numbers, partial(_make_card, evidence, theme)))
    page.figures += [figure for figure, _ in cards]
    st.html("".join(card for _, card in cards))
    _scroll(key="scroll")


def _make_card(evidence: Evidence, theme: ChartTheme) -> Card:
    claim, table = evidence.claim, tabulate(evidence)
    limits, verdict = describe_limits(claim), VERDICT_LABELS[evidence.verdict]
    # In what is downloaded no card stands beside the picture.
    note = f"**{verdict}:** {evidence.sentence} {claim.title}. {limits}".strip()
    spec = build_spec(partial(chart, table, claim, theme), theme, height(table))
    figure = Figure(claim.id, f"{claim.id} · {claim.statement}", spec, note, theme)
    icon, color = MARKS[evidence.verdict]
    marks, cells = {True: "✓ ", False: "✗ ", None: ""}, {}
    for row in evidence.rows:
        value, interval = row.summary.describe()
        cell = marks[row.meets] + value + (f" ({interval})" if interval else "")
        cells.setdefault(row.case.describe(claim.across), {})[row.quantity.name] = cell
    return figure, _CARD.format(
        id=claim.id,
        statement=escape(claim.statement),
        icon=icon,
        color=color,
        verdict=verdict,
        sentence=escape(evidence.sentence),
        title=escape(claim.title),
        image=write_image(figure),
        limits=limits,
        explained=_write_paragraphs(evidence.explain()),
        evidence=pd.DataFrame.from_dict(cells, orient="index").fillna("").to_html(border=0),
        experiments=_write_paragraphs(list_experiments(claim.experiments())),
        link=escape(f"{claim.page}?{links.query(OPENED[claim.id])}"),
    )


def _write_paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def list_experiments(tried: Iterable[Experiment]) -> list[str]:
    """Every setting that decides; one line for experiments that differ in layers alone."""
    layers: dict[str, list[str]] = {}
    for e in tried:
        starts = _join_distinct(replace(v, label="", clip=None).label for v in e.variants)
        rates = _join_distinct(f"{v.learning_rate:g}" for v in e.variants)
        kinds = (f"by {v.clip.kind} at {v.clip.threshold:g}" if v.clip else "no" for v in e.variants)
        settings = (
            f"{ACTIVATIONS[e.activation].label}; starts: {starts}; learning rate: {rates}; "
            f"clipped: {_join_distinct(kinds)}; {e.seeds} seeds; steps: {e.steps}; batch: {e.batch_size}; "
            f"{e.dtype}; data: {e.dataset}; hidden layers: "
        )
        sizes = " · ".join(map(str, e.hidden)) or "none"
        if e.hidden and len({*e.hidden}) == 1:
            sizes = f"{len(e.hidden)} × {e.hidden[0]}"
        layers.setdefault(settings, []).append(sizes)
    return [settings + ", ".join(sizes) for settings, sizes in layers.items()]


def _join_distinct(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(words))
