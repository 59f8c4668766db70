"""Settings that hold for every test."""

from hypothesis import settings

# The same examples every time, and none kept on disk: a red test is red on every machine.
settings.register_profile("house", derandomize=True, database=None, deadline=None)
settings.load_profile("house")
