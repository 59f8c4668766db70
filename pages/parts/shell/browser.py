"""A script in the browser that changes what Streamlit's Back button and running icon do."""

import time

import streamlit as st

from pages.parts import session
from pages.parts.serving import waiting

_JS = """
export default function () {
    if (window.isChanged) return;
    window.isChanged = true;

    // From page to page Streamlit notes many steps in the history, at most of which Back would do nothing.
    let done = false;
    for (const deed of ['pointerdown', 'keydown', 'click']) addEventListener(deed, () => { done = true; }, true);
    addEventListener('popstate', () => { done = false; }, true);
    const push = history.pushState.bind(history);
    history.pushState = (...step) => {
        const first = done;
        done = false;
        return first ? push(...step) : history.replaceState(...step);
    };

    // While a script runs, Streamlit's icon changes every 200 ms. Each change makes React begin the page's pending
    // drawing anew: while the cores train, it takes two thirds of one and comes to no end.
    const repeat = window.setInterval;
    window.setInterval = (change, pause, ...rest) => repeat(change, pause === 200 ? 2000 : pause, ...rest);
}
"""

_component = st.components.v2.component("browser", js=_JS)


def change_behavior() -> None:
    """Now Back undoes what the viewer did, and the icon is quiet.

    In a new tab it is given the time to arrive before the icon and the page do.
    """
    _component(key="browser")
    if not session.current().page:
        with waiting.give_way():
            time.sleep(0.1)
