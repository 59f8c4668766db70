"""Links of strangers: a few hundred of those that `python -m tests.hostile` sends by the thousand."""

import pytest
from hypothesis import given, settings
from streamlit.testing.v1 import AppTest

from pages.parts.routes import PAGES, Page
from pages.parts.settings import BY_PAGE
from tests.hostile.cases import MARKUP, NUMBERS, SHAPES, files, links
from tests.hostile.checks import check_file, check_link, check_shown
from tests.hostile.opened import check_page

from .conftest import Open

every_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
UNUSABLE = [
    "",
    "abc",
    "-1",
    "1e309",
    "nan",
    "9" * 1000,
    "<script>alert(1)</script>",
    "`:red[x]` $x$",
    "Ω🙂٣",
    "\x00",
    "[]",
]


@settings(max_examples=300)
@given(links())
def test_any_link_is_read(link) -> None:
    check_link(*link)


@settings(max_examples=12)
@given(links())
def test_any_link_is_opened(link) -> None:
    check_page(*link)


@settings(max_examples=200)
@given(files())
def test_any_file_is_opened(data) -> None:
    check_file(data)


@pytest.mark.parametrize("longest", [100_000, 50_000])
def test_a_link_that_is_too_long_to_be_read_is_answered_so(longest: int) -> None:
    page = PAGES[2]
    check_page(page, [(f"{page.prefix}.depth", "20"), (f"{page.prefix}.activation", "🙂" * longest)])


@every_page
def test_every_setting_is_sent_everything(page) -> None:
    names = list(BY_PAGE[page.name].fields())
    for text in (*MARKUP, *NUMBERS, *SHAPES, "x" * 100_000):
        check_link(page, [(f"{page.prefix}.{name}", text) for name in names])


@pytest.mark.parametrize("text", ["<b>", "`a` <b>", "a`b", "`a\nb`", "`" + "x" * 1000 + "`"])
def test_what_would_be_markup_is_found(text: str) -> None:
    with pytest.raises(AssertionError):
        check_shown(text)


def set_to(app: AppTest, page: Page) -> dict[str, object]:
    """What the page is set to, without the prefix of its names."""
    start = f"{page.prefix}."
    widgets = (*app.slider, *app.select_slider, *app.selectbox, *app.multiselect, *app.number_input, *app.toggle)
    return {
        widget.key.removeprefix(start): widget.value
        for widget in widgets
        if widget.key and widget.key.startswith(start)
    }


@every_page
def test_what_cannot_be_used_is_named_and_as_if_it_had_not_been_said(routed: Open, page: Page) -> None:
    usual = set_to(routed(page.name), page)
    assert usual
    for value in UNUSABLE:
        app = routed(page.name, **dict.fromkeys(usual, value))
        assert not app.exception
        named = " ".join(warning.value for warning in app.warning)
        assert all(f"{page.prefix}.{name}=" in named for name in usual), value
        cleared = {name: [] for name, chosen in usual.items() if isinstance(chosen, list) and not value}
        assert set_to(app, page) == {**usual, **cleared}
