"""The core timed beside its peers; nothing here is asserted on time."""

import os

# PyTorch's OpenMP threads wait by spinning for milliseconds, which starves the very thread they wait for when the cores
# are shared; some ten microseconds bridge the gap between two calls. Read once, when the library is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")
