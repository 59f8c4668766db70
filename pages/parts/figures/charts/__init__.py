"""Altair charts made of DataFrames by pure functions, most of which name the table that they draw."""
