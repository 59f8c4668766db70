"""Links of strangers: a few hundred of those that `python -m tests.hostile` sends by the thousand."""

import pytest
from hypothesis import given, settings

from pages.parts.routes import PAGES
from pages.parts.settings import BY_PAGE
from tests.hostile.cases import MARKUP, NUMBERS, SHAPES, files, links
from tests.hostile.checks import check_file, check_link, check_shown
from tests.hostile.opened import check_page


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


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_setting_is_sent_everything(page) -> None:
    names = list(BY_PAGE[page.name].fields())
    for text in (*MARKUP, *NUMBERS, *SHAPES, "x" * 100_000):
        check_link(page, [(f"{page.prefix}.{name}", text) for name in names])


@pytest.mark.parametrize("text", ["<b>", "`a` <b>", "a`b", "`a\nb`", "`" + "x" * 1000 + "`"])
def test_what_would_be_markup_is_found(text: str) -> None:
    with pytest.raises(AssertionError):
        check_shown(text)
