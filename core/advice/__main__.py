"""Which initializer for a network: `python -m core.advice 784 512 512 10`, or `--csv data.csv --target y 512 512`."""

import argparse
import re
import sys
from pathlib import Path

import numpy as np

from core.activations import ACTIVATIONS
from core.advice import NOISE, Advice, InitializerOutcome, Question, advise, measure, name_in, tabulate_laws, verdict
from core.advice.library_names import LIBRARIES, describe_clashes
from core.advice.question import TARGET_SCALINGS
from core.advice.sizes import parse_sizes
from core.advice.snippets import LIBRARIES as WRITERS
from core.advice.snippets import Design, snippet
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

Network = tuple[tuple[int, ...], str, str | Dataset]  # sizes, output and data


def main(arguments: list[str] | None = None) -> int:
    """Print the advice for the sizes asked about; 0, or 2 where they are no network, which stderr says."""
    given = _parser().parse_args(arguments)
    try:
        sizes, output, data = _read_table(given) if given.csv else _bundled(given)
        loss, scalings = OUTPUTS[output], (given.scaling, given.target_scaling)
        clip = None if given.clip is None else Clip("norm", given.clip)
        question = Question(
            *(sizes, given.activation, loss, data, *scalings, given.optimizer, clip, given.prior_bias, given.seed),
            normalization=given.normalization,
            skip=given.skip,
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    advice = advise(measure(question, _say, MEMORY))
    print("\r" + " " * 20 + "\r", end="", file=sys.stderr)
    print(format_report(advice, given.initializer))
    return 0


def _bundled(given: argparse.Namespace) -> Network:
    sizes = parse_sizes(" ".join(given.sizes))
    return sizes, given.output or ("softmax" if sizes[-1] > 1 else "linear"), given.data


def _read_table(given: argparse.Namespace) -> Network:
    """The network between the ends that a table gives it, and its data; prints what there is to say of its columns."""
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
    parser.add_argument(
        "sizes", nargs="*", help="layer sizes, inputs first, outputs last: 784 512 512 10; of a table the hidden ones"
    )
    parser.add_argument("--csv", help="a table to measure on, which also gives the sizes of inputs and outputs")
    parser.add_argument("--target", help="the column to predict; else the last that can be predicted")
    parser.add_argument(
        "--leave-out", action="append", help="a column that is no input, once for each; else those that only name rows"
    )
    parser.add_argument("--activation", default="relu", choices=ACTIVATIONS, help="of the hidden layers")
    parser.add_argument(
        "--output", choices=OUTPUTS, help="with the loss that belongs to it; softmax, or linear for one"
    )
    parser.add_argument("--data", default=NOISE, choices=DATASETS, help="noise: unit Gaussian, of the network's size")
    parser.add_argument("--scaling", default="standardized", choices=SCALINGS, help="of the inputs")
    parser.add_argument("--target-scaling", default="standardized", choices=TARGET_SCALINGS, help="of a quantity")
    parser.add_argument("--optimizer", default="adam", choices=OPTIMIZERS, help="each with learning rates of its own")
    parser.add_argument("--clip", type=float, help="the largest norm of the whole gradient; else it is not clipped")
    parser.add_argument(
        "--prior-bias", action="store_true", help="start output biases at the class prior, of an imbalanced table"
    )
    parser.add_argument("--normalization", default="none", choices=NORMALIZATIONS, help="of hidden layers")
    parser.add_argument(
        "--skip", type=int, default=0, choices=range(MAX_SKIP + 1), help="layers that a skip connection passes by"
    )
    parser.add_argument("--initializer", choices=INITIALIZERS, help="whose code to write; else the recommended one")
    parser.add_argument("--seed", type=int, default=0, help="of draws and batches")
    return parser


def _say(fraction: float) -> None:
    if sys.stderr.isatty():
        print(f"\rmeasuring {fraction:.0%} ", end="", file=sys.stderr, flush=True)


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


if __name__ == "__main__":
    sys.exit(main())
