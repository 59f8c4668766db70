"""Claims: all eighteen are shown with what was found, and each leads to the experiment that decides it."""

import re
from dataclasses import replace

import pytest
import streamlit as st

from core.claims import CLAIMS, VERDICTS
from pages.parts.figures import findings, tables
from pages.parts.serving import runs
from pages.parts.settings import BY_PAGE

from .opened import banner, charts, details, rows

every_claim = pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)


def text(app):
    return "\n".join(element.value for element in app.markdown)


def test_every_claim_is_shown_with_its_sentence_in_the_articles_order(routed):
    said = text(routed("claims"))
    places = [said.index(claim.said) for claim in CLAIMS.values()]
    assert places == sorted(places)
    assert all(findings.known(claim).sentence in said.replace("**", "") for claim in CLAIMS.values())


def test_the_banner_counts_the_verdicts(routed):
    said = banner(routed("claims"))
    words = [findings.known(claim).verdict for claim in CLAIMS.values()]
    for verdict in VERDICTS:
        assert f" {words.count(verdict)} " in said


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_filter_leaves_the_claims_of_that_verdict(routed, verdict):
    app = routed("claims", verdicts=[verdict])
    said = text(app)
    for claim in CLAIMS.values():
        assert (claim.said in said) == (findings.known(claim).verdict == verdict)


@every_claim
def test_its_link_opens_exactly_the_experiment_that_decides_it(routed, claim, monkeypatch):
    asked = []

    def stop(experiment, page):
        asked.append(experiment)
        st.stop()

    monkeypatch.setattr(runs, "get", stop)
    app = routed(claim.page, **BY_PAGE[claim.page](**claim.settings).changed())
    assert not app.exception
    assert not app.warning  # nothing of the link was refused
    (opened,) = asked
    shown = claim.experiments(0)[claim.shown]
    assert replace(opened, variants=shown.variants) == shown
    ways = [replace(variant, label="") for variant in opened.variants]
    assert any(replace(variant, label="") in ways for variant in shown.variants)


@pytest.mark.parametrize("name", ["C05", "C07", "C09"])
def test_the_details_of_the_page_it_opens_have_the_number_that_the_claim_has(routed, name):
    claim = CLAIMS[name]
    app = routed(claim.page, **BY_PAGE[claim.page](**claim.settings).changed())
    ratio = re.search(r"[\d.]+·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", details(app))
    assert ratio is not None
    assert ratio[0] in findings.examined(None, claim).sentence


def test_experiments_alike_but_in_their_layers_share_a_row():
    rows = tables.experiments(CLAIMS["C04"].experiments(0))
    assert list(rows["activation"]) == ["relu", "tanh", "sigmoid", "sigmoid"]  # the last is trained longer, to be shown
    assert sum(len(shapes.split(", ")) for shapes in rows["hidden layers"]) == len(CLAIMS["C04"].experiments(0))
    unequal = tables.experiments(CLAIMS["C13"].experiments(0))["hidden layers"]
    assert "128 · 16 · 128 · 16" in unequal[0]


@every_claim
def test_nothing_that_decides_is_missing_from_the_table_of_experiments(claim):
    named = claim.experiments(0)
    table = tables.experiments(named)
    written = "\n".join(" ".join(map(str, row)) for row in table.itertuples(index=False))
    for variant in {variant for e in named.values() for variant in e.variants}:
        assert replace(variant, label="", clip=None).label in written  # the start as it is set, whatever it is called
        assert f"{variant.learning_rate:g}" in " ".join(table["learning rate"]).replace(",", "").split()
        clipped = f"by {variant.clip.kind} at {variant.clip.threshold:g}" if variant.clip else "no"
        assert clipped in ", ".join(table["clipped"]).split(", ")
    assert set(table["data"]) == {e.dataset for e in named.values()}


def test_the_fuller_charts_are_of_the_experiment_that_the_link_opens(routed):
    app = routed("claims", verdicts=["does not hold"])
    before = len(charts(app))
    app.toggle(key="C17").set_value(True).run()
    assert not app.exception
    assert len(charts(app)) == before + 3
    shown = CLAIMS["C17"].experiments(0)[CLAIMS["C17"].shown]
    (drawn,) = [chart for chart in charts(app) if "'rms(dZ⁽ˡ⁾)'" in str(chart)]
    assert set(rows(drawn, "variant", "layer")["variant"]) <= set(shown.labels)
    assert CLAIMS["C17"].rule in text(app)
