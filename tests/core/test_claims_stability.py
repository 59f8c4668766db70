"""What the command prints of other base seeds: verdicts that flip and conditions that drift."""

import pytest

from core.claims import Finding
from core.claims.__main__ import describe_stability


def finding(condition="", value=1.0, verdict="holds only if"):
    return Finding(verdict, f"{condition}: so it is 1.", value, value - 0.1, value + 0.1, (), "", "", False)


@pytest.mark.parametrize(
    ("others", "marks"),
    [
        ([finding("Only up to width 32")], ()),
        ([finding("Only up to width 32"), finding("Only up to width 64")], ("DRIFTS", "32", "64")),
        ([finding("Only up to width 32", value=1.15)], ()),
        ([finding("Only up to width 32", value=2.0)], ("DRIFTS", "1.9 to 2.1")),
        ([finding(verdict="holds")], ("FLIPS",)),
    ],
)
def test_what_other_base_seeds_say_otherwise_is_marked(others, marks):
    line = describe_stability([finding("Only up to width 32"), *others])
    assert all(mark in line for mark in marks)
    assert ("FLIPS" in line) == ("FLIPS" in marks)
    assert ("DRIFTS" in line) == ("DRIFTS" in marks)
