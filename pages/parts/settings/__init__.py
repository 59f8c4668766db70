"""Each page's settings and experiments; only links and controls use Streamlit."""

from dataclasses import dataclass

from core.claims import VERDICT_LABELS
from pages.parts.settings.base import Settings, Training
from pages.parts.settings.fields import MultiChoice
from pages.parts.settings.maps import Map
from pages.parts.settings.pitfalls import LINEAR, Overview, RandomInit, ZeroInit
from pages.parts.settings.remedies import DESIGN_LABELS, Clipping, Heuristics, ModernNetworks
from pages.parts.settings.your_network import Upload, YourNetwork


@dataclass(frozen=True)
class Claims(Settings):
    prefix = "a"
    verdicts: tuple[str, ...] = MultiChoice.setting(
        "Verdicts", "Only claims with these verdicts are shown.", tuple(VERDICT_LABELS), VERDICT_LABELS
    )


BY_PAGE: dict[str, type[Settings]] = {
    "overview": Overview,
    "zero_init": ZeroInit,
    "random_init": RandomInit,
    "heuristics": Heuristics,
    "clipping": Clipping,
    "modern_networks": ModernNetworks,
    "map": Map,
    "claims": Claims,
    "your_network": YourNetwork,
}


def page_label(name: str) -> str:
    """What the sidebar calls a page."""
    return name.replace("_", " ").capitalize()
