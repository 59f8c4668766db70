"""What Streamlit does in the browser, changed where it is in the viewer's way: the Back button, a costly icon."""

import time

import streamlit as st

from pages.parts import session
from pages.parts.serving import waiting

ALONE = 0.1  # seconds

# From one page to the next Streamlit notes many things in the history, each as a step: the page that is left without
# its settings, and the page that is come to with one setting more at a time. On most of them Back would do nothing.
_BACK = """
    let done = false;
    for (const deed of ['pointerdown', 'keydown', 'click']) addEventListener(deed, () => { done = true; }, true);
    addEventListener('popstate', () => { done = false; }, true);
    const push = history.pushState.bind(history);
    history.pushState = (...step) => {
        const first = done;
        done = false;
        return first ? push(...step) : history.replaceState(...step);
    };
"""

# While a script runs, Streamlit changes its icon of a runner every 200 ms. Each change makes React begin the page's
# pending drawing anew: on a machine whose cores train it did not come to its end before the training had, and took two
# thirds of a core meanwhile.
_ICON = """
    const repeat = window.setInterval;
    window.setInterval = (change, pause, ...rest) => repeat(change, pause === 200 ? 2000 : pause, ...rest);
"""

_JS = f"""
export default function () {{
    if (window.isChanged) return;
    window.isChanged = true;
{_BACK}{_ICON}}}
"""

_component = st.components.v2.component("browser", js=_JS)


def change_behavior() -> None:
    """From here on Back undoes what the viewer did, and the icon is quiet; draw it where nothing is seen, and first.

    In a new tab it has to take effect before the icon comes: it is given the time to arrive alone, for with a page to
    build up as well the browser is too late for that.
    """
    _component(key="browser")
    if not session.current().page:
        with waiting.give_way():
            time.sleep(ALONE)
