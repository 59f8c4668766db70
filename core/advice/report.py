"""The advice as plain text, for the terminal."""

from __future__ import annotations

import re

import numpy as np

from core.advice.measuring import Measured
from core.advice.question import Question
from core.advice.recommendation import Advice, Start
from core.advice.rosetta import LIBRARIES, clash_sentences, rosetta
from core.advice.sentences import verdict
from core.advice.sizes import written
from core.advice.snippets import LIBRARIES as WRITERS
from core.advice.snippets import snippet
from core.initializers import INITIALIZERS

_HEADINGS = ("start", "rate", "final loss", "95 % beside the best", "signal ×", "gradient ×", "saturated", "dead", "")


def table(advice: Advice) -> str:
    """A row a start, from the lowest final loss to the highest."""
    return aligned([_HEADINGS, *(_format_row(start) for start in advice.starts)])


def _format_row(start: Start) -> tuple[str, ...]:
    loss = "diverges" if start.lost else f"{start.loss:.3g}"
    interval = f"{start.low:.3g} to {start.high:.3g}" if np.isfinite(start.low) else ""
    return (
        start.label,
        f"{start.rate:g}",
        loss,
        interval,
        _factor(start.forward),
        _factor(start.backward),
        _percent(start.saturated),
        _percent(start.dead),
        start.standing,
    )


def _factor(spread: tuple[float, float, float]) -> str:
    low, middle, high = spread
    return f"{middle:.2f} ({low:.2f} to {high:.2f})" if np.isfinite(middle) else "–"


def _percent(share: float) -> str:
    return f"{share:.0%}" if np.isfinite(share) else "–"


def notes(question: Question, measured: Measured) -> list[str]:
    """What was done otherwise than asked: other data, or narrower layers."""
    said = [question.misfit] if question.misfit else []
    sizes = measured.experiment.sizes
    if sizes != question.sizes:
        said.append(
            f"To take seconds, it is measured on layers of {written(sizes)}, and {written(question.sizes)} stands in "
            "the code: a factor a layer hardly depends on the width."
        )
    return said


def laws(question: Question) -> str:
    """Every law's std in each layer, and its names."""
    count = len(question.sizes) - 1
    shown = range(count) if count <= 4 else (0, 1, count - 2, count - 1)
    rows = [("law", *(f"std W{layer + 1}" for layer in shown), *LIBRARIES)]
    for entry in rosetta(question.sizes, question.activation):
        stds = [f"{entry.stds[layer]:.4g}" for layer in shown]
        rows.append((INITIALIZERS[entry.initializer].label, *stds, *(name or "–" for name in entry.names)))
    marks = "† truncated at two standard deviations.  * means something else elsewhere:"
    return "\n".join([aligned(rows), marks, *(plain(sentence) for sentence in clash_sentences())])


def text(advice: Advice, initializer: str | None = None) -> str:
    """Everything: the table, the recommendation, the names, and the code of the recommended or a named start."""
    question = advice.measured.question
    chosen = initializer or (advice.recommended.name if advice.recommended else "")
    parts = [question.described, *notes(question, advice.measured), table(advice), plain(verdict(advice).sentence)]
    parts.append(laws(question))
    for library in WRITERS if chosen else ():
        code = snippet(library, chosen, question.sizes, question.activation, question.loss)
        parts.append(f"# {library}: {INITIALIZERS[chosen].label}\n\n{code}")
    return "\n\n".join(parts)


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows of words in columns as wide as their widest word."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def plain(markdown: str) -> str:
    """Without the marks for bold, code and formulas."""
    return re.sub(r"[*`$]|\\text|\\max", "", markdown).replace("_{l-1}", "_in").replace("n_l", "n_out")
