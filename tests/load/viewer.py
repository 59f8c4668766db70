"""A viewer without a browser: opens a link over the app's websocket and reads the page to its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from pages.parts.shell.routes import MESSAGE

PATIENCE = 300  # seconds; no page needs so long


@dataclass(frozen=True)
class Link:
    """A page by its path and the settings in its link, as the address holds them."""

    path: str
    query: str = ""


@dataclass
class Seen:
    """What came of opening a link: how long it took, what the page said in its alerts, and what went wrong."""

    link: Link
    seconds: float = 0.0
    said: list[str] = field(default_factory=list)
    charts: set[tuple[int, ...]] = field(default_factory=set)  # the places of those that are left in the end
    error: str = ""


async def view(url: str, link: Link) -> Seen:
    """Open the link in a session of its own, read until the page is finished, and close it."""
    seen, started = Seen(link), time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE), session(url) as socket:
            await ask(socket, link)
            await read(socket, seen)
    except (OSError, WebSocketException, TimeoutError) as error:
        seen.error = repr(error)
    seen.seconds = time.monotonic() - started
    return seen


@asynccontextmanager
async def session(url: str, origin: str | None = None) -> AsyncIterator[ClientConnection]:
    """A session as a browser on this machine opens it, from the app's own page unless `origin` says another."""
    host = urlsplit(url).netloc
    assert host.startswith("127.0.0.1:"), host
    address = f"ws://{host}/_stcore/stream"
    # No proxy: that is for other hosts. What is not read yet must not stand in the way of the words that close.
    aside = {"proxy": None, "max_size": None, "max_queue": None}
    async with connect(address, subprotocols=["streamlit"], origin=origin or url, **aside) as socket:
        yield socket


async def ask(socket: ClientConnection, link: Link, *clicked: str) -> None:
    """Have the session run the link's page, with these buttons clicked, by their identifiers."""
    wanted = BackMsg()
    wanted.rerun_script.page_name = link.path
    wanted.rerun_script.query_string = link.query
    for identifier in clicked:
        wanted.rerun_script.widget_states.widgets.add(id=identifier, trigger_value=True)
    await socket.send(wanted.SerializeToString())


async def read(socket: ClientConnection, seen: Seen) -> None:
    """Read what the session draws, until the page is finished."""
    async for data in socket:
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "delta":
            element, place = message.delta.new_element, tuple(message.metadata.delta_path)
            seen.charts.discard(place)
            match element.WhichOneof("type"):
                case "alert":
                    seen.said.append(element.alert.body)
                    if element.alert.body.startswith(MESSAGE):
                        seen.error = MESSAGE
                case "arrow_vega_lite_chart" | "vega_lite_chart":
                    seen.charts.add(place)
                case "exception":
                    seen.error = f"{element.exception.type}: {element.exception.message}"
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                seen.error = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
            return
    seen.error = "the server hung up"
