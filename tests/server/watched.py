"""A server that says what it trains, and never shows progress.

Drawing it would end a stale script as well, and hide that a tick no longer does.
"""

import math

from pages.parts.serving import waiting
from tests.load import served

if __name__ == "__main__":
    waiting.SHOW_AFTER = math.inf
    served.serve()
