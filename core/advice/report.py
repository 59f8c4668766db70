"""The advice as plain text, for the terminal."""

import re

import numpy as np

from core.advice.library_names import LIBRARIES, describe_clashes, tabulate_laws
from core.advice.question import Question
from core.advice.recommendation import Advice, InitializerOutcome
from core.advice.sentences import name_in, verdict
from core.advice.snippets import LIBRARIES as WRITERS
from core.advice.snippets import Design, snippet
from core.initializers import INITIALIZERS
from core.wording import align_columns, percent

_HEADINGS = ("start", "rate", "validation loss", "95 %", "accuracy", "training loss", "signal ×", "gradient ×", "")


def format_table(advice: Advice) -> str:
    return align_columns([_HEADINGS, *(_format_row(start) for start in advice.starts)])


def _format_row(start: InitializerOutcome) -> tuple[str, ...]:
    return (
        start.label,
        f"{start.rate:g}",
        "overflows" if start.lost else f"{start.loss:.3g}",
        f"{start.low:.3g} to {start.high:.3g}" if np.isfinite(start.low) else "",
        percent(start.accuracy) if np.isfinite(start.accuracy) else "–",
        f"{start.training_loss:.3g}" if np.isfinite(start.training_loss) else "–",
        *(f"{factor[1]:.2f}" if np.isfinite(factor[1]) else "–" for factor in (start.forward, start.backward)),
        start.standing,
    )


def format_laws(question: Question) -> str:
    """Every law's std in each layer, and its names."""
    count = len(question.sizes) - 1
    layers = range(count) if count <= 4 else (0, 1, count - 2, count - 1)
    rows = [("law", *(f"std W{layer + 1}" for layer in layers), *LIBRARIES)]
    for entry in tabulate_laws(question.sizes, question.activation):
        stds = [f"{entry.stds[layer]:.4g}" for layer in layers]
        rows.append((INITIALIZERS[entry.initializer].label, *stds, *(name or "–" for name in entry.names)))
    marks = "† truncated at two standard deviations.  * means something else elsewhere:"
    return "\n".join([align_columns(rows), marks, *(strip_markdown(sentence) for sentence in describe_clashes())])


def format_report(advice: Advice, initializer: str | None = None) -> str:
    """Everything: the table, the recommendation, the names, and the code of the recommended or a named start."""
    question, found = advice.measured.question, verdict(advice)
    chosen = initializer or (advice.recommended.name if advice.recommended else "")
    parts = [
        *filter(None, (question.described, question.skip_note)),
        strip_markdown(found.sentence),
        format_table(advice),
        found.details,
        format_laws(question),
    ]
    for library in WRITERS if chosen else ():
        network = question.sizes, question.activation, question.loss
        design = Design(question.normalization, question.skip)
        code = snippet(library, chosen, *network, advice.training_of(chosen), design)
        parts.append(f"# {library}: {strip_markdown(name_in(chosen, library))}\n\n{code}")
    return "\n\n".join(parts)


def strip_markdown(markdown: str) -> str:
    return re.sub(r"[*`$]|\\text|\\max", "", markdown).replace("_{l-1}", "_in").replace("n_l", "n_out")
