"""Numbers as sliders round them, as people type them, and as links write them."""

import math

_DIGITS = {1: (1,), 2: (1, 3), 3: (1, 2, 5), 6: (1, 1.5, 2, 3, 5, 7), 9: (1, 2, 3, 4, 5, 6, 7, 8, 9)}


def round_numbers(low: float, high: float, steps_per_decade: int) -> list[float]:
    """Round values from `low` to `high`, both included, with so many per decade."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [float(f"{digit}e{decade}") for decade in decades for digit in _DIGITS[steps_per_decade]]
    return sorted({float(low), float(high), *(value for value in values if low < value < high)})


def read_number(text: str) -> float:
    """A number as people type it, or a quotient of two: 0.75, 5/3. ValueError where it is none."""
    numerator, slash, denominator = text.partition("/")
    if slash and not float(denominator):
        raise ValueError(text)
    return float(numerator) / (float(denominator) if slash else 1)


def slug(value: float) -> str:
    """Short, stable and free of signs that a link would have to escape: 0.001, 1e-5, 2e6."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
