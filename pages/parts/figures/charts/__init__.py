"""DataFrame → Altair chart: pure functions, each of which names the table that it draws."""
