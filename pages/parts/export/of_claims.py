"""What can be downloaded of the claims: what was found of each, and a script that examines them again."""

from __future__ import annotations

from collections.abc import Mapping

from core.claims import Finding
from pages.parts.export import offer
from pages.parts.page import OpenPage
from pages.parts.settings import Settings

_SCRIPT = '''"""Examines the article's claims again. Run it where the folder `core` is: python claims.py"""

from core.claims import CLAIMS, examine

for claim in CLAIMS.values():
    finding = examine(claim)
    print(claim.id, finding.verdict, finding.value, finding.low, finding.high, sep=",")
'''


def draw(page: OpenPage, chosen: Settings, found: Mapping[str, Finding]) -> None:
    """What is offered by the page that shows these findings, by the claim's id."""

    title = page.title

    def numbers() -> bytes:
        from pages.parts.export import numbers

        return numbers.of_findings(title, found)

    offer.draw(page, chosen, numbers, lambda: _SCRIPT)
