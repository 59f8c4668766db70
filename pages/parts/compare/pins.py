"""Runs that are pinned, to be compared with what comes after: kept in the link, and while another page is looked at."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import streamlit as st

from pages.parts import session
from pages.parts.figures import tables
from pages.parts.figures.theme import PINS
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.serving.limits import LIMITS
from pages.parts.settings import Map, Settings, Training, YourNetwork, controls, links
from pages.parts.settings.links import describe_differences, parse, serialize

S = TypeVar("S", bound=Settings)
PINNABLE = (Training, YourNetwork, Map)


def draw_pin_button(page: OpenPage, chosen: S, reason: str = "") -> list[S]:
    """What is pinned on the page, read from its link; the button that pins what is chosen goes into its tools.

    `reason` says why it cannot be pinned, if the page knows of a reason.
    """
    key = page.key("pin")
    pinned_settings, rejected = _read(_texts(key, page.arrived), type(chosen))
    if rejected:
        page.notice(f"The link pins {links.quote_untrusted(rejected)}, which this page cannot show; it is left out.")
    reason = reason or disabled_reason(pinned_settings, chosen)
    page.tools.button(
        "Pin this run",
        key="pin",
        icon=":material/keep:",
        disabled=bool(reason),
        help=reason or "Keeps it on the chart, to compare others.",
        on_click=_write_to_link,
        args=(key, [*pinned_settings, chosen]),
    )
    return pinned_settings


def compare(
    page: OpenPage, what: str, chosen: S, pinned_settings: list[S], outcomes: Iterable[Mapping[str, str]]
) -> None:
    """What differs between this `what`, say a run, and those that are pinned, and for each the buttons to leave it.

    `outcomes` are of what is chosen and of each that is pinned, in words by their names.
    """
    if not pinned_settings:
        return
    every = [chosen, *pinned_settings]
    names = [
        f"{mark} {describe_differences(settings, every)}" for mark, settings in zip(PINS, pinned_settings, strict=False)
    ]
    columns = dict(zip([f"This {what}", *names], zip(every, outcomes, strict=True), strict=True))
    with st.container(key="comparison"):
        st.markdown(f"## This {what} and the pinned ones")
        st.table(tables.side_by_side(columns))
        with st.container(horizontal=True, key="pinned"):
            for index, (name, settings) in enumerate(zip(names, pinned_settings, strict=True)):
                st.button(
                    f"Unpin {name[0]}",
                    key=f"unpin-{index}",
                    icon=":material/keep_off:",
                    on_click=_write_to_link,
                    args=(page.key("pin"), [*pinned_settings[:index], *pinned_settings[index + 1 :]]),
                )
                controls.open_button(st, f"Back to {name}", settings, key=f"to-pin-{index}", icon=":material/history:")


def _texts(key: str, arrived: bool) -> list[str]:
    """What the link pins; where the viewer comes back from another page, what it pinned before."""
    pins = session.current().pins
    if arrived and key not in st.query_params and pins.get(key):
        st.query_params[key] = pins[key]
    pins[key] = st.query_params.get_all(key)
    return pins[key]


def _read(texts: list[str], kind: type[S]) -> tuple[list[S], list[str]]:
    """The different settings among the texts, as many as there are marks, and the texts that are no use."""
    pinned_settings: list[S] = []
    rejected = texts[len(PINS) :]
    for text in texts[: len(PINS)]:
        settings = parse(kind, text)
        if settings is None or not _usable(settings):
            rejected.append(text)
        elif settings not in pinned_settings:
            pinned_settings.append(settings)
    return pinned_settings, rejected


def disabled_reason(pinned_settings: list[S], chosen: S) -> str:
    """Why what is chosen cannot be pinned; nothing where it can."""
    if chosen in pinned_settings:
        return "It is pinned."
    if len(pinned_settings) == len(PINS):
        return "Unpin one first."
    if isinstance(chosen, YourNetwork) and chosen.upload:
        return "Your data are in no link, and pins are."
    return ""


def _usable(settings: Settings) -> bool:
    """Whether it can be shown to whoever opens the link: it is within the bounds, and of data that everybody has."""
    if isinstance(settings, Training):
        return LIMITS.run.allows(settings.experiment)
    if isinstance(settings, Map):
        try:
            return runs.allows_map(settings.sweep())
        except ValueError:  # its axes are none
            return False
    return isinstance(settings, YourNetwork) and not settings.upload


def _write_to_link(key: str, pinned_settings: list[Settings]) -> None:
    st.query_params[key] = [serialize(settings) for settings in pinned_settings]
