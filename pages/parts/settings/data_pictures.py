"""A small picture of each data set, which stands beside its name where one is chosen."""

from base64 import b64encode
from functools import cache

import numpy as np

from core.datasets import dataset, digit_images

DIGITS = ("digits", "pixels")  # whose examples are images
SIDE = 24  # of a picture, in its own units
SHOWN = 40  # examples of a picture, at the most
COLORS = ("#2B8CC4", "#D5702E")  # of the classes, or of targets below and above the middle; seen on light and on dark
GROUND, PAPER, INK = "#80808020", "#FFFFFF", "#000000"


@cache
def picture(name: str) -> str:
    """The picture as a link that holds it: an image of a digit, or the first examples in the plane of two numbers."""
    marks = _pixels() if name in DIGITS else _dots(name)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" rx="3" fill="{PAPER if name in DIGITS else GROUND}"/>{marks}</svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _pixels() -> str:
    """The first image of a 3; a pixel is as opaque as its ink is dark."""
    images, classes = digit_images()
    ink = images[classes == 3][0].reshape(8, 8) / 16
    side = SIDE / 8
    return "".join(
        f'<rect x="{column * side:g}" y="{row * side:g}" width="{side:g}" height="{side:g}" fill="{INK}" '
        f'fill-opacity="{ink[row, column]:.2f}"/>'
        for row, column in np.argwhere(ink > 0)
    )


def _dots(name: str) -> str:
    """Examples at their first two inputs, or at the input and the target where there is one of each."""
    data = dataset(name)
    X, Y = data.X_train[:SHOWN], data.Y_train[:SHOWN]
    places = X[:, :2] if data.inputs > 1 else np.column_stack([X, Y])
    upper = Y.argmax(axis=1) % 2 if data.outputs > 1 else Y[:, 0] > Y.mean()
    low, high = places.min(axis=0), places.max(axis=0)
    across, up = (2 + (SIDE - 4) * (places - low) / (high - low)).T
    return "".join(
        f'<circle cx="{x:.1f}" cy="{SIDE - y:.1f}" r="1.3" fill="{COLORS[int(side)]}"/>'
        for x, y, side in zip(across, up, upper, strict=True)
    )
