"""A page's settings as a JSON document, and what can be read of one that somebody opens, whatever it holds."""

import json
from typing import Any

from pages.parts.settings import BY_PAGE, Settings, links, page_label
from pages.parts.settings.fields import slug

LARGEST = 64_000  # bytes; a document of ours has a hundredth of that


def write_document(page: str, settings: Settings) -> str:
    """The document: every setting by its name, with the page it is of and the version of its names."""
    values = {name: getattr(settings, name) for name in settings.fields()}
    what = "settings of an experiment with starting weights"
    document = {"what": what, "version": links.VERSION, "page": page, "settings": values}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read_document(data: bytes) -> tuple[Settings | None, list[str]]:
    """Settings, unless none can be had of it, and a sentence for each thing not understood.

    Those that are missing, or cannot be used, are at their defaults.
    """
    if len(data) > LARGEST:
        return None, [f"The file has more than {LARGEST // 1000} kB: it holds no settings of a page."]
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None, ["The file is not JSON: nothing of it can be read."]
    if not isinstance(document, dict):
        return None, ["The file holds no settings of a page."]
    page, values = document.get("page"), document.get("settings")
    if not isinstance(page, str) or page not in BY_PAGE:
        return None, [f"The file does not say of which page it is: {', '.join(BY_PAGE)}."]
    if not isinstance(values, dict):
        return None, ["The file holds no settings of a page."]
    troubles, version = [], document.get("version")
    if str(version) not in links.READABLE:
        quoted = links.quote_untrusted([str(version)]) if isinstance(version, int | str) else "unknown"
        versions = f"version {quoted} and the app of version {links.VERSION}"
        troubles.append(f"The file is of {versions}: it may mean something else here.")
    kind, texts = BY_PAGE[page], {name: _texts(value) for name, value in values.items()}
    settings, rejected = kind.read(texts)
    troubles += [f"The file asks for {note}" for note in kind.rounding_notes(texts).values()]
    if rejected:
        title, wrong = page_label(page), links.quote_untrusted(rejected)
        troubles.append(f"The file sets {wrong} to what *{title}* does not have; the rest is used.")
    if missing := [name for name in settings.fields() if name not in values]:
        troubles.append(f"The file says nothing of {links.quote_untrusted(missing)}; the defaults are used.")
    return settings, troubles


def _texts(value: Any) -> list[str]:
    """A JSON value as a link would hold it; nothing that is allowed where it is neither text, number nor truth."""
    if isinstance(value, list):
        return [text for each in value for text in (_texts(each) if not isinstance(each, list) else [""])]
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, float):
        return [slug(value)]
    return [str(value)] if isinstance(value, int | str) else [""]
