"""What those see who come to a server that has only just started, each to another page, and all at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.parts.shell.routes import PAGES
from tests.browser.server import Server
from tests.load.viewer import Link, ask, session
from tests.server.running import completed

LITTLE = {
    "claims": "",
    "your_network": "y.sizes=64-8-10",
    "map": "m.columns=2&m.rows=2&m.steps=10",
}  # to train: it is the way there that is tried
USUAL = "{0}.steps=10&{0}.depth=2&{0}.seeds=1"
PATHS = [("", PAGES[0]), *((page.name, page) for page in PAGES)]
SIDEBAR = 1  # the second of the places that a page is made of


@dataclass
class Drawn:
    """What a session was sent until its page was finished."""

    titles: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    controls: int = 0
    pictures: int = 0
    errors: list[str] = field(default_factory=list)


async def drawn(server: Server, link: Link) -> Drawn:
    async with asyncio.timeout(60), session(server.url) as socket:
        await ask(socket, link)
        found = Drawn()
        async for data in socket:
            message = ForwardMsg.FromString(data)
            match message.WhichOneof("type"):
                case "new_session":  # sent to the router, it begins anew
                    found = Drawn()
                case "navigation":
                    found.ways = [page.page_name for page in message.navigation.app_pages if not page.is_hidden]
                case "delta":
                    note(found, message)
                case "page_not_found":
                    found.errors.append("page not found")
                case "script_finished" if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return found
    raise AssertionError("the server hung up")


def note(found: Drawn, message: ForwardMsg) -> None:
    element = message.delta.new_element
    match kind := element.WhichOneof("type"):
        case "heading" if element.heading.tag == "h1":
            found.titles.append(element.heading.body)
        case "arrow_vega_lite_chart" | "vega_lite_chart" | "imgs":
            found.pictures += 1
        case "html" if "<img " in element.html.body:
            found.pictures += 1
        case "exception":
            found.errors.append(element.exception.message)
        case str() if message.metadata.delta_path[0] == SIDEBAR and getattr(getattr(element, kind), "label", ""):
            found.controls += 1


def visit_all_at_once(server: Server) -> dict[str, Drawn]:
    """By the path of their link."""

    async def visit() -> list[Drawn]:
        links = (Link(path, LITTLE.get(page.name, USUAL.format(page.prefix))) for path, page in PATHS)
        return await asyncio.gather(*(drawn(server, link) for link in links))

    return dict(zip((path for path, _ in PATHS), completed(visit()), strict=True))
