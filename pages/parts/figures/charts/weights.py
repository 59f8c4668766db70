"""Charts of a diagnosis: weights beside the laws, their singular values, and what passes through them."""

from __future__ import annotations

import altair as alt
import pandas as pd

from core.wording import number
from pages.parts.figures.charts.marks import alt_text, axis_notes, stacked, tooltips
from pages.parts.figures.charts.marks.names import LABEL_GAP
from pages.parts.figures.charts.marks.scales import LogAxis, Shared, spread_labels, whole_ticks
from pages.parts.figures.theme import ChartTheme

ROOM = 0.55  # right of the last layer, for the names of lines, as a share of the layers


def stds(measured: pd.DataFrame, laws: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The std of every layer's weights as a dot, the laws as lines, each named at its end; tables.weights.stds."""
    axis = LogAxis.spanning(measured["std"], laws["std"])
    x, y = _layers(laws), Shared.log("standard deviation of the weights", axis)
    names = laws.drop_duplicates("initializer")
    hue = alt.Color(
        "variant:N",
        scale=alt.Scale(domain=list(names["variant"]), range=[theme.initializer(n) for n in names["initializer"]]),
        legend=None,
    )
    base = alt.Chart(laws)
    line = base.mark_line(interpolate="step", strokeWidth=theme.size(2)).encode(x=x, y=y.y("std"), color=hue)
    ends = laws[laws["layer"] == laws["layer"].max()]
    placed = ends.assign(at=_spread_positions(ends["std"], axis))
    labels = (
        alt.Chart(placed)
        .mark_text(align="left", dx=theme.size(12), fontSize=theme.size(13), fontWeight="bold")
        .encode(x=x, y=y.y("at"), text=alt.Text("variant:N"), color=hue)
    )
    drawn = measured.assign(shown=axis.place(measured["std"]))
    tips = [tooltips.LAYER, tooltips.words("like", "most like"), tooltips.value("std", "standard deviation")]
    dots = (
        alt.Chart(drawn[drawn["std"] > 0])
        .mark_circle(size=theme.size(110), opacity=1, color=theme.ink)
        .encode(x=x, y=y.y("shown"), tooltip=tips)
    )
    zeros = axis_notes.zeros(drawn[drawn["std"] == 0], x, y.y("shown"), alt.value(theme.ink), theme, tips)
    description = alt_text.lines(laws, "layer", "Standard deviation of the weights by each law", of="std")
    if len(measured):
        own = alt_text.lines(measured, "layer", "Standard deviation of these weights", by=None, of="std")
        description = f"{own} {description}"
    return stacked(line, labels, dots, *zeros, description=description)


def spectra(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """Every layer's singular values as ticks, one above the other; tables.weights.spectra."""
    axis = LogAxis.spanning(table["value"])
    x, y = _layers(table), Shared.log("singular value of W⁽ˡ⁾", axis)
    drawn = table.assign(shown=axis.place(table["value"]))
    tips = [tooltips.LAYER, tooltips.value("value", "singular value")]
    width = theme.size(max(4, min(28, 240 / max(1, int(table["layer"].max())))))
    ticks = (
        alt.Chart(drawn[drawn["value"] > 0])
        .mark_tick(orient="horizontal", thickness=theme.size(1.2), size=width, opacity=0.7, color=theme.ink)
        .encode(x=x, y=y.y("shown"), tooltip=tips)
    )
    zero = drawn[drawn["value"] == 0].drop_duplicates("layer")
    ends = table.groupby("layer")["value"].agg(largest="max", smallest="min").reset_index().melt("layer")
    description = alt_text.lines(ends, "layer", "Singular values", by="variable", of="value")
    floor = axis_notes.zeros(zero, x, y.y("shown"), alt.value(theme.alarm), theme, tips, "0, to rounding")
    return stacked(ticks, *floor, description=description)


def signals(table: pd.DataFrame, theme: ChartTheme) -> alt.LayerChart:
    """The signal forward and the gradient back by layer, theory dashed; tables.weights.signals."""
    axis = LogAxis.spanning(table["expected"], table["measured"], [0.5, 2.0])
    x, y = _layers(table), Shared.log("rms for inputs of size 1", axis)
    whats = list(dict.fromkeys(table["what"]))
    hue = alt.Color("what:N", scale=alt.Scale(domain=whats, range=[theme.ink, theme.quiet]), legend=None)
    placed = table.assign(
        expected=axis.place(table["expected"]), measured=axis.place(table["measured"]), known=table["measured"]
    )
    placed["theory"] = [number(size, 3) if size == size else "unknown" for size in table["expected"].tolist()]
    tips = [tooltips.words("what", "of"), tooltips.LAYER, tooltips.value("known", "measured rms")]
    tips.append(tooltips.words("theory", "rms in theory"))
    ends = pd.DataFrame({"layer": [0.5, table["layer"].max() + 0.4], "one": 1.0})
    unchanged = alt.Chart(ends).mark_line(color=theme.quiet, opacity=0.5, strokeWidth=1).encode(x=x, y=y.y("one"))
    theory = alt.Chart(placed.dropna(subset=["expected"])).mark_line(strokeDash=[3, 3], strokeWidth=theme.size(1.8))
    sent = placed.dropna(subset=["measured"])
    base = alt.Chart(sent[sent["known"] > 0])
    charts = [unchanged, theory.encode(x=x, y=y.y("expected"), color=hue)]
    if len(sent):
        charts += [
            base.mark_line(strokeWidth=theme.size(2.5)).encode(x=x, y=y.y("measured"), color=hue),
            base.mark_circle(size=theme.size(50), opacity=1).encode(x=x, y=y.y("measured"), color=hue, tooltip=tips),
            *axis_notes.zeros(sent[sent["known"] == 0], x, y.y("measured"), hue, theme, tips),
        ]
    shown = table.assign(size=table["measured"].fillna(table["expected"]))
    description = alt_text.lines(
        shown, "layer", "Rms of the signal and of the gradient for inputs of size 1", by="what", of="size"
    )
    return stacked(*charts, _named(placed, x, y, axis, hue, theme), description=description)


def _named(placed: pd.DataFrame, x: alt.X, y: Shared, axis: LogAxis, hue: alt.Color, theme: ChartTheme) -> alt.Chart:
    """Each line's name where it starts out: the signal's after the last layer, the gradient's before the first."""
    shown = placed.assign(at=placed["measured"].fillna(placed["expected"])).dropna(subset=["at"])
    ends = shown.loc[shown.groupby("what", sort=False)["layer"].idxmax()]
    ends = ends.assign(at=_spread_positions(ends["at"], axis))
    return (
        alt.Chart(ends)
        .mark_text(align="left", dx=theme.size(12), fontSize=theme.size(13), fontWeight="bold")
        .encode(x=x, y=y.y("at"), text=alt.Text("what:N"), color=hue)
    )


def _spread_positions(values: pd.Series, axis: LogAxis) -> list[float]:
    return [axis.value_at(place) for place in spread_labels([axis.position(value) for value in values], LABEL_GAP)]


def _layers(table: pd.DataFrame) -> alt.X:
    """Layers from 1, with room on the right for the names of lines."""
    last = int(table["layer"].max())
    return alt.X(
        "layer:Q",
        title="layer l, the last is the output",
        axis=alt.Axis(values=whole_ticks(1, last), format="d", grid=False),
        scale=alt.Scale(domain=[0.5, last * (1 + ROOM) + 0.5], nice=False),
    )
