"""Which initializer for a network: `python -m core.advice 784 512 512 10`, or `--csv data.csv --target y 512 512`."""

import argparse
import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from core.activations import ACTIVATIONS
from core.advice import NOISE, Advice, Question, advise, measure, name_in, verdict
from core.advice.library_names import SOURCES, describe_clashes, mark_name
from core.advice.question import TARGET_SCALINGS, parse_sizes
from core.advice.snippets import LIBRARIES
from core.clipping import Clip
from core.datasets import DATASETS, SCALINGS, Dataset
from core.engine.budget import Bound
from core.initializers import INITIALIZERS
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.settings import MAX_SKIP, NORMALIZATIONS
from core.wording import align_columns, percent

MEMORY = Bound(bytes=1e9)  # a terminal serves one person
_HEADINGS = ("start", "rate", "validation loss", "95 %", "accuracy", "training loss", "signal ×", "gradient ×", "")
OUTPUTS = {loss.output: loss.name for loss in LOSSES.values()}


def main(arguments: list[str] | None = None) -> int:
    """Print the advice for a network; 0, or 2 where it is none, which stderr says."""
    given = _parser().parse_args(arguments)
    data: str | Dataset = given.data
    try:
        if given.csv:
            sizes, output, data = _read_table(given)
        else:
            sizes = parse_sizes(" ".join(given.sizes))
            output = given.output or ("softmax" if sizes[-1] > 1 else "linear")
        clip = None if given.clip is None else Clip("norm", given.clip)
        options = {name: value for name, value in vars(given).items() if name in Question.__dataclass_fields__}
        question = Question(**options | {"sizes": sizes, "loss": OUTPUTS[output], "data": data, "clip": clip})
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    advice = advise(measure(question, _print_progress, MEMORY))
    print("\r" + " " * 20 + "\r", end="", file=sys.stderr)
    print(format_report(advice, given.initializer))
    return 0


def _read_table(given: argparse.Namespace) -> tuple[tuple[int, ...], str, Dataset]:
    """Sizes, output and data of a network on a table; prints what there is to say of its columns."""
    from core.files import examples, tabular  # pandas, which takes long to import

    try:
        table = tabular.read(Path(given.csv).read_bytes())
    except OSError as error:
        raise ValueError(f"{given.csv} cannot be read: {error.strerror}.") from None
    target = given.target or tabular.likely_target(table)
    output = given.output or tabular.outputs(table, target)[0]
    prepared = examples.prepare(table, target, output, given.leave_out)
    print("\n".join([*prepared.notes, *(f"{use.column}: {use.use} ({use.why})" for use in prepared.uses if use.why)]))
    data = prepared.dataset(given.scaling, given.target_scaling)
    hidden = parse_sizes(" ".join(["1", *given.sizes, "1"]))[1:-1]
    return (data.inputs, *hidden, data.outputs), output, data


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.advice", description=__doc__)
    add = parser.add_argument
    add("sizes", nargs="*", help="layer sizes, inputs first, outputs last: 784 512 512 10; of a table the hidden ones")
    add("--csv", help="a table to measure on, which also gives the sizes of inputs and outputs")
    add("--target", help="the column to predict; else the last that can be predicted")
    add("--leave-out", action="append", help="a column that is no input, once for each; else those that only name rows")
    add("--activation", default="relu", choices=ACTIVATIONS, help="of the hidden layers")
    add("--output", choices=OUTPUTS, help="with the loss that belongs to it; softmax, or linear for one")
    add("--data", default=NOISE, choices=DATASETS, help="noise: unit Gaussian, of the network's size")
    add("--scaling", default="standardized", choices=SCALINGS, help="of the inputs")
    add("--target-scaling", default="standardized", choices=TARGET_SCALINGS, help="of a quantity")
    add("--optimizer", default="adam", choices=OPTIMIZERS, help="each with learning rates of its own")
    add("--clip", type=float, help="the largest norm of the whole gradient; else it is not clipped")
    add("--prior-bias", action="store_true", help="start output biases at the class prior, of an imbalanced table")
    add("--normalization", default="none", choices=NORMALIZATIONS, help="of hidden layers")
    add("--skip", type=int, default=0, choices=range(MAX_SKIP + 1), help="layers that a skip connection passes by")
    add("--initializer", choices=INITIALIZERS, help="whose code to write; else the recommended one")
    add("--seed", type=int, default=0, help="of draws and batches")
    return parser


def _print_progress(fraction: float) -> None:
    if sys.stderr.isatty():
        print(f"\rmeasuring {fraction:.0%} ", end="", file=sys.stderr, flush=True)


def format_table(advice: Advice) -> str:
    """A row a start: its rate, and how it ended and began."""
    rows: list[tuple[str, ...]] = [_HEADINGS]
    for start in advice.starts:
        row = (
            start.label,
            f"{start.rate:g}",
            "overflows" if start.lost else f"{start.loss:.3g}",
            f"{start.low:.3g} to {start.high:.3g}" if np.isfinite(start.low) else "",
            percent(start.accuracy) if np.isfinite(start.accuracy) else "–",
            f"{start.training_loss:.3g}" if np.isfinite(start.training_loss) else "–",
            *(f"{factor[1]:.2f}" if np.isfinite(factor[1]) else "–" for factor in (start.forward, start.backward)),
            start.standing,
        )
        rows.append(row)
    return align_columns(rows)


def format_laws(question: Question) -> str:
    """Every law's std in each layer, and its names."""
    count = len(question.sizes) - 1
    layers = range(count) if count <= 4 else (0, 1, count - 2, count - 1)
    fans = list(pairwise(question.sizes))
    rows = [("law", *(f"std W{layer + 1}" for layer in layers), *SOURCES)]
    for name, law in INITIALIZERS.items():
        stds = (f"{law.std(*fans[layer], question.activation):.4g}" for layer in layers)
        names = (mark_name(name, library) for library in SOURCES)
        rows.append((law.label, *stds, *names))
    marks = "† truncated at two standard deviations.  * means something else elsewhere:"
    return "\n".join([align_columns(rows), marks, *(strip_markdown(sentence) for sentence in describe_clashes())])


def format_report(advice: Advice, initializer: str | None = None) -> str:
    """The table, the recommendation, the names, and the code of the recommended or a named start."""
    question, found = advice.measured.question, verdict(advice)
    chosen = initializer or (advice.recommended.name if advice.recommended else "")
    parts = [
        *filter(None, (question.described, question.skip_note)),
        strip_markdown(found.sentence),
        format_table(advice),
        found.details,
        format_laws(question),
    ]
    for library in LIBRARIES if chosen else ():
        title = strip_markdown(name_in(chosen, library))
        parts.append(f"# {library}: {title}\n\n{advice.write_code(library, chosen)}")
    return "\n\n".join(parts)


def strip_markdown(markdown: str) -> str:
    return re.sub(r"[*`$]|\\text|\\max", "", markdown).replace("_{l-1}", "_in").replace("n_l", "n_out")


if __name__ == "__main__":
    sys.exit(main())
