"""Test images and what each start's network reads, alone or below its units' activations."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from core.wording import number
from pages.parts.figures.charts.marks import alt_text, playing, tooltips
from pages.parts.figures.charts.marks.names import NARROW
from pages.parts.figures.charts.marks.scales import color, pixel_places
from pages.parts.figures.charts.pictures import panels, pixels
from pages.parts.figures.theme import ChartTheme

LARGEST = 44  # pixels of an image
NAMES = 250  # for the names of starts beside their rows
LABEL = 28  # for the step above the images
BETWEEN = 4  # from the images to the first row
ROW = 24  # of a start's row, which on a narrow screen has its name above it:
NARROW_ROW, NAME = 50, 20
FULL = 2.0  # the activation that has the full color: inputs have a root mean square of 1
ACTIVATIONS_GAP = 10  # pixels between the activations and the digits


def strip(
    table: pd.DataFrame, images: np.ndarray, variants: Sequence[Variant], steps: Sequence[int], theme: ChartTheme
) -> alt.LayerChart:
    """Test images and what is read in each: a misread digit has a box and another color; tables.readings."""
    row = f"(height - cell - {theme.size(BETWEEN)}) / {len(variants)}"
    signals = _signals(len(images), theme, "0", row)
    layers = _draw_readings(table, images, variants, theme)
    return playing.with_step_slider(layers, steps, theme, _describe(table, steps), -1, signals)


def network(
    activations: pd.DataFrame,
    readings: pd.DataFrame,
    images: np.ndarray,
    variants: Sequence[Variant],
    steps: Sequence[int],
    theme: ChartTheme,
) -> alt.LayerChart:
    """Activations for a digit, and below them what is read in test images; tables.activations, .readings.

    A row of a picture is a layer, a column a unit; white is 0, red positive.
    """
    pictured = activations.assign(head=activations["variant"], matrix=activations["matrix"] / FULL)
    bottom = f"images_top - {theme.size(ACTIVATIONS_GAP)}"
    pictures, signals = panels.pictures(pictured, theme, bottom)
    words = {}
    for row in activations[activations["record"] == len(steps) - 1].itertuples():
        known = row.matrix[-1][np.isfinite(row.matrix[-1])]
        words[row.variant] = "overflowed"
        if len(known):
            words[row.variant] = f"up to {number(float(np.abs(known).max()))} in the last hidden layer"
    description = alt_text.at_last("The activations of every unit for one test image", words, steps)
    description += f" {_describe(readings, steps)}"
    top = f"height - cell - {theme.size(BETWEEN)} - {len(variants)} * row"
    signals = _signals(len(images), theme, top) | signals
    layers = [*pictures, *_draw_readings(readings, images, variants, theme)]
    return playing.with_step_slider(layers, steps, theme, description, -1, signals)


def height(variants: int) -> int:
    """The height that `strip` takes, in pixels on a narrow screen, which is more than on a wide one."""
    return LABEL + LARGEST // 2 + NARROW_ROW * variants


def _signals(images: int, theme: ChartTheme, top: str, row: str = "") -> dict[str, str]:
    """Places in Vega's expressions, in pixels; `top`, `row`: where images begin, and how high a row is."""
    across = f"min((width - {theme.size(NAMES)}) / {images}, {theme.size(LARGEST)})"
    return {
        "narrow": NARROW,
        "cell": f"narrow ? width / {images} : {across}",
        "row": row or f"narrow ? {theme.size(NARROW_ROW)} : {theme.size(ROW)}",
        "images_top": top,
        "rows_top": f"images_top + cell + {theme.size(BETWEEN)}",
        "middle": f"narrow ? {theme.size(NAME + 12)} : row / 2",
    }


def _draw_readings(
    table: pd.DataFrame, images: np.ndarray, variants: Sequence[Variant], theme: ChartTheme
) -> list[alt.Chart]:
    labels = [variant.label for variant in variants]
    table = table.assign(row=table["variant"].map(labels.index), right=table["read"] == table["digit"])
    strip = alt.Chart(pd.DataFrame({"picture": [pixels.strip(images, theme.dark)], "left": 0}))
    strip = strip.transform_calculate(right=f"cell * {len(images)}", top="images_top", bottom="images_top + cell")
    counts = table.groupby(["variant", "record", "row"], sort=False, as_index=False)
    counts = counts.agg(right=("right", "sum"), read=("read", "min"))
    words = [
        f"{name}: overflowed" if least < 0 else f"{name}: {count} of {len(images)} correct"
        for name, count, least in zip(counts["variant"], counts["right"], counts["read"], strict=True)
    ]
    counts, places = counts.assign(words=words), pixel_places("x", "y")
    names = playing.write_words(counts, *places, color(variants, theme), baseline="middle")
    names = names.transform_calculate(
        x=f"narrow ? 0 : cell * {len(images)} + {theme.size(12)}",
        y=f"rows_top + datum.row * row + (narrow ? {theme.size(NAME / 2)} : middle)",
    )
    return [panels.draw_images(strip), names, *_draw_digits(table[table["read"] >= 0], theme)]


def _draw_digits(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    half, high = f"min(cell * 0.42, {theme.size(11)})", theme.size(11)
    digits = playing.select_record(table)
    digits = digits.transform_calculate(x="(datum.place + 0.5) * cell", y="rows_top + datum.row * row + middle")
    digits = digits.transform_calculate(
        start=f"datum.x - {half}", end=f"datum.x + {half}", above=f"datum.y - {high}", below=f"datum.y + {high}"
    )
    wrong = digits.transform_filter("!datum.right")
    tips = [tooltips.NETWORK, tooltips.value("digit", "image of a", "d"), tooltips.value("read", "read as a", "d")]
    look = {"fontSize": theme.size(15), "baseline": "middle"}
    texts = [
        digits.transform_filter("datum.right").mark_text(color=theme.ink, **look),
        wrong.mark_text(color=theme.alarm, fontWeight="bold", **look),
    ]
    texts = [text.encode(*pixel_places("x", "y"), text=alt.Text("read:N"), tooltip=tips) for text in texts]
    boxes = wrong.mark_rect(filled=False, stroke=theme.alarm, strokeWidth=theme.size(1.5), cornerRadius=3)
    boxes = boxes.encode(*pixel_places("start", "above"), x2=alt.X2("end:Q"), y2=alt.Y2("below:Q"), tooltip=tips)
    return [boxes, *texts]


def _describe(table: pd.DataFrame, steps: Sequence[int]) -> str:
    words = {}
    for name, rows in table[table["record"] == len(steps) - 1].groupby("variant", sort=False):
        wrong = rows[rows["read"] != rows["digit"]]
        mistakes = [f"{digit} as {read}" for digit, read in zip(wrong["digit"], wrong["read"], strict=True)]
        misread = f", misread: {', '.join(mistakes)}" if mistakes else ""
        correct = f"{len(rows) - len(wrong)} of {len(rows)} correct{misread}"
        words[name] = "overflowed" if (rows["read"] < 0).any() else correct
    return alt_text.at_last("What is read in test images of digits", words, steps)
