"""What stored weights are, and what is wrong: `python -m core.diagnosis weights.safetensors [other.safetensors]`."""

import argparse
from pathlib import Path

from core.activations import ACTIVATIONS
from core.diagnosis import compare, diagnose, findings, rows, verdict
from core.files import weights
from core.wording import align_columns


def main(arguments: list[str] | None = None) -> None:
    """Print the diagnosis of a file, and with a second one what differs; exit with 2 if one cannot be used."""
    parser = argparse.ArgumentParser("python -m core.diagnosis", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", help=".npz or .safetensors; a second one is compared")
    parser.add_argument("--activation", default="relu", choices=ACTIVATIONS, help="of the hidden layers")
    options = parser.parse_args(arguments)
    try:
        files = [weights.read(path.name, path.read_bytes(), limit=2**34) for path in options.files[:2]]
        diagnosis = diagnose(files[0], options.activation)
    except (ValueError, OSError) as error:
        parser.error(str(error))
    print(verdict(diagnosis).sentence, "", sep="\n")
    print(*(f"{finding.status:8} {finding.sentence}" for finding in findings(diagnosis)), "", sep="\n")
    table = rows(diagnosis)
    print(align_columns([list(table[0]), *(list(row.values()) for row in table)]))
    if files[1:]:
        print("", *compare(*files), sep="\n")


if __name__ == "__main__":
    main()
