"""Settings that hold for every test."""

import os

import numpy as np  # noqa: F401 (what is limited below must be loaded)
from hypothesis import settings
from threadpoolctl import threadpool_limits

# The same examples every time, and none kept on disk: a red test is red on every machine.
settings.register_profile("house", derandomize=True, database=None, deadline=None, max_examples=50)
settings.load_profile("house")

# Tests are shared out over the cores, as runs are: BLAS threads of their own would only wait for each other.
threadpool_limits(limits=1, user_api="blas")

# What JAX compiles here runs a few times: it is to be compiled quickly.
os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "1"
