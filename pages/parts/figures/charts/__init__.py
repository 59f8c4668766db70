"""DataFrame → Altair chart: pure functions that know no Streamlit; each names the table it draws."""
