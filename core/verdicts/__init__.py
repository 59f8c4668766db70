"""The verdict, one sentence and a status, on a page's own training, from its Result; pages show it as a banner.

Other banners: Map core/sweep/border.py, Your network core/advice/sentences.py and core/diagnosis/findings.py, Claims
pages/parts/figures/claim_cards.py.
"""

from core.verdicts.clipping import clipping
from core.verdicts.comparison import compare_with_rule, comparison, contrast
from core.verdicts.designs import judge_designs, list_what_matters
from core.verdicts.propagation import propagation
from core.verdicts.symmetry import symmetry
from core.verdicts.verdict import Verdict
