"""What can be downloaded of the claims: all evidence, and a script that examines them again."""

from __future__ import annotations

from collections.abc import Mapping

from core.claims import Evidence
from pages.parts.export import offer
from pages.parts.page import OpenPage
from pages.parts.settings import Settings

_SCRIPT = '''"""Examines the article's claims again. Run it where the folder `core` is: python claims.py"""

from core.claims import CLAIMS, examine

for claim in CLAIMS.values():
    evidence = examine(claim)
    print(claim.id, evidence.verdict, evidence.sentence, sep="\\t")
'''


def draw(page: OpenPage, chosen: Settings, found: Mapping[str, Evidence]) -> None:
    """Offer the page's evidence, by the claim's id, and the script."""
    title = page.title

    def numbers() -> bytes:
        from pages.parts.export import numbers

        return numbers.of_evidence(title, found)

    offer.draw(page, chosen, numbers, lambda: _SCRIPT)
