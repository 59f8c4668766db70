"""Which initializer for a given network: measured on its data, in a sentence or two, and as code."""

from core.advice.measuring import Measured, measure
from core.advice.planning import OverBound
from core.advice.question import NOISE, Question
from core.advice.recommendation import Advice, Start, advise
from core.advice.rosetta import rosetta
from core.advice.sentences import name_in, verdict
from core.advice.snippets import snippet

__all__ = [
    "NOISE",
    "Advice",
    "Measured",
    "OverBound",
    "Question",
    "Start",
    "advise",
    "measure",
    "name_in",
    "rosetta",
    "snippet",
    "verdict",
]
