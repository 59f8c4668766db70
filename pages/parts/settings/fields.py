"""What one setting may be: its label and its default, and how it is written in a link or a file and read from one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_DIGITS = {1: (1,), 2: (1, 3), 3: (1, 2, 5), 6: (1, 1.5, 2, 3, 5, 7), 9: (1, 2, 3, 4, 5, 6, 7, 8, 9)}


@dataclass(frozen=True)
class Field:
    """`read` takes what a link says, text by text, and gives None where that cannot be used; `write` is its inverse."""

    label: str
    help: str
    default: Any

    @property
    def allowed(self) -> str:
        raise NotImplementedError

    def read(self, texts: Sequence[str]) -> Any:
        return self._one(texts[0]) if len(texts) == 1 else None

    def write(self, value: Any) -> list[str]:
        return [str(value)]

    def _one(self, text: str) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Field):
    """One of a few names."""

    options: tuple[str, ...]

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(self.options)

    def _one(self, text: str) -> str | None:
        return text if text in self.options else None


@dataclass(frozen=True)
class Several(Choice):
    """At least one of a few names, in the order chosen: an empty choice is the default again."""

    def read(self, texts: Sequence[str]) -> tuple[str, ...] | None:
        if not all(text in self.options for text in texts):
            return None
        return tuple(dict.fromkeys(texts)) or self.default

    def write(self, value: Sequence[str]) -> list[str]:
        return list(value)


@dataclass(frozen=True)
class Text(Field):
    """A text of some form; `parse` raises ValueError at one that is not of it."""

    form: str  # what texts are of it, for people
    parse: Callable[[str], object]

    @property
    def allowed(self) -> str:
        return self.form

    def _one(self, text: str) -> str | None:
        try:
            self.parse(text)
        except ValueError:
            return None
        return text.strip()


@dataclass(frozen=True)
class Toggle(Field):
    """True or false."""

    @property
    def allowed(self) -> str:
        return "true or false"

    def write(self, value: bool) -> list[str]:
        return [str(value).lower()]

    def _one(self, text: str) -> bool | None:
        return {"true": True, "false": False}.get(text.lower())


@dataclass(frozen=True)
class Whole(Field):
    """A whole number; `typed` where a slider would be too coarse."""

    low: int
    high: int
    step: int = 1
    typed: bool = False

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def _one(self, text: str) -> int | None:
        try:
            number = float(text)
        except ValueError:
            return None
        return int(number) if self.low <= number <= self.high and number.is_integer() else None


@dataclass(frozen=True)
class Scale(Field):
    """One of a row of numbers, written as they are shown."""

    options: tuple[float, ...]

    @property
    def names(self) -> list[str]:
        return [slug(option) for option in self.options]

    @property
    def allowed(self) -> str:
        return f"one of {', '.join(self.names)}"

    def write(self, value: float) -> list[str]:
        return [slug(value)]

    def _one(self, text: str) -> float | None:
        return dict(zip(self.names, self.options, strict=True)).get(text)


def choice(label: str, options: Sequence[str], default: str, help: str) -> Any:
    return setting(Choice(label, help, default, tuple(options)))


def several(label: str, options: Sequence[str], default: Sequence[str], help: str) -> Any:
    return setting(Several(label, help, tuple(default), tuple(options)))


def text(label: str, form: str, parse: Callable[[str], object], default: str, help: str) -> Any:
    return setting(Text(label, help, default, form, parse))


def toggle(label: str, default: bool, help: str) -> Any:
    return setting(Toggle(label, help, default))


def whole(label: str, low: int, high: int, default: int, help: str, step: int = 1, *, typed: bool = False) -> Any:
    return setting(Whole(label, help, default, low, high, step, typed))


def scale(label: str, options: Sequence[float], default: float, help: str) -> Any:
    """The default is among the options, whether it is named there or not."""
    return setting(Scale(label, help, default, tuple(sorted({*options, default}))))


def log_scale(label: str, low: float, high: float, default: float, help: str, steps_per_decade: int = 3) -> Any:
    """A positive number on a logarithmic scale of round values."""
    return scale(label, round_numbers(low, high, steps_per_decade), float(default), help)


def setting(field: Field) -> Any:
    """The field as a line of a page's Settings."""
    return dataclasses.field(default=field.default, metadata={"field": field})


def round_numbers(low: float, high: float, steps_per_decade: int) -> list[float]:
    """Round values from `low` to `high`, both included, as many a decade as asked for."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [float(f"{digit}e{decade}") for decade in decades for digit in _DIGITS[steps_per_decade]]
    return sorted({float(low), float(high), *(value for value in values if low < value < high)})


def slug(value: float) -> str:
    """Short, stable and free of signs that a link would have to escape: 0.001, 1e-5, 2e6."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa
