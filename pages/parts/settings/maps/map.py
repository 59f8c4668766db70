"""Settings of the Map page: two axes, the network they are of, and the pages that show a cell."""

import math
from dataclasses import dataclass, replace

import numpy as np

from core import Experiment, Variant
from core.sweep import AXES, Axis, Sweep
from pages.parts.settings import common_fields
from pages.parts.settings.base import Settings
from pages.parts.settings.fields import Choice, Integer, Text, Toggle, slug
from pages.parts.settings.pitfalls import RandomInit
from pages.parts.settings.remedies import Clipping

# What is looked at of a setting where nothing else is asked for.
USUAL = {
    "gain": "0.5:2.83",
    "bias_std": "0:1",
    "noise": "0.001:1",
    "depth": "2:32",
    "width": "4:128",
    "learning_rate": "0.001:10",
    "threshold": "0.01:100",
    "batch_size": "4:256",
    "steps": "10:300",
}
AS_USUAL = "usual"
DIGITS = (3, 4, 5, 6)  # of a value: as few as leave it within a hundredth of its step
_LABELS = {name: kind.label.capitalize() for name, kind in AXES.items()}
_FORM = "a range low:high, such as 0.5:4, or usual"
_RANGE_HELP = "low:high, as in 0.5:4, or usual."


def _ends(written: str, usual: str = "0:1") -> tuple[float, float]:
    """Low and high. ValueError where it is no range."""
    try:
        low, high = map(float, (usual if written.strip() == AS_USUAL else written).split(":"))
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"It is not {_FORM}")
    return low, high


@dataclass(frozen=True)
class Map(Settings):
    prefix = "m"
    x: str = Choice.setting("Horizontal axis", "The setting that grows to the right.", "gain", _LABELS)
    y: str = Choice.setting("Vertical axis", "The setting that grows upward.", "depth", _LABELS)
    x_range: str = Text.setting("Horizontal range", _RANGE_HELP, AS_USUAL, _FORM, _ends)
    y_range: str = Text.setting("Vertical range", _RANGE_HELP, AS_USUAL, _FORM, _ends)
    columns: int = Integer.setting("Columns", "Values of the setting to the right.", 16, 2, 32)
    rows: int = Integer.setting("Rows", "Values of the setting upward.", 12, 2, 32)
    color: str = Choice.setting(
        "Color", "What the color of a cell stands for.", "accuracy", {"accuracy": "test accuracy", "loss": "final loss"}
    )
    drag: bool = Toggle.setting(
        "Zoom by dragging", "A rectangle that is dragged on the map with the mouse becomes the two ranges.", False
    )
    activation: str = common_fields.activation("tanh")
    initializer: str = common_fields.initializer("xavier")
    gain: float = common_fields.gain(1.0)
    biases: float = common_fields.biases(0.2236)
    depth: int = common_fields.depth(8)
    width: int = common_fields.width(32)
    normalization: str = common_fields.normalization()
    skip: str = common_fields.skip()
    dataset: str = common_fields.dataset()
    learning_rate: float = common_fields.any_learning_rate(0.1)
    batch_size: int = common_fields.batch_size()
    steps: int = common_fields.steps(100)
    seeds: int = common_fields.seeds(1)
    seed: int = common_fields.seed()

    def sweep(self) -> Sweep:
        """What is trained. ValueError, in one sentence, where the axes are none."""
        variant = Variant(self.initializer, self.gain, bias_std=self.biases, learning_rate=self.learning_rate)
        base = self._experiment((variant,), normalization=self.normalization, skip=int(self.skip))
        return Sweep(base, _axis(self.x, self.x_range, self.columns), _axis(self.y, self.y_range, self.rows))


def page_of(experiment: Experiment) -> RandomInit | Clipping | None:
    """The settings of Random init or Clipping that train the experiment's one variant; None where there are none."""
    if not experiment.is_plain:
        return None
    variant = experiment.variants[0]
    names = ("dataset", "activation", "seeds", "steps", "batch_size", "seed")
    shared = {name: getattr(experiment, name) for name in names}
    shared |= {name: getattr(variant, name) for name in ("initializer", "learning_rate")}
    shared |= {"depth": len(experiment.hidden), "width": experiment.hidden[0]}
    try:
        if variant.clip:
            page = Clipping(threshold=variant.clip.threshold, kind=variant.clip.kind, gain=variant.gain, **shared)
        else:
            page = RandomInit(std=variant.gain, biases=variant.bias_std, **shared)
    except ValueError:
        return None
    own = page.experiment.variants[1 if variant.clip else 0]
    return page if replace(own, label=variant.label) == variant else None


def _axis(name: str, written: str, count: int) -> Axis:
    """So many values of the range, or fewer whole numbers, in few digits: a link says each."""
    axis = Axis.spread(name, *_ends(written, USUAL[name]), count)
    values = axis.values
    if axis.kind.is_integer or len(values) < 2:
        return axis
    gaps = np.diff(values)
    steps = np.minimum([*gaps, gaps[-1]], [gaps[0], *gaps])
    for digits in DIGITS:
        rounded = tuple(float(f"{value:.{digits}g}") for value in values)
        if (np.abs(np.subtract(rounded, values)) < steps / 20).all():
            return Axis(name, rounded)
    raise ValueError(f"{slug(values[0])} to {slug(values[-1])} is too narrow: a link has six digits for each value.")
