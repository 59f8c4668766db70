"""Test images of digits in a row, and below them what each start's network reads, at a step chosen in the browser."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from pages.parts.figures.charts.marks import pixels, playing, tooltips
from pages.parts.figures.charts.marks.names import NARROW
from pages.parts.figures.charts.marks.scales import color, pixel_places
from pages.parts.figures.charts.pictures import descriptions
from pages.parts.figures.theme import ChartTheme

LARGEST = 44  # pixels of an image
NAMES = 250  # for the names of starts beside their rows
LABEL = 28  # for the step above the images
BETWEEN = 4  # from the images to the first row
ROW = 24  # of a start's row, which on a narrow screen has its name above it:
NARROW_ROW, NAME = 50, 20


def strip(
    table: pd.DataFrame, images: np.ndarray, variants: Sequence[Variant], steps: Sequence[int], theme: ChartTheme
) -> alt.LayerChart:
    """Of a table of tables.readings: a misread digit has a box and another color."""
    shown = signals(len(images), theme, "0", f"(height - cell - {theme.size(BETWEEN)}) / {len(variants)}")
    layers = marks(table, images, variants, theme)
    return playing.with_step_slider(layers, steps, theme, descriptions.readings(table, steps), -1, shown)


def height(variants: int) -> int:
    """What it takes, in pixels on a narrow screen, which is more than on a wide one."""
    return LABEL + LARGEST // 2 + NARROW_ROW * variants


def signals(images: int, theme: ChartTheme, top: str, row: str = "") -> dict[str, str]:
    """Where the images and the rows stand, in pixels: for playing.with_step_slider.

    `top` and `row` say, in these terms, where the images begin and how high a row is, if not as low as it can be.
    """
    beside = f"min((width - {theme.size(NAMES)}) / {images}, {theme.size(LARGEST)})"
    return {
        "narrow": NARROW,
        "cell": f"narrow ? width / {images} : {beside}",
        "row": row or f"narrow ? {theme.size(NARROW_ROW)} : {theme.size(ROW)}",
        "images_top": top,
        "rows_top": f"images_top + cell + {theme.size(BETWEEN)}",
        "middle": f"narrow ? {theme.size(NAME + 12)} : row / 2",
    }


def marks(table: pd.DataFrame, images: np.ndarray, variants: Sequence[Variant], theme: ChartTheme) -> list[alt.Chart]:
    """The layers, at the places that signals say."""
    labels = [variant.label for variant in variants]
    table = table.assign(row=[labels.index(name) for name in table["variant"]], right=table["read"] == table["digit"])
    strip = pd.DataFrame({"picture": [pixels.strip(images, theme.dark)], "left": 0})
    pictures = (
        alt.Chart(strip)
        .transform_calculate(right=f"cell * {len(images)}", top="images_top", bottom="images_top + cell")
        .mark_image(aspect=False, smooth=False)
        .encode(*pixel_places("left", "top"), x2=alt.X2("right:Q"), y2=alt.Y2("bottom:Q"), url=alt.Url("picture:N"))
    )
    tips = [tooltips.NETWORK, tooltips.value("digit", "image of a", "d"), tooltips.value("read", "read as a", "d")]
    known = table[table["read"] >= 0]
    digits = _placed(known, theme)
    text = {"fontSize": theme.size(15), "baseline": "middle"}
    right = digits.transform_filter("datum.right").mark_text(color=theme.ink, **text)
    wrong = digits.transform_filter("!datum.right")
    boxes = wrong.mark_rect(filled=False, stroke=theme.alarm, strokeWidth=theme.size(1.5), cornerRadius=3)
    boxes = boxes.encode(*pixel_places("start", "above"), x2=alt.X2("end:Q"), y2=alt.Y2("below:Q"), tooltip=tips)
    misread = wrong.mark_text(color=theme.alarm, fontWeight="bold", **text)
    written = [
        chart.encode(*pixel_places("x", "y"), text=alt.Text("read:N"), tooltip=tips) for chart in (right, misread)
    ]
    counts = table.groupby(["variant", "record", "row"], sort=False, as_index=False).agg(
        right=("right", "sum"), read=("read", "min")
    )
    words = [
        f"{name}: overflowed" if least < 0 else f"{name}: {count} of {len(images)} correct"
        for name, count, least in zip(counts["variant"], counts["right"], counts["read"], strict=True)
    ]
    names = (
        playing.select_record(counts.assign(words=words))
        .transform_calculate(
            x=f"narrow ? 0 : cell * {len(images)} + {theme.size(12)}",
            y=f"rows_top + datum.row * row + (narrow ? {theme.size(NAME / 2)} : middle)",
        )
        .mark_text(align="left", baseline="middle", fontWeight="bold")
        .encode(*pixel_places("x", "y"), text=alt.Text("words:N"), color=color(variants, theme))
    )
    return [pictures, names, boxes, *written]


def _placed(table: pd.DataFrame, theme: ChartTheme) -> alt.Chart:
    """A digit's place in pixels: its middle `x`, `y`, and its box."""
    half = f"min(cell * 0.42, {theme.size(11)})"
    return (
        playing.select_record(table)
        .transform_calculate(x="(datum.place + 0.5) * cell", y="rows_top + datum.row * row + middle")
        .transform_calculate(
            start=f"datum.x - {half}",
            end=f"datum.x + {half}",
            above=f"datum.y - {theme.size(11)}",
            below=f"datum.y + {theme.size(11)}",
        )
    )
