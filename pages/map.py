"""Map: where training works at all, over any two settings, each cell a network trained from scratch."""

from functools import partial
from itertools import cycle

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import pages.parts.preload  # noqa: F401 by one thread
from core.sweep import Sweep, SweepResult
from core.sweep.border import verdict
from pages.parts import session
from pages.parts.compare import pins
from pages.parts.compare.compare_pinned import describe_map
from pages.parts.export import numbers, offer, script
from pages.parts.figures import tables
from pages.parts.figures.board import Board, Draft
from pages.parts.figures.charts import regions
from pages.parts.figures.theme import PINS
from pages.parts.serving import runs
from pages.parts.settings import Map, controls
from pages.parts.settings.links import describe_differences
from pages.parts.shell import map_tools, toolbar
from pages.parts.shell.frame import FramedPage

HEIGHT = 460
BAND = (
    " Deep networks train only in the pale band; the deeper, the narrower it is. Shallow ones can train outside it too."
)

page = FramedPage(Map)
with page.controls:
    chosen = controls.draw(page, Map)
    opened = map_tools.open_uploaded(page)
pinned = toolbar.draw(page, chosen, "A map from a file is in no link, and pins are." if opened else "")
map_tools.draw_presets(page)

chosen = map_tools.replace_unusable(page, chosen)
if not opened and (map_tools.explain_too_large(page, chosen) or runs.offer_map_again_if_canceled(chosen.sweep(), page)):
    chosen = page.fall_back_to_last_result(chosen)
sweep = opened.sweep if opened else chosen.sweep()
board = Board(page, sweep, chosen.color, keep=opened is None)
title = f"{'Test accuracy' if chosen.color == 'accuracy' else 'Final loss'} of every network"
limit = runs.find_border(sweep)
dashed = f"dashed: {limit.name}" if len(limit.x) or len(limit.y) else ""
has_band = len(limit.critical) and "depth" in (sweep.x.name, sweep.y.name)
drags = chosen.drag and opened is None


def chart(result: SweepResult, color: str, *selects: str):
    rows, border = tables.regions(result, color), runs.find_border(result.sweep)
    return regions.chart(rows, result.sweep, border, color, board.theme, selects=selects)


def train_and_draw(sweep: Sweep, color: str, title: str, place: DeltaGenerator) -> SweepResult:
    place = place.empty()
    draft = Draft(board, title, height=HEIGHT, place=place)
    result = runs.get_or_train_map(
        sweep, page, lambda part: draft.show(tables.regions(part, color), lambda: chart(part, color))
    )
    place.empty()
    return result


# Pins stand beside the current map, which has the first screen to itself while presenting.
columns = (st if page.presenting else page.stage).columns(2) if pinned else []
main = page.presenting or not columns
result = opened or train_and_draw(sweep, chosen.color, title, page.stage if main else columns[0])
page.banner(verdict(result, limit))
board.draw(
    lambda: chart(result, chosen.color, *((regions.CELL, regions.ZOOM) if drags else (regions.CELL,))),
    title,
    key="map",
    main=main,
    place=None if main else columns[0],
    height=HEIGHT,
    more_subjects=(drags,),
    message=f"{dashed}, dots: do not learn".removeprefix(", "),
    note=f"{limit.sentence} A network learns if its loss ends under half of guessing's; white dots: those that do not."
    f"{' ✕: overflows.' if result.diverged.any() else ''}"
    f"{' A click opens the page that shows the network.' if sweep.base.is_plain else ''}"
    f"{' Dragging a rectangle with the mouse zooms in.' if drags else ''}",
    on_select=partial(map_tools.select, chosen, sweep),
)
results = [result]
for mark, settings, place in zip(PINS, pinned, cycle(columns if main else columns[::-1]), strict=False):
    name = f"{mark} {describe_differences(settings, [chosen, *pinned])}"
    other = train_and_draw(settings.sweep(), settings.color, name, place)
    board.draw(
        partial(chart, other, settings.color),
        name,
        key=f"pinned-{len(results) - 1}",
        height=HEIGHT,
        place=place,
        more_subjects=(settings,),
        note=runs.find_border(other.sweep).sentence,
    )
    results.append(other)
outcomes = (describe_map(verdict(each, runs.find_border(each.sweep)), each) for each in results)
pins.compare(page, "map", chosen, pinned, outcomes)
session.current().results[page.name] = chosen
board.draw(
    lambda: chart(result, "gradient"),
    "Gradient at the start: factor per layer, going back",
    key="gradient",
    message=dashed,
    note=f"Blue: the gradient shrinks; red: it grows; pale: it keeps its size.{BAND if has_band else ''}",
)
page.prose(
    r"""
## Why

A network trains only where the gradient before the first step still reaches every layer. Theory says where that is:
each layer multiplies the mean square of the gradient by $\chi=\sigma_w^2\,\mathbb{E}[g'(z)^2]$, with
$\sigma_w^2=n\,\text{Var}(W)$. Where $\chi=1$ the gradient keeps its size at any depth, though the deepest networks may
need more steps than they get here. Elsewhere that square shrinks or grows by a factor $e$ in $\xi=1/|\ln\chi|$ layers.
Networks of up to about $6\,\xi$ layers were found to train (Schoenholz et al. 2017): that is theory's depth limit.

## What to do

Choose weights for which $\chi$ is near 1; the deeper the network, the nearer it has to be. The learning rate sets a
second limit, on which this theory is silent: it is about the first step. Clipping allows larger learning rates.
"""
)
offer.draw(page, chosen, partial(numbers.zip_map, result), partial(script.write_script, result.sweep, None))
page.end()
