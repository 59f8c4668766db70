"""A setting of each kind, as a line of a page's Settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pages.parts.settings.fields.kinds import (
    Amount,
    Choice,
    DataChoice,
    Field,
    Integer,
    MultiChoice,
    Scale,
    Text,
    Toggle,
    TypedNumber,
)
from pages.parts.settings.fields.numerals import read_number, round_numbers


def choice(label: str, labels: Mapping[str, str], default: str, help: str) -> Any:
    return setting(Choice(label, help, default, labels))


def data_choice(labels: Mapping[str, str], default: str, help: str) -> Any:
    return setting(DataChoice("Data", help, default, labels))


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
