"""Diagnosis: named arrays of weights → what each is, and what is certainly wrong with them."""

from core.diagnosis.diagnosis import Diagnosis, Signal, compare, diagnose, rows
from core.diagnosis.findings import findings, verdict
