"""A server that says what it trains, and measures advice as briefly as the tests of pages do.

How pages show advice is under test, not whether it is right.
"""

from unittest.mock import patch

from core.advice import planning
from tests.load import served

BRIEF_LEVELS = ((2, 100),)  # as few seeds as differences can be taken of, and steps

if __name__ == "__main__":
    with patch.object(planning, "SEEDS_AND_STEPS", BRIEF_LEVELS):  # which fails where there is nothing of this name
        served.serve()
