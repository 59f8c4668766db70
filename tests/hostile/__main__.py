"""Send the app what strangers may: thousands of links to its readers, some hundred to its pages.

python -m tests.hostile --cases 10000
"""

from __future__ import annotations

import argparse
import time

from hypothesis import HealthCheck, Phase, given, settings

from pages.parts.routes import Page
from tests.hostile.cases import Pairs, links
from tests.hostile.checks import check_link
from tests.hostile.opened import check_page

SHARE = 40  # one link in so many is opened as a page as well


def main(cases: int) -> None:
    read, opened = [], []
    many = {"max_examples": cases, "phases": [Phase.generate], "suppress_health_check": list(HealthCheck)}

    @settings(**many, database=None, deadline=None, derandomize=True)
    @given(links())
    def send(link: tuple[Page, Pairs]) -> None:
        check_link(*link)
        read.append(1)
        if len(read) % SHARE == 0:
            check_page(*link)
            opened.append(1)

    started = time.monotonic()
    send()
    print(
        f"{len(read)} links read, {len(opened)} of them opened as a page: no exception, no run over the bound, "
        f"nothing shown as markup, the rest of each kept ({time.monotonic() - started:.0f} s)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    main(parser.parse_args().cases)
