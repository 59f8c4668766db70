"""Pins: what is to be compared with what comes after, in the link and while another page is open."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import pandas as pd
import streamlit as st

from pages.parts import session
from pages.parts.figures.theme import PINS
from pages.parts.page import OpenPage
from pages.parts.serving import runs
from pages.parts.serving.limits import LIMITS
from pages.parts.settings import Map, Settings, Training, YourNetwork, controls, links
from pages.parts.settings.links import describe_differences, differing_names, parse, serialize

S = TypeVar("S", bound=Settings)
PINNABLE = (Training, YourNetwork, Map)


def draw_pin_button(page: OpenPage, chosen: S, reason: str = "") -> list[S]:
    """What is pinned, by the page's link; the button that pins what is chosen goes into its tools.

    `reason`: why it cannot be pinned, if the page knows of one.
    """
    key = page.key("pin")
    remembered = session.current().pins
    if page.arrived and key not in st.query_params and remembered.get(key):  # back from another page
        st.query_params[key] = remembered[key]
    remembered[key] = st.query_params.get_all(key)
    pinned_settings, rejected = _read(remembered[key], type(chosen))
    if rejected:
        page.notice(f"The link pins {links.quote_untrusted(rejected)}, which this page cannot show; it is left out.")
    reasons = {
        "It is pinned.": chosen in pinned_settings,
        "Unpin one first.": len(pinned_settings) == len(PINS),
        "Your data are in no link, and pins are.": isinstance(chosen, YourNetwork) and chosen.upload,
    }
    reason = reason or next((sentence for sentence, holds in reasons.items() if holds), "")
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
    """What differs between this `what`, say a run, and the pinned ones; buttons unpin or open these.

    `outcomes`: of what is chosen and of each that is pinned, in words by their names.
    """
    if not pinned_settings:
        return
    every = [chosen, *pinned_settings]
    marked = zip(PINS, pinned_settings, strict=False)
    names = [f"{mark} {describe_differences(settings, every)}" for mark, settings in marked]
    fields, columns = {name: chosen.fields()[name] for name in differing_names(every)}, {}
    for name, settings, ends in zip([f"This {what}", *names], every, outcomes, strict=True):
        words = {field.label: field.describe(getattr(settings, key)) for key, field in fields.items()}
        columns[name] = words | {**ends}
    with st.container(key="comparison"):
        st.markdown(f"## This {what} and the pinned ones")
        st.table(pd.DataFrame(columns).fillna("–"))
        with st.container(horizontal=True, key="pinned"):
            for index, (name, settings) in enumerate(zip(names, pinned_settings, strict=True)):
                st.button(
                    f"Unpin {name[0]}",
                    key=f"unpin-{index}",
                    icon=":material/keep_off:",
                    on_click=_write_to_link,
                    args=(page.key("pin"), [each for each in pinned_settings if each != settings]),
                )
                controls.open_button(st, f"Back to {name}", settings, key=f"to-pin-{index}", icon=":material/history:")


def _read(texts: list[str], kind: type[S]) -> tuple[list[S], list[str]]:
    """The different settings among the texts, one for a mark, and the texts that are of no use."""
    pinned_settings: list[S] = []
    rejected = texts[len(PINS) :]
    for text in texts[: len(PINS)]:
        settings = parse(kind, text)
        if settings is None or not _is_usable(settings):
            rejected.append(text)
        elif settings not in pinned_settings:
            pinned_settings.append(settings)
    return pinned_settings, rejected


def _is_usable(settings: Training | YourNetwork | Map) -> bool:
    """Whether all who open the link can see it: within bounds, of data that all have."""
    if isinstance(settings, Training):
        return LIMITS.run.allows(settings.experiment)
    if isinstance(settings, YourNetwork):
        return not settings.upload
    try:
        return runs.allows_map(settings.sweep())
    except ValueError:  # its axes are none
        return False


def _write_to_link(key: str, pinned_settings: list[Settings]) -> None:
    st.query_params[key] = [serialize(settings) for settings in pinned_settings]
