"""What charts are made of: layers, lines, marks at the ends of axes, names, and words."""

from typing import Any

import altair as alt


class _Layers(alt.LayerChart):
    """Altair's own copy every layer four times, to join parameters and data; ours have none to join."""

    def __init__(self, **properties: Any) -> None:
        super(alt.LayerChart, self).__init__(**properties)


def stacked(*charts: alt.Chart, **properties: Any) -> alt.LayerChart:
    """A chart of these layers, the first at the bottom; `properties` are the whole chart's."""
    return _Layers(layer=list(charts), **properties)
