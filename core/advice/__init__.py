"""Which initializer for a given network: measured on its data, in a sentence or two, and as code."""

from core.advice.measuring import Measured, measure
from core.advice.planning import OverBound
from core.advice.question import NOISE, Question
from core.advice.recommendation import Advice, InitializerOutcome, advise
from core.advice.sentences import describe_gain, explain_choice, name_in, verdict
from core.advice.snippets import snippet
