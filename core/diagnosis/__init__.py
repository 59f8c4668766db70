"""Diagnosis: named arrays of weights → what each is, and what is certainly wrong with them, in plain words."""

from core.diagnosis.comparison import compare
from core.diagnosis.diagnosis import Diagnosis, diagnose
from core.diagnosis.findings import findings, verdict
from core.diagnosis.layers import LAYOUTS
from core.diagnosis.report import rows

__all__ = ["LAYOUTS", "Diagnosis", "compare", "diagnose", "findings", "rows", "verdict"]
