"""The kinds of setting: what each reads in a link, writes there, and allows."""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_DIGITS = {1: (1,), 2: (1, 3), 3: (1, 2, 5), 6: (1, 1.5, 2, 3, 5, 7), 9: (1, 2, 3, 4, 5, 6, 7, 8, 9)}


def round_numbers(low: float, high: float, steps_per_decade: int) -> list[float]:
    """Round values from `low` to `high`, both included."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [float(f"{digit}e{decade}") for decade in decades for digit in _DIGITS[steps_per_decade]]
    return sorted({float(low), float(high), *(value for value in values if low < value < high)})


def read_number(text: str) -> float:
    """A number as people type it: 0.75, 5/3. ValueError if it is none."""
    numerator, slash, denominator = text.partition("/")
    if slash and not float(denominator):
        raise ValueError(text)
    return float(numerator) / (float(denominator) if slash else 1)


def slug(value: float) -> str:
    """Short, and free of what a link would have to escape: 0.001, 1e-5, 2e6."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def write_text(value: bool | float | str) -> str:
    """A value as links and files hold it."""
    if isinstance(value, float):
        return slug(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Field:
    """`read` takes what a link says, None where that cannot be used; `write` is its inverse.

    Each kind says what is `allowed`, and has a `_parse` for one text: None or ValueError if unusable.
    """

    label: str
    help: str
    default: Any

    @classmethod
    def setting(cls, *declared: Any, **named: Any) -> Any:
        """A field as a line of a page's Settings."""
        field = cls(*declared, **named)
        return dataclasses.field(default=field.default, metadata={"field": field})

    def refusal(self, texts: Sequence[str]) -> str:
        """Why texts cannot be read, to stand behind them."""
        return f"is not {self.allowed}"

    def read(self, texts: Sequence[str]) -> Any:
        try:
            return self._parse(texts[0]) if len(texts) == 1 else None
        except ValueError:
            return None

    def write(self, value: Any) -> list[str]:
        return [write_text(value)]

    def describe(self, value: Any) -> str:
        """The value as people write it."""
        return ", ".join(self.write(value))

    def is_between_stops(self, texts: Sequence[str]) -> bool:
        """Whether `read` gives the number nearest to what the texts say."""
        value = self.read(texts)
        return type(value) in (int, float) and slug(value) != slug(float(texts[0]))


@dataclass(frozen=True)
class Choice(Field):
    """One of a few options: links hold codes, people see labels, both are read."""

    labels: Mapping[str, str]  # of each code
    pictured: bool = False  # whether all are shown, each with its picture

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
    """Some options, in the order chosen: without any, the default again."""

    def read(self, texts: Sequence[str]) -> tuple[str, ...] | None:
        codes = [code for text in texts if (code := self._parse(text))]
        return (tuple(dict.fromkeys(codes)) or self.default) if len(codes) == len(texts) else None

    def write(self, value: Sequence[str]) -> list[str]:
        return list(value)


@dataclass(frozen=True)
class Text(Field):
    """A text at which `parse` raises no ValueError."""

    allowed: str  # what texts are of it, for people
    parse: Callable[[str], object]

    def refusal(self, texts: Sequence[str]) -> str:
        try:
            self.parse(texts[0])
        except ValueError as error:
            return f"cannot be used. {str(error).rstrip('.')}"
        return super().refusal(texts)

    def _parse(self, text: str) -> str:
        self.parse(text)
        return text.strip()


@dataclass(frozen=True)
class TypedNumber(Field):
    """A number typed as 0.75 or 5/3; the setting is the text."""

    low: float
    high: float

    @property
    def allowed(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}, such as 0.75 or 1/3"

    def _parse(self, text: str) -> str | None:
        return text.strip() if self.low <= read_number(text) <= self.high else None


@dataclass(frozen=True)
class Toggle(Field):
    allowed = "true or false"

    def _parse(self, text: str) -> bool | None:
        return {"true": True, "false": False}.get(text.lower())


@dataclass(frozen=True)
class Number(Field):
    """A number from `low` to `high`, or the nearest stop of its slider."""

    def _parse(self, text: str) -> Any:
        number = float(text)
        return self._nearest(number) if self.low <= number <= self.high else None


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
    """One of a row of positive numbers; the nearest is so by its ratio."""

    options: Sequence[float]

    @property
    def low(self) -> float:
        return self.options[0]

    @property
    def high(self) -> float:
        return self.options[-1]

    @property
    def allowed(self) -> str:
        return f"one of {', '.join(map(slug, self.options))}"

    def _nearest(self, number: float) -> float:
        return min(self.options, key=lambda option: abs(math.log(option / number)))


@dataclass(frozen=True)
class Amount(Scale):
    """A number within the ends of a row: the slider stops there too."""

    @property
    def allowed(self) -> str:
        return f"a number from {slug(self.low)} to {slug(self.high)}"

    def _nearest(self, number: float) -> float:
        return float(slug(number))
