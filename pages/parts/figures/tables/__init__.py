"""DataFrames made of results, advice and maps: for charts a row a mark, for pages tables of words to read."""

from pages.parts.figures.tables.advice import (
    beginnings,
    endings,
    gains,
    names,
    ranking,
    searched,
    stds,
    usual_losses,
)
from pages.parts.figures.tables.by_layer import exact_zeros, histograms, layers, shares, theory, weight_std
from pages.parts.figures.tables.by_step import angles, clipped_norms, divergences, norm_bins, rounding, steps
from pages.parts.figures.tables.ends import (
    designs,
    finals,
    losses_by_activation,
    losses_by_threshold,
    paired,
    what_matters,
)
from pages.parts.figures.tables.examples import activations, planes, points, readings, unit_rows
from pages.parts.figures.tables.regions import regions
