"""The app as its users get it: a server process of its own on a free port of the loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60  # seconds


class Server:
    """A context manager. `command` is what stands between the interpreter and Streamlit's own options.

    On any free port of the loopback, if not on this one.
    """

    def __init__(self, *command: str, port: int | None = None, app: str = "app.py") -> None:
        port = port or free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 closed on the way out
        self.process = subprocess.Popen(
            [
                *(sys.executable, *(command or ("-m", "streamlit")), "run", app),
                *("--server.port", str(port), "--server.address", "127.0.0.1"),
                *("--server.headless", "true"),
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if command else self._log,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> Server:
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = self.log
                self.__exit__()
                raise RuntimeError(f"the server did not start:\n{said}")
            time.sleep(0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._log):
            if stream:
                stream.close()

    @property
    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
