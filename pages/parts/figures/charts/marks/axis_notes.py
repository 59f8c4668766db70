"""Marks for what an axis cannot hold: exact zeros on a logarithmic one, and what is no number."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core.wording import number, whole_span
from pages.parts.figures.charts.marks import line_marks, playing, tooltips
from pages.parts.figures.charts.marks.scales import Axes
from pages.parts.figures.theme import ChartTheme


def note_y(place: int, theme: ChartTheme) -> float:
    """How far below the top of a chart a row of words stands, in pixels."""
    return theme.size(10 + 22 * place)


def corner_notes(notes: Sequence[str], theme: ChartTheme) -> list[alt.Chart]:
    """Words of alarm in the top left corner, each in a row of its own."""
    rows = [pd.DataFrame({"words": [words]}) for words in notes]
    return [_alarm(row, theme, note_y(place, theme)) for place, row in enumerate(rows)]


def lost_layers(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    """Words of alarm about layers where no seed has a number, and, above the chart, where some have."""
    some, gone = [], []
    for record, rows in table.groupby("record"):
        partial, lost = rows[line_marks.is_partial(rows)], rows.loc[rows["left"] == 0, "layer"]
        if len(partial):
            first = partial["layer"].min()
            words = line_marks.seeds_left(partial) + (f" from layer {first}" if first > 1 else "")
            some.append({"record": record, "words": words})
        if len(lost):
            layers = f"layer{'' if lost.nunique() == 1 else 's'} {whole_span(lost)}"
            gone.append({"record": record, "words": f"{layers}: overflowed"})
    places = ((gone, note_y(0, theme)), (some, -theme.size(9)))
    return [_alarm(pd.DataFrame(notes), theme, y) for notes, y in places if notes]


def _alarm(table: pd.DataFrame, theme: ChartTheme, y: float) -> alt.Chart:
    return playing.write_words(table, alt.XValue(0), alt.YValue(y), dx=theme.size(8), color=theme.alarm)


def marks(
    table: pd.DataFrame,
    x: alt.X,
    y: alt.Y,
    hue: alt.Color | alt.ColorValue,
    theme: ChartTheme,
    tips: Sequence[alt.Tooltip],
    word: str = "exactly 0",
    shape: str = "triangle-down",
) -> list[alt.Chart]:
    """A mark of this shape for every row, and the word at the first row of each record."""
    if table.empty:
        return []
    marks = playing.select_record(table).mark_point(shape=shape, filled=True, size=theme.size(90), opacity=1)
    down = theme.size(-12 if shape == "triangle-down" else 14)
    words = playing.select_record(table.groupby(playing.records_of(table)).head(1))
    words = words.mark_text(align="left", dx=theme.size(8), dy=down, color=theme.quiet)
    return [marks.encode(x=x, y=y, color=hue, tooltip=[*tips]), words.encode(x=x, y=y, text=alt.TextValue(word))]


def variant_marks(table: pd.DataFrame, axes: Axes, shape: str, word: str) -> list[alt.Chart]:
    """Marks and their word, as `marks` makes them, in the variants' colors, of a table of sizes over seeds."""
    if table.empty:  # as it mostly is
        return []
    tips = [tooltips.NETWORK, tooltips.PLACES[axes.along], tooltips.words("value", f"{axes.y.title}, median")]
    is_number = word in ("larger", "smaller")
    table = table.sort_values(axes.along)
    table = table.assign(value=[number(size, 3) if is_number else word for size in table["size"].tolist()])
    if line_marks.is_partial(table).any():
        table, tips = line_marks.with_counts(table), [*tips, tooltips.SEEDS_LEFT]
    return marks(table, axes.x, axes.y.y("middle"), axes.hue, axes.theme, tips, word, shape)
