"""The browser's Back button: a step for each thing that the viewer did, none for what Streamlit notes on the way."""

import streamlit as st

# From one page to the next Streamlit notes many things in the history, each as a step: the page that is left without
# its settings, and the page that is come to with one setting more at a time. On most of them Back would do nothing.
_JS = """
export default function () {
    if (history.stepsAreDeeds) return;
    history.stepsAreDeeds = true;
    let done = false;
    for (const deed of ['pointerdown', 'keydown', 'click']) addEventListener(deed, () => { done = true; }, true);
    addEventListener('popstate', () => { done = false; }, true);
    const push = history.pushState.bind(history);
    history.pushState = (...step) => {
        const first = done;
        done = false;
        return first ? push(...step) : history.replaceState(...step);
    };
}
"""

_component = st.components.v2.component("history", js=_JS)


def record_user_navigation() -> None:
    """From here on the browser's history has what the viewer did for steps; draw it where nothing is seen."""
    _component(key="history")
