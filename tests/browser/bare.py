"""The least that an app can be: a word, a chart of two points and a link, as `tests.browser.timing` opens it."""

import altair as alt
import pandas as pd
import streamlit as st

st.title("One line")
st.altair_chart(alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line().encode(x="x:Q", y="y:Q"))
with st.container(key="neighbors"):
    st.markdown("[again](/)")
