"""The settings of each page and the experiments they describe, free of Streamlit; pages, links and files use them."""

from dataclasses import dataclass

from core.claims import VERDICTS
from pages.parts.settings.base import Settings, Training
from pages.parts.settings.clipping import Clipping
from pages.parts.settings.fields import multi_choice
from pages.parts.settings.heuristics import Heuristics
from pages.parts.settings.overview import Overview
from pages.parts.settings.random_init import RandomInit
from pages.parts.settings.your_network import Upload, YourNetwork
from pages.parts.settings.zero_init import LINEAR, ZeroInit

# "Holds only if" needs a condition behind it, which a badge has no room for.
VERDICT_LABELS = dict(zip(VERDICTS, ("holds", "holds under a condition", "does not hold"), strict=True))


@dataclass(frozen=True)
class Claims(Settings):
    prefix = "a"
    verdicts: tuple[str, ...] = multi_choice(
        "Verdicts", VERDICT_LABELS, VERDICTS, "Only claims with these verdicts are shown."
    )


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
    "VERDICT_LABELS",
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
