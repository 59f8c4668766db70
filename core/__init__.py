"""What a network's starting weights do to its training: experiments and their results."""

from core.activations import ACTIVATIONS
from core.clipping import Clip
from core.experiment import Experiment, Result, Variant, run
from core.initializers import INITIALIZERS

__all__ = ["ACTIVATIONS", "INITIALIZERS", "Clip", "Experiment", "Result", "Variant", "run"]
