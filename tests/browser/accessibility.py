"""What axe-core finds wrong with a page, and which charts have nothing to say to a screen reader."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as View

GRAVE = ("serious", "critical")
OF_LAYOUT = ("scrollable-region-focusable", "meta-viewport", "aria-hidden-focus", "nested-interactive", "target-size")
ORDERLY = "heading-order"  # is moderate to axe; those who find their way by headings need it

_SAID = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].map(chart => [
    chart.closest('[data-testid="stElementContainer"]').previousElementSibling?.textContent ?? '',
    chart.getAttribute('role') === 'graphics-document' ? chart.getAttribute('aria-label') ?? '' : ''])"""


def violations(view: View, *rules: str, within: str | None = None) -> list[str]:
    """Grave ones, of these rules or of all, a line each: the rule, the element, and what is wrong with it.

    On the page, or in the part of it that this selector names.
    """
    only = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    axe = Axe("null") if view.evaluate("'axe' in window") else Axe()  # whose code is long
    found = axe.run(view, within, {"resultTypes": ["violations"], **only}).response["violations"]
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in GRAVE or rule["id"] == ORDERLY
        for node in rule["nodes"]
    ]


def speechless(view: View) -> list[str]:
    """Charts without words: a sentence or more, with a number in it."""
    return [
        name
        for name, said in view.evaluate(_SAID)
        if not (said.endswith(".") and any(character.isdigit() for character in said))
    ]
