"""A map to be trained: one network, and the two settings in which its cells differ from it."""

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from core.clipping import Clip
from core.engine.budget import cost
from core.settings import MAX_VARIANTS, Experiment, Variant
from core.sweep.axes import Axis

STACK_WORK = 4e10  # at the most: a second on one core, which is lost where a process dies
STRIDES = (4, 2, 1)  # of the levels

Cell = tuple[int, int]  # where its values stand on the axes: (y, x)


@dataclass(frozen=True)
class Stack:
    """Cells that train together, and the experiment that does it, a variant a cell."""

    cells: tuple[Cell, ...]
    experiment: Experiment


@dataclass(frozen=True)
class Sweep:
    """The network `base`, of one variant and layers of one width, with every value of x and of y in place of its own.

    A cell is all of the base's seeds. ValueError, in one sentence, where some cell would be no network.
    """

    base: Experiment
    x: Axis
    y: Axis

    def __post_init__(self) -> None:
        if self.x.name == self.y.name:
            raise ValueError(f"Both axes are {self.x.name}; they have to differ.")
        if len(self.base.variants) != 1 or len(set(self.base.hidden)) != 1:
            raise ValueError("A map is of one variant, and of hidden layers of one width.")
        for axis in (self.x, self.y):
            for value in (axis.values[0], axis.values[-1]):
                axis.change(self.base, value)

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many values y and x have, and how many seeds a cell."""
        return len(self.y.values), len(self.x.values), self.base.seeds

    @property
    def cells(self) -> list[Cell]:
        """All cells, row by row."""
        rows, columns, _ = self.shape
        return [(row, column) for row in range(rows) for column in range(columns)]

    @property
    def levels(self) -> list[list[Cell]]:
        """The cells from coarse to fine: every fourth of rows and columns, what every second adds, the rest."""
        levels: dict[int, list[Cell]] = {stride: [] for stride in STRIDES}
        for row, column in self.cells:
            levels[max(stride for stride in STRIDES if not (row % stride or column % stride))].append((row, column))
        return list(levels.values())

    def experiment(self, cell: Cell) -> Experiment:
        """The network of a cell, and its seeds."""
        row = self.y.change(self.base, self.y.values[cell[0]])
        return self.x.change(row, self.x.values[cell[1]])

    def stacks(self, cells: Iterable[Cell]) -> list[Stack]:
        """The cells dealt out to stacks, of those that differ in their variant alone; results do not depend on it."""
        groups: dict[tuple[float, ...], list[Cell]] = {}
        for cell in cells:
            places = zip((self.y, self.x), cell, strict=True)
            shared_values = tuple(axis.values[k] for axis, k in places if not axis.kind.is_of_variant)
            groups.setdefault(shared_values, []).append(cell)
        stacks = []
        for group in groups.values():
            shared = replace(self.experiment(group[0]), record="ends")
            most = min(MAX_VARIANTS, max(1, int(STACK_WORK / cost(shared).work)))
            size = math.ceil(len(group) / math.ceil(len(group) / most))  # as even as can be
            for first in range(0, len(group), size):
                chosen = tuple(group[first : first + size])
                networks = [self.experiment(cell).variants[0] for cell in chosen]
                variants = [replace(one, label=f"{y}, {x}") for one, (y, x) in zip(networks, chosen, strict=True)]
                stacks.append(Stack(chosen, replace(shared, variants=tuple(variants))))
        return stacks

    def to_dict(self) -> dict[str, Any]:
        """The fields that `from_dict` takes, of JSON's types. ValueError where the data are no named data set."""
        if not isinstance(self.base.dataset, str):
            raise ValueError("Only a map of a data set that has a name can be written to a file.")
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """The sweep that was written. ValueError, in one sentence, where it is none."""
        try:
            base = dict(fields["base"])
            (variant,) = base["variants"]
            clip = Clip(**variant["clip"]) if variant["clip"] else None
            base["variants"] = (Variant(**variant | {"clip": clip}),)
            return cls(Experiment(**base), Axis(**fields["x"]), Axis(**fields["y"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("What is written of the map's settings cannot be read.") from error


@functools.lru_cache(maxsize=256)
def total_work(sweep: Sweep) -> float:
    """The work of all cells, as in core.engine.budget; a page asks for it in every run."""
    return sum(cost(stack.experiment).work for stack in sweep.stacks(sweep.cells))
