"""What holds whatever is sent: no exception, no run over the bound, what is of use kept, and no markup."""

from __future__ import annotations

import json
from collections.abc import Sequence

from core import Experiment
from core.engine.budget import shrink_to_bound
from pages.parts.export import document
from pages.parts.serving.limits import LIMITS
from pages.parts.settings import BY_PAGE, Settings, links
from pages.parts.shell.routes import Page
from tests.hostile.cases import Pairs

LONGEST = 400  # characters of a sender's that are shown at once


def check_link(page: Page, pairs: Pairs) -> None:
    """A link as a page reads it, without the page."""
    kind = BY_PAGE[page.name]
    said: dict[str, list[str]] = {}
    for name, text in pairs:
        said.setdefault(name.removeprefix(f"{page.prefix}."), []).append(text)
    settings, rejected = kind.read(said)
    fields = kind.fields()
    for name, field in fields.items():
        value = field.read(said[name]) if name in said and name not in rejected else field.default
        assert getattr(settings, name) == value, f"{name} is not kept"
        assert field.read(field.write(value)) == value
    assert set(rejected) <= set(said)
    check_shown(links.quote_untrusted(rejected))
    check_experiments(settings)


def check_experiments(settings: Settings) -> None:
    """Each experiment is one that can be made, and is within the bound or has a smaller one that is."""
    for experiment in experiments(settings):
        assert LIMITS.run.allows(experiment) or LIMITS.run.allows(shrink_to_bound(experiment, LIMITS.run))


def experiments(settings: Settings) -> list[Experiment]:
    """Every experiment that the settings make: each property of theirs that is one, or several."""
    made: list[Experiment] = []
    for name in dir(type(settings)):
        if isinstance(getattr(type(settings), name), property):
            value = getattr(settings, name)
            made += [one for one in (value if isinstance(value, Sequence) else [value]) if isinstance(one, Experiment)]
    return made


def check_file(data: bytes) -> None:
    """A file with settings as it is opened, whatever it holds: what is of use is kept, the rest is named."""
    settings, troubles = document.read_document(data)
    for trouble in troubles:
        check_notice(trouble)
        assert len(trouble) <= 2 * LONGEST
    if settings is None:
        assert len(troubles) == 1
        return
    values = json.loads(data)["settings"]
    for name, field in settings.fields().items():
        chosen = getattr(settings, name)
        assert field.read(field.write(chosen)) == chosen
        if name not in values:
            assert chosen == field.default
            assert any("says nothing of" in trouble for trouble in troubles)
    assert set(values) <= set(settings.fields()) or any("file sets" in trouble for trouble in troubles)
    check_experiments(settings)


def check_notice(text: str) -> None:
    """Of a sender's words nothing stands outside backquotes, and nothing that cannot be printed anywhere."""
    outside = " ".join(text.split("`")[::2])
    assert text.isprintable()
    assert text.count("`") % 2 == 0
    assert "<" not in outside
    assert not any(mark in outside for mark in ("![", "](", ":red[", "$\\"))


def check_shown(text: str) -> None:
    """Whatever a sender wrote stands between backquotes, on one line, and is short."""
    outside = text.split("`")[::2]
    assert text.count("`") % 2 == 0
    assert set("".join(outside)) <= set(", andmore"), text
    assert text.isprintable()
    assert len(text) <= LONGEST
