"""Settings that hold for every test, and which are done by the same process."""

from __future__ import annotations

import gc
import os

import numpy as np  # noqa: F401 (what is limited below must be loaded)
import pytest
from hypothesis import settings
from threadpoolctl import threadpool_limits
from xdist.scheduler import LoadFileScheduling

# The same examples every time, and none kept on disk: a red test is red on every machine.
settings.register_profile("house", derandomize=True, database=None, deadline=None, max_examples=50)
settings.load_profile("house")

# Tests are shared out over the cores, as runs are: BLAS threads of their own would only wait for each other.
threadpool_limits(limits=1, user_api="blas")

# What JAX compiles here runs a few times: it is to be compiled quickly.
os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "1"


@pytest.fixture(scope="module", autouse=True)
def _what_was_there_before_is_no_garbage() -> None:
    """Streamlit collects garbage after every run of a page, and would look through all that earlier tests keep."""
    gc.collect()
    gc.freeze()


# What one process does, as it shares what takes long: a browser and its server, other libraries, runs that are drawn.
# It is begun first, and so does not keep a process busy when the other has nothing left to do.
TOGETHER = ("tests/browser/", "tests/server/", "tests/core/frameworks/", "tests/pages/test_charts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: [item.nodeid.startswith(folder) for folder in TOGETHER], reverse=True)


class Scheduling(LoadFileScheduling):
    """One file after the other to whichever process is free, and the files of some folders to the same."""

    def _split_scope(self, nodeid: str) -> str:
        return next(filter(nodeid.startswith, TOGETHER), None) or super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None
