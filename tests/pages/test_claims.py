"""Claims: all eighteen are shown with their verdicts, and each leads to its evidence and its experiment."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
import streamlit as st

from core import run
from core.claims import CLAIMS, VERDICT_LABELS
from pages.parts.export import of_claims
from pages.parts.figures import findings, tables
from pages.parts.serving import runs
from pages.parts.settings import BY_PAGE

from .opened import banner, charts, details

every_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


def text(app):
    return "\n".join(element.value for element in app.markdown)


def test_every_claim_is_shown_with_its_verdict_sentence_and_picture_in_the_articles_order(routed):
    app = routed("claims")
    cards = [element.value for element in app.markdown if element.value.startswith("## C")]
    assert [card[3:6] for card in cards] == list(CLAIMS)
    for card, claim in zip(cards, CLAIMS.values(), strict=True):
        found = findings.known(claim)
        assert claim.statement in card
        assert VERDICT_LABELS[found.verdict] in card
        assert card.endswith(f"\n\n{found.sentence}")
    assert len(charts(app)) == len(CLAIMS)
    assert not app.table


def test_examined_anew_a_claim_is_judged_by_what_the_page_trains(monkeypatch):
    claim, asked = CLAIMS["C17"], []

    def train(experiment):
        asked.append(experiment)
        return run(experiment)

    monkeypatch.setattr(findings, "_known", {})
    assert findings.known(claim) is None
    assert "not examined" in findings.badge(findings.known(claim))
    found = findings.examined(SimpleNamespace(run=train), claim)
    assert asked == claim.experiments()
    assert findings.known(claim) is found
    assert findings.examined(None, claim) is found


def test_what_is_downloaded_says_the_verdict_beside_each_picture(routed, monkeypatch):
    figures = []
    monkeypatch.setattr(of_claims, "draw", lambda page, chosen, found: figures.extend(page.figures))
    routed("claims", verdicts=["does not hold"])
    assert [figure.title[:3] for figure in figures] == ["C14", "C17", "C18"]
    for figure in figures:
        assert CLAIMS[figure.title[:3]].statement in figure.title
        assert figure.note.startswith(f"**does not hold:** {findings.known(CLAIMS[figure.title[:3]]).sentence}")


def test_the_banner_counts_the_verdicts(routed):
    said = banner(routed("claims"))
    words = [findings.known(claim).verdict for claim in CLAIMS.values()]
    for verdict in VERDICT_LABELS:
        assert f" {words.count(verdict)} " in said


@pytest.mark.parametrize("verdict", VERDICT_LABELS)
def test_a_filter_leaves_the_claims_of_that_verdict(routed, verdict):
    said = text(routed("claims", verdicts=[verdict]))
    for claim in CLAIMS.values():
        assert (claim.statement in said) == (findings.known(claim).verdict == verdict)


@every_claim
def test_its_link_opens_exactly_the_experiment_that_decides_it(routed, claim, monkeypatch):
    asked = []

    def stop(experiment, page):
        asked.append(experiment)
        st.stop()

    monkeypatch.setattr(runs, "get", stop)
    app = routed(claim.page, **findings.OPENED[claim.id].changed())
    assert not app.exception
    assert not app.warning  # nothing of the link was refused
    (opened,) = asked
    expected = claim.opened_experiment
    assert replace(expected, steps=claim.opened.experiment.steps) in claim.experiments()
    assert replace(opened, variants=expected.variants) == expected
    ways = [replace(variant, label="") for variant in opened.variants]
    assert any(replace(variant, label="") in ways for variant in expected.variants)


@pytest.mark.parametrize("name", ["C05", "C09"])
def test_the_details_of_the_page_it_opens_have_the_number_that_the_claim_has(routed, name):
    claim = CLAIMS[name]
    app = routed(claim.page, **BY_PAGE[claim.page](**claim.page_settings).changed())
    ratio = re.search(r"[\d.]+·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", details(app))
    assert ratio is not None
    assert ratio[0] in {row[2] for row in findings.examined(None, claim).table()}


def test_experiments_alike_but_in_their_layers_share_a_row():
    rows = tables.experiments(CLAIMS["C04"].experiments())
    assert list(rows.index) == ["sigmoid", "tanh", "relu"]
    assert sum(len(shapes.split(", ")) for shapes in rows["hidden layers"]) == len(CLAIMS["C04"].experiments())
    assert "128 · 16 · 128 · 16" in tables.experiments(CLAIMS["C13"].experiments())["hidden layers"].iloc[0]


@every_claim
def test_nothing_that_decides_is_missing_from_the_table_of_experiments(claim):
    experiments = claim.experiments()
    table = tables.experiments(experiments)
    written = "\n".join(" ".join(map(str, row)) for row in table.itertuples(index=False))
    for variant in {variant for e in experiments for variant in e.variants}:
        assert replace(variant, label="", clip=None).label in written  # the start as it is set, whatever it is called
        assert f"{variant.learning_rate:g}" in " ".join(table["learning rate"]).replace(",", "").split()
        clipped = f"by {variant.clip.kind} at {variant.clip.threshold:g}" if variant.clip else "no"
        assert clipped in ", ".join(table["clipped"]).split(", ")
    assert set(table["data"]) == {e.dataset for e in experiments}
    assert {*table["steps"]} == {e.steps for e in experiments}


def test_the_evidence_is_drawn_where_it_is_asked_for(routed):
    app = routed("claims", verdicts=["does not hold"])
    app.toggle(key="C14").set_value(True).run()
    assert not app.exception
    found, experiments = (element.value for element in app.table)
    evidence = findings.known(CLAIMS["C14"])
    assert [tuple(row) for row in found.reset_index().to_numpy()] == evidence.table()
    assert len(experiments) == 2
    said = text(app)
    assert all(sentence in said for sentence in (CLAIMS["C14"].rule, *evidence.explain()))
    assert app.button(key="C14-open")
