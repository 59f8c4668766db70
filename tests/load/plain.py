"""An app of nothing but lines of text, as many as a page of ours has parts: what Streamlit itself takes for them."""

import streamlit as st

LINES = 100

if __name__ == "__main__":
    for line in range(1, LINES + 1):
        st.markdown(f"Line {line}")
