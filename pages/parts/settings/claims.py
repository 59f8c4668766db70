"""What the Claims are set to: which of them are shown."""

from __future__ import annotations

from dataclasses import dataclass

from core.claims import VERDICTS
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import several


@dataclass(frozen=True)
class Claims(Settings):
    verdicts: tuple[str, ...] = several("Show claims that", VERDICTS, VERDICTS, "Which verdicts are shown.")
