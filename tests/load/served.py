"""Streamlit's command line in a process that, asked by a line on its standard input, says what is trained for it."""

from __future__ import annotations

import json
import sys
import threading

from streamlit.web.cli import main

from pages.parts import runs
from tests.browser.server import Server

MARK = "trained: "


def _watched() -> None:
    """Answer every line with how many trainings have begun, and are under way, and the bytes of results kept."""
    begun = []
    run = runs.run
    runs.run = lambda *asked: begun.append(1) or run(*asked)

    def answer() -> None:
        for _ in sys.stdin:
            told = {"begun": len(begun), "busy": runs.workers.busy, "kept": runs._store.bytes}
            print(MARK + json.dumps(told), flush=True)

    threading.Thread(target=answer, daemon=True, name="watch").start()


def trained(server: Server) -> dict[str, int]:
    """What such a server answers."""
    process = server.process
    process.stdin.write("\n")
    process.stdin.flush()
    return json.loads(next(line for line in process.stdout if line.startswith(MARK)).removeprefix(MARK))


if __name__ == "__main__":
    _watched()
    main()
