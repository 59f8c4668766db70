"""Numbers and ranges as words in a sentence."""

import math
from collections.abc import Callable, Sequence

import numpy as np

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float, digits: int = 2) -> str:
    """The number as a person writes it: 0.32, 41, 3·10⁻⁵, 0, ∞."""
    if math.isnan(x):
        return "not a number"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    if x == 0:
        return "0"
    mantissa, exponent = f"{x:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -3 <= power < 4:
        return f"{float(f'{x:.{digits}g}'):.{max(0, digits - 1 - power)}f}".replace("-", "−")
    return _scientific(f"{float(mantissa):g}", power)


def format_setting(x: float) -> str:
    """A number that somebody chose, all its digits up to six: 0.55, 1000, 10⁻⁸."""
    mantissa, _, exponent = f"{x:g}".partition("e")
    return _scientific(mantissa, int(exponent)) if exponent else mantissa.replace("-", "−")


def _scientific(mantissa: str, power: int) -> str:
    head = "" if mantissa == "1" else f"{mantissa}·".replace("-", "−")
    return f"{head}10{str(power).translate(_SUPERSCRIPTS)}"


def format_range(values: Sequence[float] | np.ndarray, write: Callable[[float], str] = number) -> str:
    """The range of the finite values: "0.30 to 0.34", or one number where both ends read the same."""
    finite = [float(v) for v in values if math.isfinite(v)]
    if not finite:
        return "none finite"
    low, high = write(min(finite)), write(max(finite))
    return low if low == high else f"{low} to {high}"


def whole_span(values: Sequence[float] | np.ndarray) -> str:
    """Lowest and highest of some counts: 2 to 5."""
    return format_range(np.ravel(values), "{:.0f}".format)


def percent(share: float) -> str:
    """41 %, 0.3 %; extremes are not rounded to 0 or 100. The sign stays on the line of its number."""
    if not math.isfinite(share):
        return "unknown"
    value = 100 * share
    text = f"{value:.1f}" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f}"
    text = {"0.0": "under 0.1", "100.0": "over 99.9"}.get(text, text)
    return f"{text}\N{NO-BREAK SPACE}%"


def count_things(number: int, thing: str) -> str:
    """1 hidden layer, 1,500 hidden layers."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def conjugate(verb: str, count: int) -> str:
    """What so many do: one trains, two train."""
    ending = "es" if verb.endswith("ch") else "s"
    return verb + ending if count == 1 else verb


def join_words(words: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def count_seeds(count: int, total: int) -> str:
    """Which share of the seeds: all 5 seeds, both seeds, none of 5 seeds, 3 of 5 seeds."""
    if total == 1:
        return "the one seed" if count else "not the one seed"
    every = "both seeds" if total == 2 else f"all {total} seeds"
    return {0: f"none of {total} seeds", total: every}.get(count, f"{count} of {total} seeds")


def write_factor(times: float) -> str:
    """A large factor as people say it, with two digits: 12, 23,000, 3.6 million, 2·10⁹."""
    if 1e6 <= times < 1e9:
        return f"{number(times / 1e6)} million"
    return f"{float(f'{times:.2g}'):,.0f}" if 1e3 <= times < 1e6 else number(times)


def align_columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of words in columns as wide as their widest word, for a terminal."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
