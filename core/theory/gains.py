"""The gain that keeps a signal's size through layers of an activation, and what a gain does to the gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.activations import ACTIVATIONS
from core.theory.expectations import mean_squares

STEPS = 2000  # of the iteration to a fixed point, which is slow where a gain is critical


@dataclass(frozen=True)
class Gain:
    """Weights of variance gain²/n_in, in layers so wide and many that the signal's size no longer changes."""

    gain: float
    rms: float  # of A
    chi: float  # χ = gain² E[g′(z)²], by which the mean square of dZ is multiplied a layer (Schoenholz et al. 2017)


def keeping_gain(activation: str) -> Gain:
    """The gain 1/√E[g(z)²] over z ~ N(0, 1), with which Z keeps an rms of 1 (LeCun 1998; He 2015 for ReLU: √2)."""
    square, slope = mean_squares(ACTIVATIONS[activation], 1.0)
    return Gain(1 / math.sqrt(square), math.sqrt(square), slope / square)


def settled(activation: str, gain: float) -> Gain:
    """Where any gain leads: the fixed point of q ← gain² E[g(z)²] over z ~ N(0, q), from q = 1."""
    q, square, slope = 1.0, 0.0, 0.0
    for _ in range(STEPS):
        square, slope = mean_squares(ACTIVATIONS[activation], q)
        q, before = gain * gain * square, q
        if math.isclose(q, before, rel_tol=1e-9):
            break
    return Gain(gain, math.sqrt(square), gain * gain * slope)
