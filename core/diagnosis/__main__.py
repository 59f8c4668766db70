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
    parser.add_argument("file", type=Path, help=".npz or .safetensors")
    parser.add_argument("other", type=Path, nargs="?", help="a second file, after training or reloaded, to compare")
    parser.add_argument("--activation", default="relu", choices=ACTIVATIONS, help="of the hidden layers")
    parser.add_argument("--layout", choices=LAYOUTS, help="the output's axis, where the file does not tell")
    given = parser.parse_args(arguments)
    try:
        files = [weights.read(path.name, path.read_bytes(), _LIMIT) for path in (given.file, given.other) if path]
        diagnosis = diagnose(files[0], given.activation, given.layout)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(verdict(diagnosis).sentence, "", sep="\n")
    for finding in findings(diagnosis):
        print(f"{finding.status:8} {finding.sentence}")
    table = rows(diagnosis)
    widths = {column: max(len(column), *(len(row[column]) for row in table)) for column in table[0]}
    print("", "  ".join(f"{column:{width}}" for column, width in widths.items()), sep="\n")
    for row in table:
        print("  ".join(f"{row[column]:{width}}" for column, width in widths.items()).rstrip())
    if len(files) == 2:
        print("", *compare(*files).sentences(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
