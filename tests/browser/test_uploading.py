"""Files of one's own in a real browser: data that a network is measured on, and weights that are diagnosed."""

from __future__ import annotations

import io

import numpy as np
import pytest
from playwright.sync_api import Page as View
from playwright.sync_api import expect

from tests.browser import chromium
from tests.browser.keyboard import unreached
from tests.browser.server import Server
from tests.browser.tab import Tab
from tests.core.weights import network


@pytest.fixture(scope="module")
def view(tab: Tab, server: Server) -> View:
    tab.go_to(f"{server.url}/your_network?y.sizes=3,4,2&y.upload=true&y.dataset=noise")
    return tab.view


def test_everything_is_reached_by_keyboard(view: View) -> None:
    assert unreached(view, "[data-testid='stSidebar'] .st-key-controls") == []
    assert unreached(view, ".st-key-diagnosis-file") == []
    data = view.locator(".st-key-y-dataset [role='radio']")
    data.first.focus()
    data.first.press("ArrowRight")
    expect(data.nth(1)).to_be_focused()


def a_csv() -> bytes:
    rng = np.random.default_rng(0)
    rows = [f"{a:.3f},{b:.3f},{'yes' if a > b else 'no'}" for a, b in rng.normal(size=(60, 2))]
    return "\n".join(["height,weight,taller", *rows]).encode()


def weights() -> bytes:
    arrays = network((6, 5, 4))
    arrays["1.weight"][:] = 0
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_a_table_is_measured_on_and_its_ends_are_the_networks(view: View) -> None:
    before = chromium.banner(view)
    chosen = {"name": "people.csv", "mimeType": "text/csv", "buffer": a_csv()}
    view.locator(".st-key-upload-file input[type='file']").set_input_files(chosen)
    expect(view.get_by_text("60 examples, 2 inputs, 2 softmax outputs.")).to_be_visible()
    expect(view.get_by_text("The first and last layer have the size of your data: 2 → 4 → 2.")).to_be_visible()
    chromium.drawn(view)
    assert chromium.banner(view) != before
    assert "people" not in view.url


def test_weights_are_diagnosed_and_a_pickle_is_refused(view: View) -> None:
    place = view.locator(".st-key-diagnosis-file input[type='file']")
    place.set_input_files({"name": "model.npz", "mimeType": "application/octet-stream", "buffer": weights()})
    expect(view.get_by_text("all weights are 0, as on purpose").first).to_be_visible()
    expect(view.get_by_role("textbox", name="Layer sizes")).to_have_value("6, 5, 4")
    chromium.drawn(view)
    place.set_input_files({"name": "model.pt", "mimeType": "application/octet-stream", "buffer": b"anything"})
    expect(view.get_by_text("PyTorch's own format can run code when it is opened").first).to_be_visible()
