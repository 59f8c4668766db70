"""A network at work, one picture a start: its units' activations for a digit, and below them what it reads."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from core import Variant
from pages.parts.figures.charts.marks import playing
from pages.parts.figures.charts.pictures import descriptions, panels, reading
from pages.parts.figures.theme import ChartTheme

FULL = 2.0  # the activation that has the full color: inputs have a root mean square of 1
BETWEEN = 10  # pixels between the activations and the digits


def chart(
    activations: pd.DataFrame,
    readings: pd.DataFrame,
    images: np.ndarray,
    variants: Sequence[Variant],
    steps: Sequence[int],
    theme: ChartTheme,
) -> alt.LayerChart:
    """A row of a picture is a layer, a column a unit; white is 0, red positive; of tables.activations, .readings."""
    room = panels.Panels(len(variants), theme, f"images_top - {theme.size(BETWEEN)}")
    top = f"height - cell - {theme.size(reading.BETWEEN)} - {len(variants)} * row"
    pictured = activations.assign(
        head=activations["variant"], matrix=[matrix / FULL for matrix in activations["matrix"]]
    )
    layers = [*panels.pictures(pictured, room), *reading.marks(readings, images, variants, theme)]
    description = f"{descriptions.activations(activations, steps)} {descriptions.readings(readings, steps)}"
    signals = reading.signals(len(images), theme, top) | room.signals
    return playing.with_step_slider(layers, steps, theme, description, -1, signals)
