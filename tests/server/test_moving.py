"""Quick moves of a control: what nobody waits for any more is not computed, whether or not its progress is shown."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from tests.browser.server import Server
from tests.load.served import trained
from tests.load.viewer import Link, Seen, ask, read, session
from tests.server.running import completed

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
HEAVY = Link("random_init", "r.depth=20&r.width=128&r.seeds=5&r.steps=60")  # seconds of training, within the bound
MOVES = range(1, 11)  # of the base seed


@pytest.fixture(scope="module")
def watched() -> Iterator[Server]:
    with Server("-m", "tests.server.watched") as server:
        yield server


async def opened(socket: ClientConnection) -> str:
    """The link is open, its training has begun; the identifier of the control that is moved."""
    await ask(socket, HEAVY)
    async for data in socket:
        control = ForwardMsg.FromString(data).delta.new_element.number_input
        if control.id.endswith("-r.seed"):
            return control.id
    raise AssertionError("there is no base seed")


async def move(socket: ClientConnection, control: str, seed: int) -> None:
    wanted = BackMsg()
    wanted.rerun_script.page_name, wanted.rerun_script.query_string = HEAVY.path, HEAVY.query
    wanted.rerun_script.widget_states.widgets.add(id=control, double_value=seed)
    await socket.send(wanted.SerializeToString())


def test_of_ten_quick_moves_the_last_alone_is_trained_to_its_end(watched: Server) -> None:
    last = Seen(HEAVY)

    async def moved() -> None:
        async with asyncio.timeout(60), session(watched.url) as socket:
            control = await opened(socket)
            for seed in MOVES:
                while (now := trained(watched))["begun"] < seed:  # the one before, and the first of all
                    await asyncio.sleep(0.01)
                assert now["busy"] <= CORES  # a training has a process a core
                await move(socket, control, seed)
            await read(socket, last)

    completed(moved())
    assert not last.error
    assert last.charts
    after = trained(watched)
    assert (after["begun"], after["ended"], after["busy"]) == (1 + len(MOVES), 1, 0)
