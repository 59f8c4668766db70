"""Which initializer for a network: `python -m core.advice 784 512 512 10 --activation relu`."""

from __future__ import annotations

import argparse
import sys

from core.activations import ACTIVATIONS
from core.advice import NOISE, Question, advise, measure, report
from core.advice.sizes import parse
from core.datasets import DATASETS, SCALINGS
from core.initializers import INITIALIZERS
from core.losses import LOSSES

OUTPUTS = {loss.output: loss.name for loss in LOSSES.values()}


def main(arguments: list[str] | None = None) -> int:
    """Print the advice for the sizes asked about; 0, or 2 where they are no network, which stderr says."""
    given = _parser().parse_args(arguments)
    try:
        sizes = parse(" ".join(given.sizes))
        output = given.output or ("softmax" if sizes[-1] > 1 else "linear")
        question = Question(sizes, given.activation, OUTPUTS[output], given.data, given.scaling, given.seed)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    advice = advise(measure(question, _say))
    print("\r" + " " * 20 + "\r", end="", file=sys.stderr)
    print(report.text(advice, given.initializer))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m core.advice", description=__doc__)
    parser.add_argument("sizes", nargs="+", help="layer sizes, inputs first, outputs last: 784 512 512 10")
    parser.add_argument("--activation", default="relu", choices=ACTIVATIONS, help="of the hidden layers")
    parser.add_argument(
        "--output", choices=OUTPUTS, help="with the loss that belongs to it; softmax, or linear for one"
    )
    parser.add_argument("--data", default=NOISE, choices=DATASETS, help="noise: unit Gaussian, of the network's size")
    parser.add_argument("--scaling", default="standardized", choices=SCALINGS, help="of the inputs")
    parser.add_argument("--initializer", choices=INITIALIZERS, help="whose code to write; else the recommended one")
    parser.add_argument("--seed", type=int, default=0, help="of draws and batches")
    return parser


def _say(fraction: float) -> None:
    if sys.stderr.isatty():
        print(f"\rmeasuring {fraction:.0%} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
