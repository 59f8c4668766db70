"""What leaves the app: a link that opens as what it was copied from, and files; the report needs no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Page as View

from pages.parts.export import document
from pages.parts.settings import Clipping, RandomInit
from pages.parts.settings.links import VERSION
from pages.parts.shell.routes import BY_NAME
from tests.browser import chromium
from tests.browser.server import Server
from tests.browser.tab import Tab

SET = "c.depth=4&c.width=12&c.seeds=2&c.steps=20&c.gain=0.5&c.pin=depth+3+width+8+seeds+1+steps+10"
CHOSEN = Clipping(depth=4, width=12, seeds=2, steps=20, gain=0.5)
# A page that is not secure has no clipboard: the old command is watched, and said to have worked.
INSECURE = """() => {
Object.defineProperty(navigator, 'clipboard', { value: undefined });
document.execCommand = command => {
    window.copied = document.querySelector('.st-key-copy-link').contains(document.activeElement)
        || document.activeElement.shadowRoot !== null;
    return command === 'copy';
};
}"""


@pytest.fixture(scope="module")
def view(desk: BrowserContext, tab: Tab, server: Server) -> Iterator[View]:
    desk.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.go_to(f"{server.url}/clipping?{SET}")
    yield tab.view
    desk.clear_permissions()


def copy(view: View) -> None:
    view.get_by_role("button", name="Copy link").click()
    expect(view.get_by_role("button", name="Link copied")).to_be_visible()


def test_a_copied_link_opens_as_what_it_was_copied_from(view: View, tab: Tab) -> None:
    copy(view)
    link = view.evaluate("navigator.clipboard.readText()")
    assert all(f"c.{name}=" in link for name in Clipping.fields())
    assert f"?v={VERSION}&" in link
    compared = view.locator(".st-key-comparison")
    shown = chromium.banner(view), compared.inner_text()
    tab.open(link)
    assert (chromium.banner(view), compared.inner_text()) == shown
    assert view.locator("[data-testid='stAlert']").count() == 1  # the banner: nothing was refused


def test_where_there_is_no_clipboard_it_is_copied_all_the_same(view: View) -> None:
    expect(view.get_by_role("button", name="Copy link")).to_be_visible()
    view.evaluate(INSECURE)
    copy(view)
    assert view.evaluate("window.copied")


def taken(view: View, what: str, folder: Path) -> Path:
    """The file that the button gives."""
    with view.expect_download() as waiting:
        view.get_by_role("button", name=f"{what} (").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_files(browser: Browser, view: View, tmp_path: Path) -> None:
    view.locator(".st-key-download button").click()
    page = BY_NAME["clipping"]
    settings = document.read_document(taken(view, "Settings", tmp_path).read_bytes())
    assert settings == (CHOSEN, [])
    assert taken(view, "Data", tmp_path).read_bytes().startswith(b"PK")
    assert "from core import" in taken(view, "Script", tmp_path).read_text()
    assert taken(view, "PNG", tmp_path).read_bytes().startswith(b"\x89PNG")
    assert "<svg" in taken(view, "SVG", tmp_path).read_text()

    charts = view.locator("[data-testid='stVegaLiteChart']").count()
    alone = chromium.new(browser, offline=True).new_page()
    asked: list[str] = []
    trouble: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: trouble.append(str(error)))
    alone.goto(taken(view, "Report", tmp_path).as_uri())
    expect(alone.locator(".chart svg.marks")).to_have_count(charts)
    assert alone.locator("h1").inner_text() == page.title
    assert all(word in alone.locator("body").inner_text() for word in ("Gain", "NumPy", chromium.banner(view)[-60:]))
    assert not trouble
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    alone.context.close()


def test_an_opened_file_sets_the_page_it_is_of(view: View) -> None:
    settings = document.write_document("random_init", RandomInit(depth=3, width=8, seeds=1, steps=10))
    field = view.locator("[data-testid='stFileUploaderDropzoneInput']")
    if not field.count():
        view.locator(".st-key-download button").click()
    field.set_input_files({"name": "mine.json", "mimeType": "application/json", "buffer": settings.encode()})
    expect(view.locator("h1")).to_have_text(BY_NAME["random_init"].title)
    expect(view).to_have_url(re.compile(r"random_init\?.*r\.depth=3"))
    chromium.drawn(view)
    assert "r.seeds=1" in view.url
