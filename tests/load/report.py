"""How long viewers waited, in lines to read: no figure here is a bound that anything is held to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.load.viewer import Seen

HEAD = f"{'':<34}{'runs':>6}{'p50':>8}{'p95':>8}{'longest':>9}{'errors':>8}"


def line(name: str, seen: Sequence[Seen]) -> str:
    """Latency percentiles in seconds, and how many page runs failed."""
    seconds = [one.seconds for one in seen]
    middle, late, last = np.percentile(seconds, [50, 95, 100]) if seconds else (np.nan,) * 3
    errors = sum(bool(one.error) for one in seen)
    return f"{name:<34}{len(seen):>6}{middle:>7.2f}s{late:>7.2f}s{last:>8.2f}s{errors:>8}"


def troubles(seen: Sequence[Seen]) -> list[str]:
    """What went wrong, each kind once, with a link that shows it."""
    kinds = {one.error: one.link for one in seen if one.error}
    return [f"  {link.path}?{link.query}: {error}" for error, link in kinds.items()]


def disagreements(seen: Sequence[Seen]) -> int:
    """How many links showed two viewers different words or another number of charts."""
    shown: dict[tuple[str, str], set[tuple[object, ...]]] = {}
    for one in seen:
        if not one.error:
            shown.setdefault((one.link.path, one.link.query), set()).add((*one.said, len(one.charts)))
    return sum(len(pages) > 1 for pages in shown.values())
