"""Faults: what nobody waits for stops, and two who wait for the same are served by one training."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection

from tests.browser.server import Server
from tests.load.served import trained
from tests.load.viewer import Link, Seen, ask, read, session, view
from tests.server.running import SOON, completed, heavy, until


def assert_ends_when_left(server: Server, seed: int, leave: Callable[[ClientConnection], Awaitable[object]]) -> None:
    """A training that takes seconds is over soon after its viewer has left, and not by having come to its end."""

    async def train_and_leave() -> None:
        async with asyncio.timeout(SOON), session(server.url) as socket:
            await ask(socket, heavy(seed))
            await until(server, bool)
            await leave(socket)
            await until(server, lambda busy: not busy)

    before = trained(server)
    completed(train_and_leave())
    after = trained(server)
    assert (after["begun"], after["ended"]) == (before["begun"] + 1, before["ended"])


def test_a_closed_tab_ends_its_training(server: Server) -> None:
    assert_ends_when_left(server, 101, lambda socket: socket.close())


def test_a_tab_that_is_cut_off_ends_its_training(server: Server) -> None:
    async def cut(socket: ClientConnection) -> None:
        socket.transport.abort()

    assert_ends_when_left(server, 102, cut)


def test_a_moved_control_ends_the_training(server: Server) -> None:
    other = Link("overview", "o.depth=1&o.seeds=1&o.steps=10")
    completed(view(server.url, other))  # so that nothing is trained where the viewer goes
    assert_ends_when_left(server, 103, lambda socket: ask(socket, other))


def test_who_waits_can_leave_with_a_click(server: Server) -> None:
    async def waits_and_leaves() -> Seen:
        seen = Seen(heavy(1))
        async with asyncio.timeout(SOON), session(server.url) as socket:
            await ask(socket, seen.link)
            await ask(socket, seen.link, await _button(socket, "Cancel"))
            while not any("Training canceled" in said for said in seen.said):
                await read(socket, seen)
            await until(server, lambda busy: not busy)
        return seen

    assert not completed(waits_and_leaves()).error


async def _button(socket: ClientConnection, label: str) -> str:
    async for data in socket:
        button = ForwardMsg.FromString(data).delta.new_element.button
        if button.label == label:
            return button.id
    raise AssertionError(f"there is no {label}")


def test_two_who_ask_for_the_same_wait_for_one_training(server: Server) -> None:
    link, before = Link("random_init", "r.seed=12"), trained(server)["begun"]

    async def both() -> list[Seen]:
        return await asyncio.gather(view(server.url, link), view(server.url, link))

    first, second = completed(both())
    assert not first.error
    assert first.said == second.said
    assert trained(server)["begun"] == before + 1
