"""A matrix as a picture, a pixel a number: browsers take long over a mark for each."""

import base64
import io

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from pages.parts.figures.theme import CLASSES, DIVERGING, WHITE

_STOPS = (-1.0, -0.6, -0.2, 0.0, 0.2, 0.6, 1.0)
_LEVELS = 254  # an even number, so that 0 has one of its own
_NOWHERE = 255  # the index of what is no number
# Red, green and blue of each level, and of no number.
_STOP_COLORS = np.array([ImageColor.getrgb(color) for color in DIVERGING])
_CHANNELS = [np.interp(np.linspace(-1, 1, _LEVELS + 1), _STOPS, channel) for channel in _STOP_COLORS.T]
_COLORS = np.vstack([np.transpose(_CHANNELS), [0, 0, 0]])
_PALETTE = np.rint(_COLORS).astype(np.uint8).tobytes()


def url(matrix: np.ndarray) -> str:
    """A PNG as an address that holds it: −1 is blue, 0 white, 1 red; see-through where not finite."""
    known = np.isfinite(matrix)
    levels = np.rint((np.where(known, matrix, 0).clip(-1, 1) + 1) / 2 * _LEVELS)
    picture = Image.fromarray(np.where(known, levels, _NOWHERE).astype(np.uint8))
    picture.putpalette(_PALETTE)
    return _url(picture, transparency=_NOWHERE)


def strip(images: np.ndarray, dark: bool) -> str:
    """Such an address of images (n, height, width) of ink from 0 to 16 in a row, a gap after each."""
    row = np.concatenate(np.pad(images, ((0, 0), (0, 0), (0, 1))), axis=1) / 16
    opacity = np.rint(255 * row).astype(np.uint8)
    ink = Image.new("L", opacity.shape[::-1], 255 if dark else 0)
    return _url(Image.merge("LA", (ink, Image.fromarray(opacity))))


def points(places: np.ndarray, squares: np.ndarray) -> str:
    """Such an address of points (n, 2) of a plane from 0 to 1, upwards: red squares and blue dots."""
    side, large = 400, 4  # drawn larger, then made smaller, for smooth edges
    picture = Image.new("RGBA", (side * large, side * large), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    for (x, y), square in zip(places * [1, -1] + [0, 1], squares, strict=True):
        left, top, right, bottom = (large * (side * middle + r) for r in (-5, 5) for middle in (x, y))
        shape, color = (draw.rectangle, CLASSES[1]) if square else (draw.ellipse, CLASSES[0])
        shape((left, top, right, bottom), fill=color, outline=WHITE, width=large)
    return _url(picture.resize((side, side), Image.Resampling.BOX))


def _url(picture: Image.Image, **options: int) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG", **options)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
