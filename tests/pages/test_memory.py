"""Memory: many threads that each needed a lot for a while leave little behind."""

import subprocess
import sys

import pytest

from .conftest import ROOT

# Small arrays come from arenas, of which a thread that is the first to ask makes one of its own.
MEASURED = """
import sys, threading
import numpy

if sys.argv[1] == "shared":
    import pages.parts
together = threading.Barrier(24)

def work():
    together.wait()
    held = [numpy.ones(1000) for _ in range(1000)]
    together.wait()
    del held[:-1]
    kept.append(held)

kept = []
threads = [threading.Thread(target=work) for _ in range(24)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(open("/proc/self/maps").read().count("rw-p"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="arenas are glibc's")
def test_threads_share_arenas() -> None:
    def mapped(how: str) -> int:
        return int(subprocess.check_output([sys.executable, "-c", MEASURED, how], cwd=ROOT, text=True))

    assert mapped("shared") < mapped("own") - 10
