"""Palette: every color can be read, colors shown together can be told apart, and a line looks like no other."""

import itertools
import re
import tomllib

import numpy as np
import pytest

from core import INITIALIZERS, Clip, Variant
from pages.parts.figures.theme import ChartTheme, dashes
from pages.parts.settings import LINEAR
from pages.parts.shell.style import write_sheet

from .conftest import ROOT

LOOKS = [ChartTheme(dark=False), ChartTheme(dark=True)]
TOGETHER = ("he", "xavier", "glorot", "normal", "zeros")  # what pages show by default
SPECIAL = [
    Variant("zeros", noise=0.1, label="noise"),
    Variant("zeros", bias_std=0.1, label="biases"),
    Variant("zeros", label=LINEAR),
    Variant("he", clip=Clip("norm", 1), label="clipped"),
]
# Viénot, Brettel and Mollon (1999): what somebody without long or medium cones sees, of linear RGB.
CONES = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
WITHOUT = {
    "protanopia": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranopia": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
    "neither": np.eye(3),
}
APART = 15  # in CIELAB; 2 is what an eye can just tell, side by side

both_looks = pytest.mark.parametrize("theme", LOOKS, ids=["light", "dark"])


def linear(color):
    """Linear RGB of a color as #RRGGBB."""
    coded = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """The ratio of WCAG 2."""
    lights = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(color, cones):
    """CIELAB of a color as it is seen with these cones."""
    seen = np.linalg.inv(CONES) @ cones @ CONES @ linear(color)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = to_xyz @ np.clip(seen, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@both_looks
def test_every_color_stands_out_from_the_page(theme):
    colors = {name: theme.initializer(name) for name in INITIALIZERS}
    colors |= {variant.label: color for variant, color in zip(SPECIAL, theme.colors(SPECIAL), strict=True)}
    colors |= {"ink": theme.ink, "quiet": theme.quiet, "alarm": theme.alarm}
    faint = {name: contrast(color, theme.paper) for name, color in colors.items()}
    assert all(ratio >= 4.5 for ratio in faint.values()), faint


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_themes_words_and_colors_stand_out_from_its_grounds(name):
    """Level AA of WCAG 2: words by 4.5 : 1, controls and marks of charts by 3 : 1; on pages and in their sidebars."""
    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    colors, theme = themes[name], ChartTheme(dark=name == "dark")
    grounds = [colors["backgroundColor"], colors["secondaryBackgroundColor"]]
    assert theme.paper == grounds[0]
    sheet = write_sheet(presenting=False, dark=theme.dark, first=False)
    assert re.findall(r"--paper: (#\w+);", sheet)[-1] == theme.paper  # the last one counts
    words = [color for use, color in colors.items() if use.lower().endswith(("textcolor", "linkcolor"))]
    marks = [colors["primaryColor"], *colors["chartCategoricalColors"], *map(theme.initializer, INITIALIZERS)]
    marks += [*theme.colors(SPECIAL), theme.ink, theme.quiet, theme.alarm]
    faint = {
        (color, ground): ratio
        for group, least in ((words, 4.5), (marks, 3))
        for color in group
        for ground in grounds
        if (ratio := contrast(color, ground)) < least
    }
    assert faint == {}


@both_looks
@pytest.mark.parametrize("sight", WITHOUT)
def test_colors_shown_together_can_be_told_apart(theme, sight):
    seen = {name: lab(theme.initializer(name), WITHOUT[sight]) for name in TOGETHER}
    near = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in itertools.combinations(seen, 2)}
    assert min(near.values()) >= APART, sorted(near.items(), key=lambda pair: pair[1])[:3]


@both_looks
def test_no_two_initializers_look_alike(theme):
    variants = [Variant(name) for name in INITIALIZERS]
    styles = list(zip(theme.colors(variants), map(tuple, dashes(variants)), strict=True))
    assert len(set(styles)) == len(styles)


@both_looks
@pytest.mark.parametrize(
    "variants",
    [
        [Variant("he", 0.5), Variant("he")],
        [Variant("he_uniform", 0.5), Variant("he_uniform")],
        [Variant("pytorch_default"), Variant("pytorch_default", 3)],
        [Variant("glorot", label="Not clipped"), Variant("glorot", clip=Clip("norm", 1))],
    ],
    ids=lambda variants: variants[0].initializer,
)
def test_two_lines_of_one_initializer_differ_in_their_dash(theme, variants):
    assert len({(c, tuple(d)) for c, d in zip(theme.colors(variants), dashes(variants), strict=True)}) == len(variants)


def test_an_initializer_looks_the_same_in_any_company():
    alone = {name: (ChartTheme().colors([Variant(name)]), dashes([Variant(name)])) for name in INITIALIZERS}
    together = [Variant(name) for name in INITIALIZERS]
    for variant, color, dash in zip(together, ChartTheme().colors(together), dashes(together), strict=True):
        assert alone[variant.initializer] == ([color], [dash])


def test_sizes_grow_with_the_zoom():
    assert ChartTheme(zoom=1.6).size(10) == 16
