"""What stored weights are, and what is wrong: `python -m core.diagnosis weights.safetensors [other.safetensors]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.activations import ACTIVATIONS
from core.diagnosis import LAYOUTS, compare, diagnose, findings, rows, verdict
from core.files import weights

_LIMIT = 2**34  # bytes of a file: one's own machine's to bear


def main(arguments: list[str] | None = None) -> int:
    """Print the diagnosis of a file, and with a second one what differs; 0, or 2 where a file cannot be used."""
    parser = argparse.ArgumentParser("python -m core.diagnosis", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help=".npz or .safetensors; of a second one, what differs")
    parser.add_argument("--activation", default="relu", choices=ACTIVATIONS, help="of the hidden layers")
    parser.add_argument("--layout", choices=LAYOUTS, help="the output's axis, where the file does not tell")
    options = parser.parse_args(arguments)
    try:
        files = [weights.read(path.name, path.read_bytes(), _LIMIT) for path in options.files[:2]]
        diagnosis = diagnose(files[0], options.activation, options.layout)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    table = rows(diagnosis)
    cells = [list(table[0]), *(list(row.values()) for row in table)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    print(verdict(diagnosis).sentence, "", sep="\n")
    print(*(f"{finding.status:8} {finding.sentence}" for finding in findings(diagnosis)), "", sep="\n")
    for texts in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(texts, widths, strict=True)).rstrip())
    for other in files[1:]:
        print("", *compare(files[0], other), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
