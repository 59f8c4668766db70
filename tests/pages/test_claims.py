"""Claims: all eighteen are shown with their verdicts, and each leads to its evidence and its experiment."""

import re
from base64 import b64decode
from dataclasses import replace
from html import unescape
from types import SimpleNamespace
from xml.etree import ElementTree

import pandas as pd
import pytest
import streamlit as st

from core import ACTIVATIONS, run
from core.claims import CLAIMS, VERDICT_LABELS
from pages.parts.export import offer
from pages.parts.figures import claim_cards
from pages.parts.figures.claim_cards import list_experiments
from pages.parts.serving import runs
from pages.parts.settings import BY_PAGE, links

from .opened import banner, details

every_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


def cards(app):
    """The HTML of each card that is shown, by the claim's id."""
    html = "".join(element.proto.body for element in app.get("html"))
    return {card[:3]: unescape(card) for card in html.split('<h2 id="')[1:]}


def read_table(html):
    """The table in it, all as it is written."""
    cells = ElementTree.fromstring(re.search("<table.*</table>", html, re.DOTALL)[0])
    head, *rows = ([cell.text or "" for cell in row] for row in cells.iter("tr"))
    return pd.DataFrame([row[1:] for row in rows], [row[0] for row in rows], head[1:])


def test_every_claim_is_shown_with_its_verdict_sentence_and_picture_in_the_articles_order(routed):
    shown = cards(routed("claims"))
    assert list(shown) == list(CLAIMS)
    for card, claim in zip(shown.values(), CLAIMS.values(), strict=True):
        found = claim_cards.known[claim.id]
        closed, folded = card.split("<details>")
        for words in (claim.statement, VERDICT_LABELS[found.verdict], found.sentence, claim.title):
            assert f"{words}</" in closed
        assert closed.count("<img ") == 1
        picture = b64decode(re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', closed)[1])
        assert ElementTree.fromstring(picture).tag.endswith("svg")
        assert f'alt="{claim.title}. ' in closed
        assert all(f"<p>{sentence}</p>" in folded for sentence in found.explain())
        table = read_table(folded)
        assert table.size - (table == "").sum().sum() == len(found.rows)
        for condition, quantity, value, interval, meets in found.table():
            mark = {"yes": "✓ ", "no": "✗ ", "–": ""}[meets]
            assert table.loc[condition, quantity] == mark + value + (f" ({interval})" if interval else "")
        assert all(f"<p>{line}</p>" in folded for line in list_experiments(claim.experiments()))


@pytest.mark.parametrize("name", sorted({claim.page for claim in CLAIMS.values()}))
def test_a_page_states_the_claims_that_bear_on_it(routed, name):
    foot = next(m.value for m in routed(name, steps=20).markdown if "(claims#" in m.value)
    assert foot.splitlines()[1:] == [
        f"- [{claim_cards.write_badge(claim_cards.known[claim.id], claim.id)}](claims#{claim.id}) {claim.statement}"
        for claim in CLAIMS.values()
        if claim.page == name
    ]


def test_examined_anew_a_claim_is_judged_by_what_the_page_trains(monkeypatch):
    claim, asked = CLAIMS["C17"], []

    def train(experiment):
        asked.append(experiment)
        return run(experiment)

    monkeypatch.setattr(claim_cards, "known", {})
    assert claim.id not in claim_cards.known
    assert "not examined" in claim_cards.write_badge(claim_cards.known.get(claim.id), claim.id)
    found = claim_cards.get_or_examine(SimpleNamespace(run=train), claim)
    assert asked == claim.experiments()
    assert claim_cards.known[claim.id] is found
    assert claim_cards.get_or_examine(None, claim) is found


def test_what_is_downloaded_says_the_verdict_beside_each_picture(routed, monkeypatch):
    figures = []
    monkeypatch.setattr(offer, "draw", lambda page, *_: figures.extend(page.figures))
    routed("claims", verdicts=["does not hold"])
    assert [figure.title[:3] for figure in figures] == ["C14", "C17", "C18"]
    for figure in figures:
        assert CLAIMS[figure.title[:3]].statement in figure.title
        assert figure.note.startswith(f"**does not hold:** {claim_cards.known[figure.title[:3]].sentence}")


def test_the_banner_counts_the_verdicts(routed):
    said = banner(routed("claims"))
    words = [claim_cards.known[claim.id].verdict for claim in CLAIMS.values()]
    for verdict in VERDICT_LABELS:
        assert f" {words.count(verdict)} " in said


@pytest.mark.parametrize("verdict", VERDICT_LABELS)
def test_a_filter_leaves_the_claims_of_that_verdict(routed, verdict):
    shown = cards(routed("claims", verdicts=[verdict]))
    assert list(shown) == [claim.id for claim in CLAIMS.values() if claim_cards.known[claim.id].verdict == verdict]


@every_claim
def test_its_link_opens_exactly_the_experiment_that_decides_it(routed, claim, monkeypatch):
    asked = []

    def stop(experiment, page):
        asked.append(experiment)
        st.stop()

    monkeypatch.setattr(runs, "get", stop)
    app = routed(claim.page, **claim_cards.OPENED[claim.id].changed())
    assert not app.exception
    assert not app.warning  # nothing of the link was refused
    (opened,) = asked
    decides = claim.opened.experiment
    expected = replace(decides, steps=max(10, decides.steps))
    assert decides in claim.experiments()
    assert replace(opened, variants=expected.variants) == expected
    ways = [replace(variant, label="") for variant in opened.variants]
    assert any(replace(variant, label="") in ways for variant in expected.variants)


@pytest.mark.parametrize("name", ["C05", "C09"])
def test_the_details_of_the_page_it_opens_have_the_number_that_the_claim_has(routed, plain_charts, name):
    claim = CLAIMS[name]
    app = routed(claim.page, **BY_PAGE[claim.page](**claim.page_settings).changed())
    ratio = re.search(r"[\d.]+·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", details(app))
    assert ratio is not None
    assert ratio[0] in {row[2] for row in claim_cards.get_or_examine(None, claim).table()}


def test_experiments_alike_but_in_their_layers_share_a_line():
    lines = list_experiments(CLAIMS["C04"].experiments())
    assert [line.partition(";")[0] for line in lines] == ["sigmoid", "tanh", "ReLU"]
    assert sum(line.count(" × ") for line in lines) == len(CLAIMS["C04"].experiments())
    assert "128 · 16 · 128 · 16" in list_experiments(CLAIMS["C13"].experiments())[0]


@every_claim
def test_nothing_that_decides_is_missing_from_the_experiments(claim):
    for e in claim.experiments():
        (line,) = list_experiments([e])
        values = dict(part.partition(": ")[::2] for part in line.split("; ")[1:] if ": " in part)
        for variant in e.variants:
            assert replace(variant, label="", clip=None).label in values["starts"].split(", ")  # whatever it is called
            assert f"{variant.learning_rate:g}" in values["learning rate"].split(", ")
            clipped = f"by {variant.clip.kind} at {variant.clip.threshold:g}" if variant.clip else "no"
            assert clipped in values["clipped"].split(", ")
        assert values | {"data": e.dataset, "steps": str(e.steps), "batch": str(e.batch_size)} == values
        assert {ACTIVATIONS[e.activation].label, f"{e.seeds} seeds", e.dtype} <= {*line.split("; ")}


def test_the_link_of_a_card_sets_the_page_to_the_experiment_that_decides_it(routed):
    for key, card in cards(routed("claims", verdicts=["does not hold"])).items():
        page, _, query = re.search(r'<a href="([^"]+)" target="_blank">', card)[1].partition("?")
        assert page == CLAIMS[key].page
        assert query == links.query(claim_cards.OPENED[CLAIMS[key].id])


def test_a_card_draws_no_markup_of_what_it_says(routed, monkeypatch):
    found = claim_cards.known["C02"]
    claim = replace(found.claim, statement="<script>1</script>", title="<b>2</b>")
    hostile = replace(found, rows=found.rows[:-1], claim=claim)
    monkeypatch.setattr(claim_cards, "get_or_examine", lambda *args, **options: hostile)
    html = "".join(element.proto.body for element in routed("claims").get("html"))
    assert not re.search("<script|<b>", html)
    assert "&lt;script&gt;1" in html
    assert "&lt;b&gt;2" in html
