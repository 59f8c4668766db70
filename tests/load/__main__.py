"""Many viewers at once, then a steady stream of them: how long they wait, and what the server takes.

Beside them fifty, or as many as are asked for, who open lines of text: what Streamlit itself takes.

python -m tests.load --sessions 50 [--seconds 60] [--further 1000] [--cores 1] [--megabytes 700]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
from collections.abc import Iterable

import psutil

from tests.browser.server import Server
from tests.load import limits, mix, report, served
from tests.load.plain import LINES
from tests.load.viewer import Link, Seen, view

EVERY = 10  # seconds between two page runs of one viewer in the stream
NEW = 25  # in the stream, one page run in so many has settings that are new
AT_ONCE = 4  # page runs at the same time after the stream
FILL = 60  # page runs with large results, enough to fill every cache
LARGE = {"depth": 50, "width": 4, "seeds": 20, "steps": 10}


class Load:
    """A server under load: what its viewers saw, and the most memory it took."""

    def __init__(self, server: Server) -> None:
        self.server, self.seen, self.peak = server, [], 0.0
        self._process = psutil.Process(server.process.pid)

    def memory(self) -> float:
        """Resident, in MB: of the server, and of the processes that train for it; what all share is counted once."""
        held = [process.memory_info() for process in [self._process, *self._process.children()]]
        now = (sum(one.rss - one.shared for one in held) + max(one.shared for one in held)) / 1e6
        self.peak = max(self.peak, now)
        return now

    async def watch(self) -> None:
        while True:
            self.memory()
            await asyncio.sleep(0.1)

    async def at_once(self, links: Iterable[Link]) -> list[Seen]:
        return self._noted(await asyncio.gather(*(view(self.server.url, link) for link in links)))

    async def a_few_at_a_time(self, links: Iterable[Link]) -> list[Seen]:
        ahead = iter(links)

        async def viewer() -> list[Seen]:
            return [await view(self.server.url, link) for link in ahead]

        several = await asyncio.gather(*(viewer() for _ in range(AT_ONCE)))
        return self._noted(list(itertools.chain(*several)))

    async def stream(self, links: Iterable[Link], interval: float) -> list[Seen]:
        """Begin a page run every so many seconds, whether or not those before have ended."""
        begun = []
        for link in links:
            begun.append(asyncio.create_task(view(self.server.url, link)))
            await asyncio.sleep(interval)
        return self._noted(await asyncio.gather(*begun))

    def _noted(self, seen: list[Seen]) -> list[Seen]:
        self.seen += seen
        return seen

    def say(self, name: str, seen: list[Seen]) -> None:
        print(report.line(name, seen), *report.troubles(seen), sep="\n", flush=True)


async def main(load: Load, plain: Load, sessions: int, seconds: int, further: int) -> None:
    """`plain` is of a server whose one page is lines of text: what Streamlit itself takes."""
    watching = asyncio.create_task(load.watch())
    print(report.HEAD)
    load.say(f"{sessions} at once, defaults, not cached", await load.at_once(mix.defaults(sessions)))
    load.say(f"{sessions} at once, defaults, cached", await load.at_once(mix.defaults(sessions)))
    await plain.at_once([Link("")])
    plain.say(f"{sessions} at once, {LINES} lines of text", await plain.at_once([Link("")] * sessions))
    load.say(f"{sessions} at once, mixed settings", await load.at_once(mix.room(sessions, first_seed=1000)))

    count, new = round(seconds * sessions / EVERY), mix.fresh(first_seed=2000)
    links = [next(new) if i % NEW == NEW - 1 else link for i, link in enumerate(mix.defaults(count))]
    streamed = await load.stream(links, EVERY / sessions)
    load.say(f"stream for {seconds} s, cached", [one for one in streamed if not one.link.query])
    load.say(f"stream for {seconds} s, new settings", [one for one in streamed if one.link.query])

    if further:
        filling, new = mix.fresh(first_seed=10_000, **LARGE), mix.fresh(first_seed=20_000, steps=10)
        load.say("to fill the caches", await load.a_few_at_a_time(itertools.islice(filling, FILL)))
        parts = 4
        print(f"  memory: {load.memory():.0f} MB", end="", flush=True)
        done: list[Seen] = []
        for _ in range(parts):
            links = [next(new) if i % NEW == NEW - 1 else link for i, link in enumerate(mix.defaults(further // parts))]
            done += await load.a_few_at_a_time(links)
            print(f" → {load.memory():.0f} MB", end="", flush=True)
        print(f" over {len(done)} further page runs")
        load.say("further page runs", done)
    watching.cancel()


def summary(load: Load) -> None:
    trained = served.trained(load.server)
    print(
        f"{len(load.seen)} page runs, {sum(bool(one.error) for one in load.seen)} errors, "
        f"{report.disagreements(load.seen)} links that showed viewers different things; "
        f"{trained['begun']} trainings, {trained['kept'] / 1e6:.0f} MB of results kept; "
        f"peak memory {load.peak:.0f} MB"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50, help="how many viewers come at once")
    parser.add_argument("--seconds", type=int, default=60, help="how long the stream lasts")
    parser.add_argument("--further", type=int, default=1000, help="page runs after it, while memory is watched")
    parser.add_argument("--cores", type=int, help="hold the server to so many cores")
    parser.add_argument("--megabytes", type=int, help="hold the server to so much memory")
    chosen = parser.parse_args()
    with (
        Server("-m", "tests.load.served") as server,
        limits.held(server.process.pid, chosen.cores, chosen.megabytes) as how,
        Server(app="tests/load/plain.py") as least,
        limits.held(least.process.pid, chosen.cores, None),
    ):
        print(f"The server: {how}.")
        load = Load(server)
        asyncio.run(main(load, Load(least), chosen.sessions, chosen.seconds, chosen.further))
        summary(load)
