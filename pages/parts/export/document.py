"""A page's settings as a JSON document, and what can be read of any file that is opened as one."""

import json
from typing import Any

from pages.parts.settings import BY_PAGE, Settings, links, page_label
from pages.parts.settings.fields import write_text

LARGEST = 64_000  # bytes; a document of ours has a hundredth of that


def write_document(page: str, settings: Settings) -> str:
    """Every setting by its name, with the page that it is of and the version of the names."""
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
    values = document.get("settings") if isinstance(document, dict) else None
    if not isinstance(values, dict):
        return None, ["The file holds no settings of a page."]
    page = document.get("page")
    if not isinstance(page, str) or page not in BY_PAGE:
        return None, [f"The file does not say of which page it is: {', '.join(BY_PAGE)}."]
    troubles, version = [], document.get("version")
    if str(version) not in links.READABLE:
        quoted = links.quote_untrusted([str(version)]) if isinstance(version, int | str) else "unknown"
        versions = f"version {quoted} and the app of version {links.VERSION}"
        troubles.append(f"The file is of {versions}: it may mean something else here.")
    kind, texts = BY_PAGE[page], {name: _list_texts(value) for name, value in values.items()}
    settings, rejected = kind.read(texts)
    troubles += [f"The file asks for {note}" for note in kind.rounding_notes(texts).values()]
    if rejected:
        title, wrong = page_label(page), links.quote_untrusted(rejected)
        troubles.append(f"The file sets {wrong} to what *{title}* does not have; the rest is used.")
    if missing := [name for name in settings.fields() if name not in values]:
        troubles.append(f"The file says nothing of {links.quote_untrusted(missing)}; the defaults are used.")
    return settings, troubles


def _list_texts(value: Any) -> list[str]:
    """A JSON value as a link would hold it; "", which no setting is, of what no link holds."""
    values = value if isinstance(value, list) else [value]
    return [write_text(each) if isinstance(each, int | float | str) else "" for each in values]
