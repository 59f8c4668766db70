"""Result → tidy DataFrame: one row a mark, columns named as charts read them."""

from pages.parts.figures.tables.advice import (
    beginnings,
    endings,
    factors,
    gains,
    names,
    ranking,
    searched,
    starts_with_factors,
    stds,
    usual_losses,
)
from pages.parts.figures.tables.by_layer import exact_zeros, histograms, layers, shares, theory
from pages.parts.figures.tables.by_step import divergences, losses, norm_map, records, steps, test_accuracy
from pages.parts.figures.tables.clipping import angles, clipped_norms, losses_by_threshold, norm_bins
from pages.parts.figures.tables.comparison import comparison, maps, networks
from pages.parts.figures.tables.ends import compare, designs, finals, match, paired, what_matters
from pages.parts.figures.tables.examples import activations, planes, points, readings, unit_rows
from pages.parts.figures.tables.regions import regions
from pages.parts.figures.tables.units import rounding, weight_std
