"""The kinds of settings a page can have: label, default, and how each is read from and written to a link or a file."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
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

    def refusal(self, texts: Sequence[str]) -> str:
        """Why texts cannot be read, to stand behind them."""
        return f"is not {self.allowed}"

    def read(self, texts: Sequence[str]) -> Any:
        return self._parse(texts[0]) if len(texts) == 1 else None

    def write(self, value: Any) -> list[str]:
        return [str(value)]

    def describe(self, value: Any) -> str:
        """The value as people write it."""
        return ", ".join(self.write(value))

    def is_between_stops(self, texts: Sequence[str]) -> bool:
        """Whether the texts say a number that the setting cannot take, so that `read` gives the nearest one."""
        return False

    def _parse(self, text: str) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Field):
    """One of a few options. Links and files hold its code; its label is what people see, and is read as well."""

    labels: Mapping[str, str]  # of each code

    @property
    def allowed(self) -> str:
        return "one of " + ", ".join(self.labels.values())

    def describe(self, value: Any) -> str:
        return ", ".join(self.labels[code] for code in self.write(value))

    def _parse(self, text: str) -> str | None:
        codes = {label.casefold(): code for code, label in self.labels.items()}
        return text if text in self.labels else codes.get(text.casefold())


@dataclass(frozen=True)
class MultiChoice(Choice):
    """At least one of a few options, in the order chosen: an empty choice is the default again."""

    def read(self, texts: Sequence[str]) -> tuple[str, ...] | None:
        codes = [code for text in texts if (code := self._parse(text))]
        return (tuple(dict.fromkeys(codes)) or self.default) if len(codes) == len(texts) else None

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

    def refusal(self, texts: Sequence[str]) -> str:
        try:
            self.parse(texts[0])
        except ValueError as error:
            return f"cannot be used. {str(error).rstrip('.')}"
        return super().refusal(texts)

    def _parse(self, text: str) -> str | None:
        try:
            self.parse(text)
        except ValueError:
            return None
        return text.strip()


@dataclass(frozen=True)
class TypedNumber(Text):
    """A number within a range, typed as 0.75 or 5/3; the setting is the text, `read_number` gives its value."""

    def refusal(self, texts: Sequence[str]) -> str:
        return f"is not {self.allowed}"


@dataclass(frozen=True)
class Toggle(Field):
    """True or false."""

    @property
    def allowed(self) -> str:
        return "true or false"

    def write(self, value: bool) -> list[str]:
        return [str(value).lower()]

    def _parse(self, text: str) -> bool | None:
        return {"true": True, "false": False}.get(text.lower())


@dataclass(frozen=True)
class Number(Field):
    """A number within a range; one between the stops of its slider is read as the nearest stop."""

    low: float
    high: float

    def is_between_stops(self, texts: Sequence[str]) -> bool:
        value = self.read(texts)
        return value is not None and slug(value) != slug(float(texts[0]))

    def _parse(self, text: str) -> Any:
        try:
            number = float(text)
        except ValueError:
            return None
        return self._nearest(number) if self.low <= number <= self.high else None

    def _nearest(self, number: float) -> Any:
        raise NotImplementedError


@dataclass(frozen=True)
class Integer(Number):
    """A whole number; `typed` where a slider would be too coarse."""

    low: int
    high: int
    step: int = 1
    typed: bool = False

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def _nearest(self, number: float) -> int:
        return self.low + self.step * round((number - self.low) / self.step)


@dataclass(frozen=True)
class Scale(Number):
    """One of a row of positive numbers; the nearest is the one with the smallest ratio."""

    options: tuple[float, ...]

    @property
    def allowed(self) -> str:
        return f"one of {', '.join(map(slug, self.options))}"

    def write(self, value: float) -> list[str]:
        return [slug(value)]

    def _nearest(self, number: float) -> float:
        return min(self.options, key=lambda option: abs(math.log(option / number)))


@dataclass(frozen=True)
class Amount(Scale):
    """A number of any size within the ends of a row: the slider stops at what a link says, too."""

    @property
    def allowed(self) -> str:
        return f"a number from {slug(self.low)} to {slug(self.high)}"

    def stops(self, value: float) -> list[float]:
        """The row, with this value in it."""
        return sorted({*self.options, value})

    def _nearest(self, number: float) -> float:
        return float(slug(number))


def choice(label: str, labels: Mapping[str, str], default: str, help: str) -> Any:
    return setting(Choice(label, help, default, labels))


def multi_choice(label: str, labels: Mapping[str, str], default: Iterable[str], help: str) -> Any:
    return setting(MultiChoice(label, help, tuple(default), labels))


def text(label: str, form: str, parse: Callable[[str], object], default: str, help: str) -> Any:
    return setting(Text(label, help, default, form, parse))


def typed_number(label: str, low: float, high: float, default: str, help: str) -> Any:
    """A number that no slider can hold exactly."""

    def parse(text: str) -> None:
        if not low <= read_number(text) <= high:
            raise ValueError(text)

    form = f"a number from {low:g} to {high:g}, such as 0.75 or 1/3"
    return setting(TypedNumber(label, help, default, form, parse))


def toggle(label: str, default: bool, help: str) -> Any:
    return setting(Toggle(label, help, default))


def integer(label: str, low: int, high: int, default: int, help: str, step: int = 1, *, typed: bool = False) -> Any:
    return setting(Integer(label, help, default, low, high, step, typed))


def scale(label: str, options: Sequence[float], default: float, help: str) -> Any:
    """The default is among the options, whether it is named there or not."""
    stops = tuple(sorted({*options, default}))
    return setting(Scale(label, help, default, stops[0], stops[-1], stops))


def amount(label: str, options: Sequence[float], default: float, help: str) -> Any:
    """Of numbers that a map may set to any value."""
    stops = tuple(sorted({*map(float, options), float(default)}))
    return setting(Amount(label, help, float(default), stops[0], stops[-1], stops))


def log_scale(label: str, low: float, high: float, default: float, help: str, steps_per_decade: int = 3) -> Any:
    """A positive number on a logarithmic scale of round values."""
    return scale(label, round_numbers(low, high, steps_per_decade), float(default), help)


def setting(field: Field) -> Any:
    """The field as a line of a page's Settings."""
    return dataclasses.field(default=field.default, metadata={"field": field})


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
