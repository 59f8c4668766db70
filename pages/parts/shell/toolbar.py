"""Follows and checks a page's link, and draws the tools below its banner."""

import streamlit as st

from pages.parts import session
from pages.parts.compare import pins
from pages.parts.export import offer
from pages.parts.page import OpenPage
from pages.parts.settings import Settings, links
from pages.parts.shell import story
from pages.parts.shell.routes import BY_SETTINGS, streamlit_page

_HTML = """
<button type="button"><span class="icon" aria-hidden="true"></span><span class="word">Copy link</span></button>
<span class="status" role="status"></span>
<input type="text" readonly hidden aria-label="The link, to be copied by hand">
"""

_CSS = """
:host { display: block; }
button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-height: 2.5rem; padding: 0.25rem 0.75rem; white-space: nowrap; cursor: pointer;
    font: inherit; font-size: 0.875rem; line-height: 1.6;
    color: var(--st-text-color); background: var(--st-background-color);
    border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
}
button:hover, button:focus-visible { color: var(--st-primary-color); border-color: var(--st-primary-color); }
button:focus-visible { outline: 3px solid color-mix(in srgb, var(--st-primary-color) 50%, transparent); }
.icon { width: 1em; height: 1em; background: currentColor;
    clip-path: polygon(30% 0, 100% 0, 100% 75%, 70% 75%, 70% 100%, 0 100%, 0 25%, 30% 25%); }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
input { width: 100%; margin-top: 0.25rem; font: inherit; }
"""

# The clipboard is only there on https or on this machine; elsewhere the old command works.
_JS = """
export default function ({ data, parentElement }) {
    const find = selector => parentElement.querySelector(selector);
    const [button, word, status, input] = ['button', '.word', '.status', 'input'].map(find);
    const copied = async link => {
        try {
            await navigator.clipboard.writeText(link);
            return true;
        } catch {
            input.hidden = false;
            input.value = link;
            input.select();
            const done = document.execCommand('copy');
            input.hidden = done;
            return done;
        }
    };
    button.onclick = async () => {
        // Community Cloud shows the app in a frame whose path starts with /~/+.
        const link = location.origin + location.pathname.replace('/~/+', '') + '?' + data.query;
        const done = await copied(link);
        button.focus();
        word.textContent = status.textContent = done ? 'Link copied' : 'Copy it by hand';
        if (!done) input.select();
        setTimeout(() => { word.textContent = 'Copy link'; status.textContent = ''; }, 3000);
    };
}
"""

_copy_link = st.components.v2.component("copy_link", html=_HTML, css=_CSS, js=_JS)


def draw(page: OpenPage, chosen: Settings, unpinnable: str = "") -> list[Settings]:
    """Fill the row, and return what is pinned; `unpinnable` says why this page cannot be."""
    viewer = session.current()
    destination, viewer.destination = BY_SETTINGS.get(type(viewer.destination)), None
    if destination and destination.name != page.name:
        st.switch_page(streamlit_page(destination), query_params={})
    links.check(page)
    offer.show_pending_notices(page)
    story.draw(page, chosen)
    pinned = pins.draw_pin_button(page, chosen, unpinnable) if isinstance(chosen, pins.PINNABLE) else []
    with page.tools:
        _copy_link(data={"query": links.query(chosen, pinned)}, key="copy-link", width="content")
    return pinned
