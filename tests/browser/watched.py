"""Streamlit's command line in a process that, asked by a line on its standard input, prints what is at work.

It never shows progress: drawing it would end a stale script as well, and hide that a tick no longer does.
"""

import json
import math
import sys
import threading

from streamlit.web.cli import main

from pages.parts import runs, waiting

MARK = "at work: "


def _answer() -> None:
    for _ in sys.stdin:
        scripts = sum("scriptThread" in thread.name for thread in threading.enumerate())
        print(MARK + json.dumps({"trainings": runs.workers.busy, "scripts": scripts}), flush=True)


if __name__ == "__main__":
    waiting.SHOW_AFTER = math.inf
    threading.Thread(target=_answer, daemon=True, name="watch").start()
    main()
