"""What a stranger may send: links with anything in them, near to what is meant and far from it."""

from __future__ import annotations

import json
import math

from hypothesis import strategies as st

from pages.parts.settings import BY_PAGE
from pages.parts.settings.fields import Choice, Number
from pages.parts.settings.links import VERSION
from pages.parts.shell.routes import PAGES, Page

Pairs = list[tuple[str, str]]  # what stands in a link, name by name, in order; a name may come again

MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</code></pre><h1>x",
    "`:red[x]`",
    "``` \n# x",
    "$\\frac{1}{0}$",
    "[x](javascript:alert(1))",
    "![x](http://stranger.example/x.png)",
    ":material/home:",
    "\u202etxt.exe",
    "{{7*7}}",
    "%(name)s",
    "../../etc/passwd",
    "'; DROP TABLE x; --",
)
NUMBERS = (
    "nan",
    "-nan",
    "inf",
    "-Infinity",
    "1e309",
    "-1e309",
    "1e-320",
    "0x10",
    "1_0",
    "١٢",
    "½",
    "-0",
    "+5",
    "9" * 400,
)
SHAPES = ("", " ", "[]", "{}", "null", "None", "true", "[1]", "1,2", "\x00", "\ufeff", "\n", "a=b&c=d", "%00", "\ud7ff")

# Once in a while as long as a browser lets a link be.
_LONG = st.sampled_from(["x", "9", "<b>", "`", "é", "🙂", "\u0301"]).map(lambda one: one * (100_000 // len(one)))
_SHORT = st.one_of(
    st.sampled_from(MARKUP + NUMBERS + SHAPES),
    st.text(max_size=60),
    st.integers().map(str),
    st.floats().map(str),
)
_ANY = st.integers(0, 49).flatmap(lambda one: st.just("") if one else _LONG) | _SHORT


def texts(page: Page, name: str) -> st.SearchStrategy[str]:
    """What may be said of a setting: what is meant by it, or anything."""
    field = BY_PAGE[page.name].fields().get(name)
    if field is None:
        return _ANY
    meant = st.sampled_from(field.write(field.default))
    match field:
        case Choice():
            meant = st.sampled_from([*field.labels, *field.labels.values()])
        case Number():
            meant = st.integers(math.floor(field.low), field.high).map(str) | st.floats(field.low, field.high).map(str)
    return meant | meant | _ANY


@st.composite
def links(draw: st.DrawFn) -> tuple[Page, Pairs]:
    """A page, and what its link says."""
    page = draw(st.sampled_from(PAGES))
    own = list(BY_PAGE[page.name].fields())
    names = draw(st.lists(st.sampled_from(own) | st.sampled_from(own) | _SHORT, max_size=8))
    return page, [(f"{page.prefix}.{name}", draw(texts(page, name))) for name in names]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _SHORT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_SHORT, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file with settings: in the form that the app writes, with anything in it, or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(
            st.binary(max_size=99) | _JSON.map(_encoded) | _ANY.map(lambda text: text.encode("utf-8", "replace"))
        )
    page, pairs = draw(links())
    own = {name.removeprefix(f"{page.prefix}."): draw(st.just(text) | _JSON) for name, text in pairs}
    made = {"version": draw(st.just(VERSION) | _JSON), "page": draw(st.just(page.name) | _JSON), "settings": own}
    return _encoded(made | draw(st.just({}) | st.dictionaries(_SHORT, _JSON, max_size=2)))


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()
