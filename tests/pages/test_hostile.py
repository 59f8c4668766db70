"""Links of strangers: a few hundred of those that `python -m tests.hostile` sends by the thousand."""

from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from streamlit.testing.v1 import AppTest

from pages.parts.settings import BY_PAGE
from pages.parts.shell.routes import PAGES, Page
from tests.hostile.cases import MARKUP, NUMBERS, SHAPES, Pairs, files, links
from tests.hostile.checks import check_file, check_link, check_shown
from tests.hostile.opened import check_page, opened
from tests.pages.opened import pictures

from .conftest import Open, little

every_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
OF_NETWORKS = [page for page in PAGES if page.name != "claims"]  # whose only setting is sent everything as it is
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


@settings(max_examples=150)
@given(links())
def test_any_link_is_read(link) -> None:
    check_link(*link)


@settings(max_examples=12)
@given(links())
def test_any_link_is_opened(link) -> None:
    check_page(*link)


@settings(max_examples=100)
@given(files())
def test_any_file_is_opened(data) -> None:
    check_file(data)


@pytest.mark.parametrize("longest", [100_000, 50_000])
def test_a_link_that_is_too_long_to_be_read_is_answered_so(longest: int) -> None:
    page = PAGES[2]
    check_page(page, [(f"{page.prefix}.depth", "20"), (f"{page.prefix}.activation", "🙂" * longest)])


EVERYTHING = (*MARKUP, *NUMBERS, *SHAPES, *UNUSABLE, "x" * 100_000)


@every_page
def test_every_setting_is_sent_everything(page) -> None:
    for text in EVERYTHING:
        check_link(page, said_of_all(page, text))


def test_everything_that_is_sent_is_shown_as_text() -> None:
    for text, page in zip(EVERYTHING, cycle(PAGES), strict=False):
        check_page(page, said_of_all(page, text))


def said_of_all(page: Page, text: str) -> Pairs:
    """A link that says the same of every setting."""
    return [(f"{page.prefix}.{name}", text) for name in BY_PAGE[page.name].fields()]


@pytest.mark.parametrize("text", ["<b>", "`a` <b>", "a`b", "`a\nb`", "`" + "x" * 1000 + "`"])
def test_what_would_be_markup_is_found(text: str) -> None:
    with pytest.raises(AssertionError):
        check_shown(text)


def set_to(app: AppTest, page: Page) -> dict[str, object]:
    """What the page is set to, without the prefix of its names."""
    start = f"{page.prefix}."
    widgets = (
        *app.slider,
        *app.select_slider,
        *app.selectbox,
        *app.multiselect,
        *app.pills,
        *app.number_input,
        *app.toggle,
    )
    return {
        widget.key.removeprefix(start): widget.value
        for widget in widgets
        if widget.key and widget.key.startswith(start)
    }


def assert_named_and_left_out(app: AppTest, page: Page, unusable: dict[str, str], usual: AppTest) -> None:
    """The page is set to its defaults, and every setting that could not be used is named."""
    assert not app.exception
    named = " ".join(warning.value for warning in app.warning)
    assert all(f"{page.prefix}.{name}=" in named for name in unusable), unusable
    assert set_to(usual, page)
    assert set_to(app, page) == set_to(usual, page)


@every_page
def test_what_cannot_be_used_is_named_and_as_if_it_had_not_been_said(page: Page) -> None:
    """Each setting is sent another text, twice; what is read of all texts, of all settings, is tried above."""
    usual = opened(page, {})
    for first in (0, len(UNUSABLE) // 2):
        texts = islice(cycle(UNUSABLE), PAGES.index(page) + first, None)
        unusable = dict(zip(BY_PAGE[page.name].fields(), texts, strict=False))
        app = opened(page, {f"{page.prefix}.{name}": [text] for name, text in unusable.items()})
        assert_named_and_left_out(app, page, unusable, usual)


@pytest.mark.parametrize("page", OF_NETWORKS, ids=[page.name for page in OF_NETWORKS])
def test_a_whole_page_opens_at_a_link_of_which_little_can_be_used(routed: Open, plain_charts: None, page: Page) -> None:
    """Each of the other settings is sent another text, and on the next page others again."""
    used = little(page)
    others = [name for name in BY_PAGE[page.name].fields() if name not in used]
    unusable = dict(zip(others, islice(cycle(UNUSABLE), PAGES.index(page), None), strict=False))
    app = routed(page.name, **unusable, **used)
    assert pictures(app)
    usual = opened(page, {f"{page.prefix}.{name}": [str(value)] for name, value in used.items()})
    assert_named_and_left_out(app, page, unusable, usual)
