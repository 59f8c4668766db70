"""Trains stacks of networks in the article's notation, and records them; core.experiment calls it."""
