"""A CSV file as a Table of columns, and which are its target and inputs by default."""

import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count

import pandas as pd

from core.files.columns import MISSING, WORDS, Column, is_value, read_column
from core.files.layout import Layout, find_layout
from core.wording import count_things

FEWEST_ROWS, MOST_ROWS, MOST_CELLS, MOST_CLASSES = 40, 100_000, 4_000_000, 100
SEED = 0  # of the rows that are taken of too many, and of those that are tested on
FEW_CLASSES, ROWS_PER_CLASS = 10, 10  # whole numbers name classes where they are so few, and so often each
USUAL_INPUTS = ("numbers", "categories")  # kinds of columns


@dataclass(frozen=True)
class Table:
    """At most MOST_ROWS rows and MOST_CELLS cells, by column name in the order of the file."""

    columns: dict[str, Column]
    has_names: bool  # whether the first line was taken for the columns' names
    notes: tuple[str, ...]  # a sentence for each thing that was guessed about the file as a whole


def read(raw: bytes, has_names: bool | None = None) -> Table:
    """The table; whether its first line has names is guessed unless given. ValueError if there is none."""
    layout = find_layout(raw, has_names)
    frame = _parse(raw, layout, MISSING, [])
    words = _words_for_missing(frame, raw.decode(layout.encoding))
    pointed = list(frame.select_dtypes(exclude="int")) if layout.decimal_comma is None else []
    if words or pointed:  # again: a number does not show whether 9.784 is one of thousands
        frame = _parse(raw, layout, {*MISSING, *words}, pointed)
    if len(frame) < FEWEST_ROWS:
        raise ValueError(f"The table has {count_things(len(frame), 'row')}; at least {FEWEST_ROWS} are needed.")
    notes = layout.notes
    most = max(FEWEST_ROWS, min(MOST_ROWS, MOST_CELLS // frame.shape[1]))
    if len(frame) > most:
        notes += (f"Of {len(frame):,} rows {most:,} were taken at random.",)
        frame = frame.sample(most, random_state=SEED).sort_index()
    columns = _read_columns(frame, layout)
    if len(columns) < 2:
        raise ValueError("The table has one column; it needs two or more, the inputs and the target.")
    return Table(columns, layout.has_names, notes)


def _words_for_missing(frame: pd.DataFrame, text: str) -> set[str]:
    """Those among numbers, dates, TRUE and FALSE, or bare among quoted texts; others may be classes."""
    found = set()
    for column in frame.select_dtypes(exclude=["number", "bool"]):
        cells = frame[column]
        is_word = cells.isin(WORDS)
        words = set(cells[is_word])
        others = cells[~is_word].dropna().head(100).tolist() if words else []
        if 2 * sum(map(is_value, others)) < len(others):
            words = {word for word in words if f'"{others[0]}"' in text and f'"{word}"' not in text}
        found |= words
    return found


def _parse(raw: bytes, layout: Layout, missing: Collection[str], as_text: Collection[int]) -> pd.DataFrame:
    """The columns by position, the rows by line; one column more is read, to see that it is empty."""
    named = len(layout.first)
    width = max(layout.width, named)
    try:
        frame = pd.read_csv(
            io.BytesIO(raw),
            encoding=layout.encoding,
            sep=r"\s+" if layout.delimiter == " " else layout.delimiter,
            decimal="," if layout.decimal_comma else ".",
            dtype=dict.fromkeys(as_text, str),
            keep_default_na=False,
            na_values=missing,
            header=None,
            names=range(width + 1),
            index_col=False,
            skiprows=layout.above,
            skipinitialspace=True,
            skip_blank_lines=False,
            low_memory=False,
        )
    except pd.errors.EmptyDataError:
        raise ValueError("The table has no rows.") from None
    except (ValueError, OverflowError) as error:
        found = re.search(r"in line (\d+), saw (\d+)", str(error))
        if found:
            raise ValueError(f"Line {found[1]} has {found[2]} fields; the table's first line has {named}.") from None
        raise ValueError("The file is no CSV: a quotation mark is opened and not closed.") from None
    frame.index = pd.RangeIndex(layout.above + 1, layout.above + 1 + len(frame))
    surplus = frame.pop(width).dropna()
    if len(surplus):
        raise ValueError(f"Line {surplus.index[0]} has {width + 1} fields; the table's first line has {named}.")
    if width > named and frame[named].isna().all():
        frame.pop(named)  # lines end in a delimiter
    blank = frame.isna().all(axis=1)
    return frame[~blank] if blank.any() else frame


def _read_columns(frame: pd.DataFrame, layout: Layout) -> dict[str, Column]:
    """The columns under names of their own, but for those that have neither a name nor a value."""
    names = layout.first if layout.has_names else ()
    if frame.shape[1] > len(layout.first):
        names = ("", *names)  # of the rows
    columns: dict[str, Column] = {}
    for position, cells in frame.items():
        raw = names[position].strip() if position < len(names) else ""
        written = "".join(c for c in raw if c.isprintable() and c != "`")[:60]
        base = written or f"column {position + 1}"
        candidates = chain([base], (f"{base} ({copy})" for copy in count(2)))
        name = next(candidate for candidate in candidates if candidate not in columns)
        notes = ("without a name in the file",) if layout.has_names and not written else ()
        if name != base:
            notes = (f"another column named {base}",)
        is_label = layout.has_names and not position and not written
        column = read_column(name, cells, layout.decimal_comma, is_label, notes)
        if written or column.kind != "empty":
            columns[name] = column
    return columns


def outputs(table: Table, target: str) -> tuple[str, ...]:
    """Which outputs a target goes with, the likeliest first. ValueError where it cannot be a target."""
    if target not in table.columns:
        raise ValueError(f"The table has no column {target}; its columns are {', '.join(table.columns)}.")
    fitting = _fitting(table.columns[target])
    if not fitting:
        raise ValueError(f"{target} cannot be the target: it has to hold numbers, or 2 to {MOST_CLASSES} classes.")
    return fitting


def _fitting(column: Column) -> tuple[str, ...]:
    values = column.values.dropna()
    different = values.nunique()
    classes = ("sigmoid", "softmax") if different == 2 else ("softmax",) if 2 < different <= MOST_CLASSES else ()
    if not column.is_numeric or different < 2:
        return classes
    are_whole = (values % 1 == 0).all()
    names_classes = are_whole and different <= FEW_CLASSES and len(values) >= ROWS_PER_CLASS * different
    return (*classes, "linear") if different == 2 or names_classes else ("linear", *classes)


def likely_target(table: Table) -> str:
    """The last column that can be one, of numbers or categories if any of these can. ValueError if none."""
    possible = [name for name, column in reversed(table.columns.items()) if _fitting(column)]
    if not possible:
        raise ValueError(f"No column can be the target: one of numbers, or of 2 to {MOST_CLASSES} classes, is needed.")
    return next((name for name in possible if table.columns[name].kind in USUAL_INPUTS), possible[0])


def likely_left_out(table: Table, target: str) -> list[str]:
    """The columns that are no inputs by default; if that were all, the last row numbers or dates are one."""
    columns = [column for name, column in table.columns.items() if name != target]
    values = table.columns[target].values
    left_out = [column.name for column in columns if column.kind not in USUAL_INPUTS or column.values.equals(values)]
    if len(left_out) == len(columns):
        counting = [column.name for column in columns if column.kind in ("row numbers", "dates")]
        left_out = [name for name in left_out if name not in counting[-1:]]
    return left_out
