"""Maps of where training works: their cells, and theory's border on them."""

from pages.parts.figures.charts.regions.cells import CELL, ZOOM, chart
