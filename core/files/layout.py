"""How a CSV file is written: encoding, delimiter, decimal mark, and where its data begin."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice

from core.files.columns import MISSING, WORDS, has_decimal_comma, is_value

MOST_BYTES, MOST_COLUMNS = 20_000_000, 2_000
SAMPLE, GUESSED, LONGEST_LINE = 100, 25, 1_000_000  # lines; those that columns are guessed by; characters of one
DELIMITERS = ("\t", ";", "|", ",", " ")  # of those that split the lines equally well, the first
_BYTE_ORDERS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_NO_TEXT = "The file is not a text; save the table as CSV UTF-8."

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Layout:
    """What is known of a file from its first lines."""

    encoding: str
    delimiter: str
    decimal_comma: bool | None  # None where that is for each column to tell
    above: int  # lines above the data
    first: tuple[str, ...]  # the cells of the table's first line
    has_names: bool  # whether those are the columns' names
    width: int  # cells of the usual line: one more than names with row names, or a delimiter at its end
    notes: tuple[str, ...]  # a sentence for each thing that was guessed


def find_layout(raw: bytes, has_names: bool | None = None) -> Layout:
    """The layout; whether the first line has the names is guessed unless given. ValueError if no table."""
    encoding, lines = _read_lines(raw)
    notes = ["It is not UTF-8, and read as Windows-1252."] if encoding in ("cp1252", "latin-1") else []
    marked = re.fullmatch(r'"?sep=([\t;|, ])"?\s*', lines[0])
    try:
        delimiter = marked[1] if marked else _find_delimiter(lines)
        rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    except csv.Error:
        raise ValueError(_NO_TEXT) from None
    width = _usual_width(rows)
    if not 2 <= width <= MOST_COLUMNS:
        columns = "one column" if width == 1 else f"{width:,} columns"
        raise ValueError(f"The table has {columns}; it may have from 2 to {MOST_COLUMNS:,}, with the target.")
    # The table begins at a line of the usual width, or one cell less: without a name for row names.
    long = [line for line, row in enumerate(rows) if line >= bool(marked) and len(row) >= max(2, width - 1)]
    is_title = len(long) > 1 and len(rows[long[0]]) < width and _holds_units(rows[long[1]], rows[long[1] + 1 :])
    top = long[is_title]
    if any(chain(*rows[bool(marked) : top])):
        notes.append("What stands above the table is left out.")
    first, data = rows[top], rows[top + 1 :]
    wide = next((line for line, row in enumerate(data) if len(row) > max(width, len(first)) + 1), None)
    if wide is not None:
        raise ValueError(f"Line {top + 2 + wide} has {len(data[wide])} fields; line {top + 1} has {len(first)}.")
    if has_names is None:
        has_names = not _looks_like_data(first, data)
        notes += ["Its first line looks like data, so that the columns are numbered."] * (not has_names)
    above = top + has_names
    if has_names and data and _holds_units(data[0], data[1:]):
        above += 1
        notes.append(f"Line {above} holds units: left out.")
    comma = delimiter != "," and has_decimal_comma(chain(*data))
    notes += ["Decimal commas are read as points."] * bool(comma)
    return Layout(encoding, delimiter, comma, above, tuple(first), has_names, width, tuple(notes))


def _read_lines(raw: bytes) -> tuple[str, list[str]]:
    """The encoding, and the first lines."""
    if len(raw) > MOST_BYTES:
        raise ValueError(f"The file has {len(raw) / 1e6:.0f} MB; a CSV may have up to {MOST_BYTES / 1e6:.0f} MB.")
    if raw.startswith(b"PK\x03\x04"):
        raise ValueError("The file is a workbook or an archive; save the table as CSV UTF-8.")
    known = next((name for mark, name in _BYTE_ORDERS.items() if raw.startswith(mark)), None)
    if known != "utf-16" and re.search(rb"[\0-\x08\x0e-\x1f]", raw):
        raise ValueError(_NO_TEXT)
    for encoding in [known] if known else ["utf-8", "cp1252", "latin-1"]:
        with suppress(UnicodeError):
            raw.decode(encoding)
            break
    else:
        raise ValueError(_NO_TEXT)
    lines = list(islice(io.TextIOWrapper(io.BytesIO(raw), encoding), SAMPLE))
    if not any(map(str.strip, lines)):
        raise ValueError("The file is empty.")
    if max(map(len, lines)) > LONGEST_LINE:
        raise ValueError(f"A line has more than {LONGEST_LINE:,} characters; a table has one line for each example.")
    return encoding, lines


def _find_delimiter(lines: Sequence[str]) -> str:
    """The one that splits the largest share of the lines into equally many cells."""

    def share(delimiter: str) -> float:
        rows = [row for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
        width = _usual_width(rows)
        # A cell with a quote in it was cut within a text.
        full_rows = [row for row in rows if len(row) == width > 1 and '"' not in "".join(row)]
        return len(full_rows) / len(rows) * (0.9 if delimiter == " " else 1)  # texts have spaces, too

    return max(DELIMITERS, key=share)


def _usual_width(rows: Rows) -> int:
    """The number of cells that most lines have; the larger one where there are as many of either."""
    widths = Counter(len(row) for row in rows if row)
    return max(widths, key=lambda width: (widths[width], width))


def _numeric(rows: Rows, width: int) -> list[bool]:
    columns = zip(*[row for row in rows if len(row) == width][:GUESSED], strict=True)
    return [2 * sum(map(is_value, column)) > len(column) for column in columns]


def _looks_like_data(first: Sequence[str], data: Rows) -> bool:
    """Numbers stand where the columns have numbers, and where they have texts stands one of these."""
    numeric = _numeric(data, len(first))
    numbers = [cell for cell, is_numeric in zip(first, numeric, strict=False) if is_numeric]
    if not numbers or not all(map(is_value, numbers)):
        return False
    if len(numbers) > 1 and re.fullmatch("[0-9]{1,9}", numbers[0]):
        start = int(numbers[0])
        if numbers == [str(start + place) for place in range(len(numbers))]:
            return False  # columns are named 0, 1, 2, … or 2019, 2020, …
    texts = [column for column, is_numeric in enumerate(numeric) if not is_numeric]
    full = [row for row in data if len(row) == len(first)]
    return not texts or any(first[column] == row[column] for column in texts for row in full)


def _holds_units(line: Sequence[str], data: Rows) -> bool:
    """Whether a line has no number in any column of numbers, and in one a text."""
    cells = [cell for cell, is_numeric in zip(line, _numeric(data, len(line)), strict=False) if is_numeric]
    return bool({cell.strip(" ?.-") for cell in cells} - {*MISSING, *WORDS}) and not any(map(is_value, cells))
