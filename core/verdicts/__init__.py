"""Result → one sentence and a status, from the numbers of that very run; pages show them as banners."""

from core.verdicts.clipping import clipping
from core.verdicts.comparison import compare_with_rule, comparison, contrast
from core.verdicts.designs import judge_designs, list_what_matters
from core.verdicts.propagation import propagation
from core.verdicts.symmetry import symmetry
from core.verdicts.verdict import Verdict
