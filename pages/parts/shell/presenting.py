"""Presenting: a first screen for a projector, and keys that turn pages."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts.settings import links


def is_on() -> bool:
    """Whether the page is shown on a projector, before the toggle is drawn.

    The link says it on a first run, and where Back led: the toggle follows when it is drawn.
    """
    linked = st.query_params.get("present", "").lower() == "true"
    return linked if links.is_history_navigation() else bool(st.session_state.get("present", linked))


def draw_toggle(drawer: DeltaGenerator) -> None:
    """The toggle, and an unseen button for its key, as it can have none."""
    drawer.toggle(
        "Present :gray-badge[P]",
        key="present",
        bind="query-params",
        help="For a projector: large text, no sidebar; the controls move into a drawer.",
    )
    st.button("Present", shortcut="P", on_click=lambda: st.session_state.update(present=not is_on()), key="present-key")


# A tap says which page is wanted: of those that come while a page is on its way, the last counts. What was tapped
# while no page could be asked for, the page in between asks for, unless the viewer has clicked or typed since.
_KEYS = """
export default function ({ data, setTriggerValue }) {
    const keys = window.pageKeys ??= { wanted: data.place, place: data.place, tapped: 0 };
    const onItsWay = () => Date.now() - keys.tapped < 30000;
    const came = keys.place !== data.place;
    Object.assign(keys, data, { ask: () => setTriggerValue('page', keys.wanted) });
    if (keys.wanted === data.place) keys.tapped = 0;
    else if (!onItsWay()) keys.wanted = data.place;
    else if (came) keys.ask();
    const turn = event => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) Object.assign(keys, { wanted: keys.place, tapped: 0 });
        const inUse = event.composedPath().some(e => e.matches?.(`input:not([type=checkbox]), select, textarea,
            [role=slider], [role=radio], [role=menuitem], [role=tab], [role=option], [contenteditable=true]`));
        if (event.key === 'p' && !inUse) stop();  // it ends presenting
        if (!step || inUse || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const wanted = Math.min(Math.max(keys.wanted + step, 0), keys.last);
        if (wanted === keys.wanted) return;
        Object.assign(keys, { wanted, tapped: Date.now() });
        keys.ask();
    };
    // What was moved with the mouse does not keep the keys: they turn pages again.
    const release = () => setTimeout(() => {
        if (document.activeElement?.matches('.st-key-drawer :is(input[type=range], [role=combobox], [role=radio])')
            && document.activeElement.getAttribute('aria-expanded') !== 'true') document.activeElement.blur();
    });
    const listen = change => {
        ['keydown', 'pointerdown'].forEach(deed => change(deed, turn));
        change('click', release);
    };
    keys.leave?.();
    listen(addEventListener);
    keys.leave = () => listen(removeEventListener);
    const { leave } = keys;
    const stop = () => {
        leave();
        if (keys.leave === leave) delete window.pageKeys;
    };
    return () => setTimeout(stop, 10000);  // where no page follows
}
"""

_keys = st.components.v2.component("page_keys", js=_KEYS)


def draw_bar(stage: DeltaGenerator, title: str, place: int, pages: Sequence[st.Page]) -> DeltaGenerator:
    """A row of title, ways to the neighbors and a toggle; returns the drawer it opens, for controls.

    The style sheet opens it before the server hears of it; hidden controls keep their state.
    """
    bar = stage.container(horizontal=True, vertical_alignment="center", key="bar")
    bar.title(title, anchor=False)
    wanted = _keys(data={"place": place, "last": len(pages) - 1}, key="page-keys", on_page_change=lambda: None).page
    for word, badge, neighbor in (("Previous", "←", place - 1), ("Next", "→", place + 1)):
        if 0 <= neighbor < len(pages) and bar.button(f"{word} :gray-badge[{badge}]", key=f"turn-{word.lower()}"):
            wanted = neighbor
    if wanted is not None and wanted != place:
        st.switch_page(pages[int(wanted)], query_params={})  # else it fails at what is bound
    bar.toggle("Controls", key="drawer-open", persist_state="session")
    return stage.container(key="drawer")
