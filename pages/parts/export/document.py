"""A page's settings as a JSON document, and what can be read of one that somebody opens, whatever it holds."""

import json
from dataclasses import dataclass
from typing import Any

from pages.parts.settings import BY_PAGE, Settings, links, page_label
from pages.parts.settings.fields import write_text

LARGEST = 64_000  # bytes; a document of ours has a hundredth of that
_WHAT = "settings of an experiment with starting weights"


@dataclass(frozen=True)
class Opened:
    """What a document says: settings, unless none can be had of it, and a sentence for each thing not understood."""

    settings: Settings | None
    troubles: list[str]


def write_document(page: str, settings: Settings) -> str:
    """The document: every setting by its name, with the page it is of and the version of its names."""
    values = {name: getattr(settings, name) for name in settings.fields()}
    document = {"what": _WHAT, "version": links.VERSION, "page": page, "settings": values}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read_document(data: bytes) -> Opened:
    """Settings that are missing, or cannot be used, are at their defaults; of everything not understood it is said."""
    if len(data) > LARGEST:
        return Opened(None, [f"The file has more than {LARGEST // 1000} kB: it holds no settings of a page."])
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return Opened(None, ["The file is not JSON: nothing of it can be read."])
    if not isinstance(document, dict):
        return Opened(None, ["The file holds no settings of a page."])
    page, values = document.get("page"), document.get("settings")
    if not isinstance(page, str) or page not in BY_PAGE:
        return Opened(None, [f"The file does not say of which page it is: {', '.join(BY_PAGE)}."])
    if not isinstance(values, dict):
        return Opened(None, ["The file holds no settings of a page."])
    troubles = [] if str(document.get("version")) in links.READABLE else [_other_version(document.get("version"))]
    kind, texts = BY_PAGE[page], {name: _texts(value) for name, value in values.items()}
    settings, rejected = kind.read(texts)
    troubles += [f"The file asks for {note}" for note in kind.rounding_notes(texts).values()]
    if rejected:
        title, wrong = page_label(page), links.quote_untrusted(rejected)
        troubles.append(f"The file sets {wrong} to what *{title}* does not have; the rest is used.")
    if missing := [name for name in settings.fields() if name not in values]:
        troubles.append(f"The file says nothing of {links.quote_untrusted(missing)}; the defaults are used.")
    return Opened(settings, troubles)


def _other_version(version: Any) -> str:
    quoted = links.quote_untrusted([str(version)]) if isinstance(version, int | str) else "unknown"
    return f"The file is of version {quoted} and the app of version {links.VERSION}: it may mean something else here."


def _texts(value: Any) -> list[str]:
    """A JSON value as a link would hold it; nothing that is allowed where it is neither text, number nor truth."""
    if isinstance(value, list):
        return [text for each in value for text in (_texts(each) if not isinstance(each, list) else [""])]
    return [write_text(value)] if isinstance(value, int | float | str) else [""]
