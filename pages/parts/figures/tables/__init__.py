"""Result → tidy DataFrame: one row a mark, columns named as charts read them."""

from pages.parts.figures.tables.advice import (
    beginnings,
    contest,
    endings,
    factors,
    gains,
    multiplying,
    names,
    searched,
    stds,
    watched,
)
from pages.parts.figures.tables.by_layer import exact_zeros, histograms, layers, shares, theory
from pages.parts.figures.tables.by_step import divergences, losses, norm_map, records, steps, test_accuracy
from pages.parts.figures.tables.clipping import angles, clipped_norms, norm_bins, sweep
from pages.parts.figures.tables.comparison import comparison, maps, networks
from pages.parts.figures.tables.ends import compare, designs, finals, match, paired, still_matters
from pages.parts.figures.tables.examples import activations, planes, points, readings
from pages.parts.figures.tables.regions import regions
from pages.parts.figures.tables.units import rounding, unit_rows, weight_std

__all__ = [
    "activations",
    "angles",
    "beginnings",
    "clipped_norms",
    "compare",
    "comparison",
    "contest",
    "designs",
    "divergences",
    "endings",
    "exact_zeros",
    "factors",
    "finals",
    "gains",
    "histograms",
    "layers",
    "losses",
    "maps",
    "match",
    "multiplying",
    "names",
    "networks",
    "norm_bins",
    "norm_map",
    "paired",
    "planes",
    "points",
    "readings",
    "records",
    "regions",
    "rounding",
    "searched",
    "shares",
    "stds",
    "steps",
    "still_matters",
    "sweep",
    "test_accuracy",
    "theory",
    "unit_rows",
    "watched",
    "weight_std",
]
