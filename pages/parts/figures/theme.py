"""One color and one dash per initializer, the same on every chart; and how large things are drawn.

The hues are Okabe and Ito's (2008), which the color-blind can tell apart, darkened for light and lightened for dark
backgrounds until lines and labels stand out by at least 4.5 : 1, and kept apart for eyes without long or medium cones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core import INITIALIZERS, Variant
from pages.parts.settings import LINEAR

PRESENTING_ZOOM = 1.6  # the smallest words are 13 pixels, and have to be 20 on a projector
_SOLID, _DASHED, _DOTTED = (1, 0), (7, 4), (2, 3)

# name → color on light, color on dark, dash
_STYLES: dict[str, tuple[str, str, tuple[int, int]]] = {
    "zeros": ("#424E5A", "#C8D0DA", _SOLID),
    "constant": ("#7A6200", "#E6CF4A", _SOLID),
    "normal": ("#B94A00", "#FF9A5C", _SOLID),
    "he": ("#0068A8", "#5CB8EC", _SOLID),
    "xavier": ("#AC4584", "#CC90BB", _SOLID),
    "glorot": ("#007A57", "#36C79E", _SOLID),
    "he_uniform": ("#0068A8", "#5CB8EC", _DASHED),
    "xavier_uniform": ("#AC4584", "#CC90BB", _DASHED),
    "glorot_uniform": ("#007A57", "#36C79E", _DASHED),
    "orthogonal": ("#5B4BC4", "#B3A7FF", _SOLID),
    "lsuv": ("#5B4BC4", "#B3A7FF", _DASHED),
    "pytorch_default": ("#B3261E", "#FF8F87", _DOTTED),
    "keras_default": ("#7A4B2A", "#D9A27C", _DOTTED),
    "sklearn_default": ("#8A5A00", "#F0B450", _DOTTED),
}
SEQUENTIAL = "viridis"  # Vega's scheme of sizes, on which words stand in ink or in white:
INK, WHITE = "#14181D", "#FFFFFF"
DIVERGING = ("#2166AC", "#67A9CF", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#EF8A62", "#B2182B")  # ColorBrewer's RdBu
CLASSES = ("#0B3C6F", "#7F0D20")  # of points on these, darker than any of them
PINS = "①②③④"  # marks of pinned runs, before the labels of their variants
_PINNED = ((10, 3), (6, 3), (3, 2), (9, 3, 2, 3))


@dataclass(frozen=True)
class ChartTheme:
    """How a chart is drawn: on a dark or a light page, and how much larger than on a desk."""

    dark: bool = False
    zoom: float = 1.0

    @property
    def ink(self) -> str:
        return "#F2F4F6" if self.dark else INK

    @property
    def quiet(self) -> str:  # for rules, theory and what stands behind
        return "#98A2AD" if self.dark else "#68727D"

    @property
    def paper(self) -> str:
        return "#10151B" if self.dark else WHITE  # the page's, as .streamlit/config.toml says

    @property
    def alarm(self) -> str:  # for marks of overflow and NaN
        return "#FF8F87" if self.dark else "#B3261E"

    def size(self, pixels: float) -> float:
        return round(pixels * self.zoom, 1)

    def colors(self, variants: Sequence[Variant]) -> list[str]:
        return [_style(variant)[1 if self.dark else 0] for variant in variants]

    def initializer(self, name: str) -> str:
        return _STYLES[name][1 if self.dark else 0]


def dashes(variants: Sequence[Variant]) -> list[list[int]]:
    """Each variant's dash: its pin's if pinned; of two that look alike one takes another dash."""
    styles: dict[Variant, tuple[str, tuple[int, ...]]] = {
        v: (v.label, _PINNED[PINS.index(v.label[0])]) for v in variants if pinned(v)
    }
    unpinned = [variant for variant in variants if not pinned(variant)]
    for variant in sorted(unpinned, key=lambda v: (v.clip is not None, v.gain != 1)):
        color, _, standard = _style(variant)
        looks = ((color, dash) for dash in (standard, _SOLID, _DASHED, _DOTTED))
        free = (look for look in looks if look not in styles.values())
        styles[variant] = next(free, (color, standard))
    return [list(styles[variant][1]) for variant in variants]


def pinned(variant: Variant) -> bool:
    """Whether it is of a pinned run."""
    return variant.label[0] in PINS


def _style(variant: Variant) -> tuple[str, str, tuple[int, int]]:
    """Color on light, color on dark, dash. What is clipped, and zeros plus noise or biases, take another's."""
    if variant.label == LINEAR:
        return "#68727D", "#98A2AD", _DASHED
    if variant.clip is None and variant.initializer == "zeros" and variant.noise:
        return _STYLES["xavier"]
    if variant.clip is not None or (variant.initializer == "zeros" and variant.bias_std):
        return _STYLES["glorot"]
    return _STYLES[variant.initializer]


assert set(_STYLES) == set(INITIALIZERS), "every initializer has its color"
