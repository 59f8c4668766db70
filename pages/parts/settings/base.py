"""The base of all settings: a frozen dataclass, read from texts and written as texts."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from core import Experiment, Result, Variant
from core.verdicts import Verdict
from pages.parts.settings.fields import Field, slug

Run = Callable[[Experiment], Result]


@dataclass(frozen=True)
class Settings:
    """One setting a line, in reading order, made by `fields` and `common_fields`.

    Each page keeps its own, as `r.depth`: under one name Streamlit would hand a value on to the next page, where it
    may be out of range, and drop it from a link.
    """

    prefix: ClassVar[str]

    def __post_init__(self) -> None:
        for name, field in self.fields().items():
            texts = field.write(getattr(self, name))
            value = field.read(texts)
            if value is None or field.is_between_stops(texts):
                raise ValueError(f"{name} is {getattr(self, name)!r}; allowed: {field.allowed}")
            object.__setattr__(self, name, value)

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The settings by name, in their order."""
        return {line.name: line.metadata["field"] for line in dataclasses.fields(cls)}

    @classmethod
    def read(cls, texts: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """The settings that the texts say, and the names of those that cannot be used."""
        values = {name: field.read(texts[name]) for name, field in cls.fields().items() if name in texts}
        usable = {name: value for name, value in values.items() if value is not None}
        return cls(**usable), [name for name in texts if name not in usable]

    @classmethod
    def rounding_notes(cls, texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """For each number that `read` rounds, what it is, and what is used."""
        notes = {}
        for name, field in cls.fields().items():
            if name in texts and field.is_between_stops(texts[name]):
                number, stop = slug(float(texts[name][0])), field.describe(field.read(texts[name]))
                notes[name] = f"{name.replace('_', ' ')} {number}; the nearest stop is {stop}."
        return notes

    def to_texts(self) -> dict[str, list[str]]:
        """Every setting by name, as `read` takes it."""
        return {name: field.write(getattr(self, name)) for name, field in self.fields().items()}

    def changed(self) -> dict[str, list[str]]:
        defaults = type(self)().to_texts()
        return {name: texts for name, texts in self.to_texts().items() if texts != defaults[name]}

    def _experiment(self, variants: Sequence[Variant], **other: Any) -> Experiment:
        """These variants with what the page sets, or `other` values."""
        names = ("dataset", "activation", "seeds", "steps", "batch_size", "optimizer", "dtype", "seed")
        shared = {name: getattr(self, name) for name in names if hasattr(self, name)}
        shared["hidden"] = (self.width,) * self.depth
        if hasattr(self, "learning_rate"):
            variants = [replace(variant, learning_rate=self.learning_rate) for variant in variants]
        return Experiment(**(shared | {"variants": tuple(variants)} | other))


@dataclass(frozen=True)
class Training(Settings):
    """Settings of a page that trains networks; `experiment` is its main one."""

    judge: ClassVar[Callable[[Result], Verdict]]

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """All that the page trains, in its order."""
        return (self.experiment,)

    def verdict(self, run: Run) -> Verdict:
        """The banner's: of the main experiment, unless a page says another."""
        return self.judge(run(self.experiment))
