"""The tools of the Map page: maps that make a point, a map from a file, what a click and a drag do."""

import math
from dataclasses import replace

import streamlit as st

from core.sweep import Sweep, SweepResult, map_file
from core.wording import count_things
from pages.parts import session
from pages.parts.figures.charts.regions import CELL, ZOOM
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.settings import Map
from pages.parts.settings.controls import apply_settings, open_settings
from pages.parts.settings.fields import slug
from pages.parts.settings.maps import AS_USUAL, DIGITS, PRESETS, page_of

FEWEST_CELLS, FEWEST_STEPS = 64, 20  # what a map that is too large is not made smaller than


def draw_presets(page: OpenPage) -> None:
    def open_preset() -> None:
        apply_settings(PRESETS[st.session_state["maps"]])

    page.tools.menu_button("Maps", list(PRESETS), key="maps", icon=":material/grid_on:", on_click=open_preset)


def open_uploaded(page: OpenPage) -> SweepResult | None:
    """The map in the file that the viewer hands in, in place of one that is trained here."""
    file = st.file_uploader("Open a map", type="parquet", help="A map.parquet that python -m core.sweep has written.")
    viewer = session.current()
    if file is None:
        viewer.map = None
    elif viewer.map is None or viewer.map[0] != file.file_id:
        try:
            viewer.map = file.file_id, map_file.load(file.getvalue())
        except ValueError as error:
            page.notice(f"{error} Below is the map of the settings.")
            return None
    return viewer.map and viewer.map[1]


def replace_unusable(page: OpenPage, chosen: Map) -> Map:
    """The settings, with the usual axes where the chosen ones cannot be used; the page says so."""
    try:
        chosen.sweep()
    except ValueError as error:
        page.notice(f"{error} Below are the usual axes.")
        return replace(chosen, x="gain", y="depth", x_range=AS_USUAL, y_range=AS_USUAL)
    return chosen


def explain_too_large(page: OpenPage, chosen: Map) -> bool:
    """Whether the map is over the bound; if so, say what would fit, and offer it."""
    fitting = chosen
    while not runs.allows_map(fitting.sweep()):
        if fitting.columns * fitting.rows > FEWEST_CELLS:
            fitting = replace(fitting, columns=max(2, fitting.columns // 2), rows=max(2, fitting.rows // 2))
        elif fitting.seeds > 1 or fitting.steps > FEWEST_STEPS:
            fitting = replace(fitting, seeds=1, steps=max(FEWEST_STEPS, fitting.steps // 20 * 10))
        else:
            page.stage.warning("This map would take more time than this app allows; narrower networks fit.")
            return True
    if fitting != chosen:
        seeds = count_things(fitting.seeds, "seed")
        fits = f"{fitting.columns} columns, {fitting.rows} rows, {seeds}, {fitting.steps} steps"
        page.stage.warning(f"This map would take more time than this app allows; what fits: {fits}.")
        page.stage.button("Use the size that fits", on_click=apply_settings, args=(fitting,))
    return fitting != chosen


def select(chosen: Map, sweep: Sweep, key: str) -> None:
    """What the chart of this key does where the viewer clicks a cell of the map or drags on it."""
    selection = st.session_state[key].selection
    if rectangle := selection.get(ZOOM):
        ranges = []
        for axis, ends in zip((sweep.x, sweep.y), rectangle.values(), strict=True):
            low, high = max(min(ends), axis.kind.low), min(max(ends), axis.kind.high)
            if axis.kind.is_integer:  # those within
                low, high = math.ceil(low), max(math.ceil(low), math.floor(high))
            digits = next((each for each in DIGITS if 10.0**-each * high < (high - low) / 100), DIGITS[-1])
            ranges.append(f"{slug(float(f'{low:.{digits}g}'))}:{slug(float(f'{high:.{digits}g}'))}")
        apply_settings(replace(chosen, x_range=ranges[0], y_range=ranges[1]))
    elif cells := selection.get(CELL):
        settings = page_of(sweep.experiment((cells[0]["row"], cells[0]["column"])))
        if settings:
            open_settings(settings)
        else:
            session.current().pending_notices = ["No other page can be set to exactly this network."]
