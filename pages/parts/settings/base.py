"""What a page is set to: a frozen dataclass, a setting a line, and how it is read from texts and written as such."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from core import Experiment, Result, Variant
from core.verdicts import Verdict
from pages.parts.settings.fields import Field

Run = Callable[[Experiment], Result]


@dataclass(frozen=True)
class Settings:
    """Base of every page's settings; its lines are made by `fields` and `common_fields`, in reading order.

    Each page keeps its own settings, in its link and in the session: `r.depth` on Random init. Under one name Streamlit
    would hand a page's value on to the next page, even one that was never touched and is out of range there, and would
    drop it from a link that leads from page to page.
    """

    prefix: ClassVar[str]

    def __post_init__(self) -> None:
        for name, field in self.fields().items():
            value = field.read(field.write(getattr(self, name)))
            if value is None:
                raise ValueError(f"{name} is {getattr(self, name)!r}; allowed: {field.allowed}")
            object.__setattr__(self, name, value)

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The settings by name, in the order in which they are shown."""
        return {line.name: line.metadata["field"] for line in dataclasses.fields(cls)}

    @classmethod
    def read(cls, texts: Mapping[str, Sequence[str]]) -> tuple[Self, list[str]]:
        """The settings that the texts say, name by name, and the names of those that cannot be used.

        A name that is not there, or cannot be used, is at its default.
        """
        fields = cls.fields()
        rejected = [name for name in texts if name not in fields or fields[name].read(texts[name]) is None]
        return cls(**{name: fields[name].read(texts[name]) for name in texts if name not in rejected}), rejected

    def written(self) -> dict[str, list[str]]:
        """Every setting by name, as `read` takes it."""
        return {name: field.write(getattr(self, name)) for name, field in self.fields().items()}

    def changed(self, other: Self | None = None) -> dict[str, list[str]]:
        """The settings that differ from the other's, or from their defaults."""
        usual = (other or type(self)()).written()
        return {name: texts for name, texts in self.written().items() if texts != usual[name]}


@dataclass(frozen=True)
class Training(Settings):
    """Base of the settings of a page that trains networks."""

    @property
    def experiment(self) -> Experiment:
        """The page's main experiment."""
        raise NotImplementedError

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """All that the page trains, in the order in which it shows them."""
        return (self.experiment,)

    def verdict(self, run: Run) -> Verdict:
        """What the banner says of it."""
        raise NotImplementedError

    def _trained(self, variants: Sequence[Variant], **other: Any) -> Experiment:
        """These starts, on the network, the data and the batches that the page is set to."""
        return Experiment(**(self._common() | {"variants": tuple(variants)} | other))

    def _common(self) -> dict[str, Any]:
        names = ("dataset", "activation", "seeds", "steps", "batch_size", "dtype", "seed")
        return {name: getattr(self, name) for name in names if name in self.fields()} | {"hidden": self.hidden}

    @property
    def hidden(self) -> tuple[int, ...]:
        return (self.width,) * self.depth
