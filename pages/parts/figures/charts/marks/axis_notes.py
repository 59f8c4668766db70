"""Marks for what an axis cannot hold: exact zeros on the floor of a logarithmic one, words for what is no number."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from core.wording import number, whole_span
from pages.parts.figures.charts.marks import playing, survivors, tooltips
from pages.parts.figures.charts.marks.scales import Axes
from pages.parts.figures.theme import ChartTheme


def note_y(place: int, theme: ChartTheme) -> float:
    """How far below the top of a chart a row of words stands, in pixels."""
    return theme.size(10 + 22 * place)


def corner_note(words: str, theme: ChartTheme, place: int = 0) -> alt.Chart:
    """Words of alarm in the top left corner, in a row of their own."""
    return _alarm(alt.Chart(pd.DataFrame({"words": [words]})), theme, note_y(place, theme))


def _words_at(words: Mapping[int, str], theme: ChartTheme, y: float) -> list[alt.Chart]:
    """Such words at records that need them, while these are shown; nothing where none does."""
    table = pd.DataFrame({"record": list(words), "words": list(words.values())})
    return [_alarm(playing.select_record(table), theme, y)] if words else []


def lost_layers(table: pd.DataFrame, theme: ChartTheme) -> list[alt.Chart]:
    """Words of alarm, record by record, about the layers where some seeds have no number, and where none has.

    The former above the chart: in it there is something left to see.
    """
    some, gone = {}, {}
    for record, rows in table.groupby("record"):
        partial, none = rows[survivors.is_partial(rows)], rows[rows["left"] == 0]
        if len(partial):
            first = partial["layer"].min()
            some[record] = survivors.seeds_left(partial) + (f" from layer {first}" if first > 1 else "")
        if len(none):
            layers = none["layer"]
            gone[record] = f"layer{'' if layers.nunique() == 1 else 's'} {whole_span(layers)}: overflowed"
    return [*_words_at(gone, theme, note_y(0, theme)), *_words_at(some, theme, -theme.size(9))]


def _alarm(chart: alt.Chart, theme: ChartTheme, y: float) -> alt.Chart:
    words = chart.mark_text(align="left", dx=theme.size(8), fontWeight="bold", color=theme.alarm)
    return words.encode(x=alt.XValue(0), y=alt.YValue(y), text=alt.Text("words:N"))


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
    """A mark of this shape for every row, and the word at the first row of each record; nothing for an empty table."""
    if table.empty:
        return []
    marks = playing.select_record(table).mark_point(shape=shape, filled=True, size=theme.size(90), opacity=1)
    down = theme.size(-12 if shape == "triangle-down" else 14)
    words = (
        playing.select_record(pd.concat([rows.head(1) for rows in playing.records(table)]))
        .mark_text(align="left", dx=theme.size(8), dy=down, color=theme.quiet)
        .encode(x=x, y=y, text=alt.TextValue(word))
    )
    return [marks.encode(x=x, y=y, color=hue, tooltip=[*tips]), words]


def variant_marks(table: pd.DataFrame, axes: Axes, shape: str, word: str) -> list[alt.Chart]:
    """The same in the variants' colors, of a table of sizes over seeds."""
    if table.empty:  # as it mostly is
        return []
    tips = [tooltips.NETWORK, tooltips.PLACES[axes.along], tooltips.words("value", f"{axes.y.title}, median")]
    is_number = word in ("larger", "smaller")
    table = table.sort_values(axes.along)
    table = table.assign(value=[number(size, 3) if is_number else word for size in table["size"].tolist()])
    if survivors.is_partial(table).any():
        table, tips = survivors.with_counts(table), [*tips, survivors.count_tooltip()]
    return marks(table, axes.x, axes.y.y("middle"), axes.hue, axes.theme, tips, word, shape)
