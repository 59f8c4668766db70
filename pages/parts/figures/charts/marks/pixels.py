"""A matrix as a picture, a pixel a number: a browser takes long over a chart that has a mark for each."""

from __future__ import annotations

import base64
import io
from functools import cache

import numpy as np
from PIL import Image

_STOPS = (-1.0, -0.6, -0.2, 0.0, 0.2, 0.6, 1.0)
_DIVERGING = ("#2166AC", "#67A9CF", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#EF8A62", "#B2182B")  # ColorBrewer's RdBu
_LEVELS = 254  # an even number, so that 0 has one of its own
_NOWHERE = 255  # the index of what is no number


def url(matrix: np.ndarray) -> str:
    """A PNG as an address that holds it: −1 is blue, 0 white, 1 red; see-through where not finite."""
    known = np.isfinite(matrix)
    levels = np.rint((np.where(known, matrix, 0).clip(-1, 1) + 1) / 2 * _LEVELS)
    picture = Image.fromarray(np.where(known, levels, _NOWHERE).astype(np.uint8))
    picture.putpalette(_palette())
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=_NOWHERE)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


@cache
def _palette() -> bytes:
    """Red, green and blue of each level, and of no number, of which nothing is seen."""
    stops = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in _DIVERGING])
    levels = np.linspace(-1, 1, _LEVELS + 1)
    colors = np.array([np.interp(levels, _STOPS, channel) for channel in stops.T]).T
    return np.rint(np.vstack([colors, [0, 0, 0]])).astype(np.uint8).tobytes()
