"""Protection: the server as it is set up lets in its own pages only, and takes in little."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message

import pytest
from streamlit import config
from websockets.exceptions import InvalidStatus

from tests.browser.server import Server
from tests.load.viewer import Link, session, view
from tests.server.running import completed

STRANGER = "http://stranger.example"


def answer(server: Server, path: str, method: str = "GET", data: bytes | None = None) -> tuple[int, dict[str, str]]:
    asked = urllib.request.Request(f"{server.url}/{path}", data, {"Origin": STRANGER}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=10) as got:
            return got.status, _lower(got.headers)
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code, _lower(refused.headers)


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def test_what_is_set_and_what_is_left_at_its_safe_default() -> None:
    assert config.get_option("server.enableXsrfProtection")
    assert config.get_option("server.enableCORS")
    assert not config.get_option("server.enableStaticServing")
    assert not config.get_option("server.enableAgentApi")
    assert not config.get_option("browser.gatherUsageStats")
    assert not config.get_option("server.trustedUserHeaders")
    assert 0 < config.get_option("server.maxUploadSize") <= 20  # MB


def test_a_new_session_does_not_look_through_every_module_for_changed_files() -> None:
    assert config.get_option("server.fileWatcherType") == "none"


def test_a_page_of_another_site_gets_no_session(server: Server) -> None:
    async def opened() -> None:
        async with session(server.url, origin=STRANGER):
            pass

    with pytest.raises(InvalidStatus) as refused:
        completed(opened())
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("path", ["", "_stcore/health", "_stcore/host-config"])
def test_a_page_of_another_site_may_read_nothing(server: Server, path: str) -> None:
    status, headers = answer(server, path)
    assert status == 200
    assert headers.get("access-control-allow-origin") in (None, server.url)


def test_an_upload_without_the_token_is_refused(server: Server) -> None:
    status, _ = answer(server, "_stcore/upload_file/0/0", "PUT", b"x")
    assert status == 403


def test_programs_cannot_drive_the_app(server: Server) -> None:
    status, _ = answer(server, "_stcore/agent/interact", "POST", json.dumps({}).encode())
    assert status in (403, 404)


@pytest.mark.parametrize("path", ["../requirements.txt", "%2e%2e/requirements.txt", "app/static/../../app.py"])
def test_no_file_is_served_but_the_apps_own(server: Server, path: str) -> None:
    status, headers = answer(server, path)
    assert status >= 400 or headers["content-type"].startswith("text/html")  # the latter is the app, whatever is asked


def test_a_link_of_a_hundred_thousand_characters_is_answered(server: Server) -> None:
    query = "r.depth=2&r.width=8&r.seeds=1&r.steps=10&r.dataset=" + "x" * 100_000
    seen = completed(view(server.url, Link("random_init", query)))
    assert not seen.error
    assert seen.charts
    assert any("using handwritten digits" in said for said in seen.said)
    assert max(map(len, seen.said)) < 1000
