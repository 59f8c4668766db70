"""What each page can be set to, and the experiments that it then shows: pure, so that no page has to be on screen."""

from dataclasses import dataclass

from core.claims import VERDICTS
from pages.parts.settings.base import Settings, Training
from pages.parts.settings.clipping import Clipping
from pages.parts.settings.fields import several
from pages.parts.settings.heuristics import Heuristics
from pages.parts.settings.overview import Overview
from pages.parts.settings.random_init import RandomInit
from pages.parts.settings.your_network import Upload, YourNetwork
from pages.parts.settings.zero_init import LINEAR, ZeroInit


@dataclass(frozen=True)
class Claims(Settings):
    prefix = "a"
    verdicts: tuple[str, ...] = several("Show claims that", VERDICTS, VERDICTS, "Which verdicts are shown.")


BY_PAGE: dict[str, type[Settings]] = {
    "overview": Overview,
    "zero_init": ZeroInit,
    "random_init": RandomInit,
    "heuristics": Heuristics,
    "clipping": Clipping,
    "claims": Claims,
    "your_network": YourNetwork,
}


def page_label(name: str) -> str:
    """What the sidebar calls a page."""
    return name.replace("_", " ").capitalize()


__all__ = [
    "BY_PAGE",
    "LINEAR",
    "Claims",
    "Clipping",
    "Heuristics",
    "Overview",
    "RandomInit",
    "Settings",
    "Training",
    "Upload",
    "YourNetwork",
    "ZeroInit",
    "page_label",
]
