"""The router: which pages there are, and which one this link asks for."""

import gc

import streamlit as st

from pages.parts import failure, routes


@st.cache_resource(show_spinner=False)
def _settle() -> None:
    """Once a process: leave what the imports made out of every later garbage collection, so that reruns are quicker."""
    gc.collect()
    gc.freeze()


page = routes.navigation()
try:
    with failure.told(page.url_path):
        page.run()
finally:
    _settle()
