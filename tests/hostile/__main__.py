"""Send the app what strangers may: thousands of links and files with settings, some hundred links to its pages.

python -m tests.hostile --cases 10000
"""

from __future__ import annotations

import argparse
import time

from hypothesis import HealthCheck, Phase, given, settings

from pages.parts.shell.routes import Page
from tests.hostile.cases import Pairs, files, links
from tests.hostile.checks import check_file, check_link
from tests.hostile.opened import check_page

SHARE = 40  # one link in so many is opened as a page as well
FILES = 5  # one case in so many is a file


def main(cases: int) -> None:
    read, opened, files_read = [], [], []
    many = {"phases": [Phase.generate], "suppress_health_check": list(HealthCheck), "database": None}

    @settings(max_examples=cases - cases // FILES, deadline=None, derandomize=True, **many)
    @given(links())
    def send(link: tuple[Page, Pairs]) -> None:
        check_link(*link)
        read.append(1)
        if len(read) % SHARE == 0:
            check_page(*link)
            opened.append(1)

    @settings(max_examples=cases // FILES, deadline=None, derandomize=True, **many)
    @given(files())
    def open_file(data: bytes) -> None:
        check_file(data)
        files_read.append(1)

    started = time.monotonic()
    open_file()
    send()
    print(
        f"{len(read) + len(files_read)} cases: {len(read)} links read, {len(opened)} of them opened as a page, and "
        f"{len(files_read)} files with settings: no exception, no run over the bound, nothing shown as markup, "
        f"the rest of each kept ({time.monotonic() - started:.0f} s)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    main(parser.parse_args().cases)
