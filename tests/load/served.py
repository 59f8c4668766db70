"""Streamlit's command line in a process that, asked by a line on its standard input, says what is trained for it."""

from __future__ import annotations

import json
import sys
import threading

from streamlit.web.cli import main

from pages.parts.serving import runs
from tests.browser.server import Server

MARK = "trained: "


def serve() -> None:
    """Answer every line with how many trainings have begun, ended well and go on, and the bytes that are kept."""
    begun, ended = [], []
    run = runs.run_in_processes

    def counted(*asked):
        begun.append(1)
        result = run(*asked)
        ended.append(1)
        return result

    def answer() -> None:
        for _ in sys.stdin:
            told = {
                "begun": len(begun),
                "ended": len(ended),
                "busy": runs.pool.busy,
                "kept": runs.results.bytes,
            }
            print(MARK + json.dumps(told), flush=True)

    runs.run_in_processes = counted
    threading.Thread(target=answer, daemon=True, name="watch").start()
    main()


def trained(server: Server) -> dict[str, int]:
    """What such a server answers."""
    process = server.process
    process.stdin.write("\n")
    process.stdin.flush()
    return json.loads(next(line for line in process.stdout if line.startswith(MARK)).removeprefix(MARK))


if __name__ == "__main__":
    serve()
