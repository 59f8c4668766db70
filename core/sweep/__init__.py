"""A map of networks over two of their settings, each trained from scratch."""

from core.sweep.axes import AXES, Axis
from core.sweep.running import SweepResult, run_sweep
from core.sweep.sweep import Sweep
