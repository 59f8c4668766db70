"""Diagnosis: named arrays of weights → what they are and what is wrong with them, in numbers and in plain words."""

from core.diagnosis.diagnosis import Diagnosis, Examined, Finding, diagnose
from core.diagnosis.findings import findings, verdict
from core.diagnosis.layers import LAYOUTS

__all__ = ["LAYOUTS", "Diagnosis", "Examined", "Finding", "diagnose", "findings", "verdict"]
