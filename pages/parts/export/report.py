"""A page as one HTML file: banner, settings, versions, and interactive charts; it needs no network."""

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from core.verdicts import Verdict
from pages.parts.figures import drawings
from pages.parts.figures.drawings import Figure
from pages.parts.figures.theme import ChartTheme
from pages.parts.page import describe

_PAGE = Path(__file__).with_name("report.html").read_text(encoding="utf-8")


def write_report(
    title: str,
    verdict: Verdict,
    figures: Sequence[Figure],
    settings: Mapping[str, str],
    versions: Mapping[str, str],
    theme: ChartTheme,
) -> str:
    """The HTML in the page's `theme`, with its charts, if it has any; every word is escaped."""
    names = {f"chart-{place}": figure for place, figure in enumerate(figures)}
    specs = {name: drawings.titled_spec(figure, "container") for name, figure in names.items()}
    return _PAGE.format(
        title=escape(title),
        font=drawings.FONT,
        ink=theme.ink,
        paper=theme.paper,
        quiet=theme.quiet,
        banner=_write_sentence(describe(verdict)),
        details=_write_sentence(verdict.details),
        figures="\n".join(
            f'<figure><div class="chart" id="{name}"></div>'
            f"<figcaption>{_write_sentence(figure.note)}</figcaption></figure>"
            for name, figure in names.items()
        ),
        settings=_write_table(settings),
        versions=_write_table(versions),
        engine=re.sub("</script", r"<\\/script", drawings.convert("javascript_bundle"), flags=re.IGNORECASE),
        charts=json.dumps(specs).replace("</", "<\\/"),
    )


def _write_sentence(markdown: str) -> str:
    """A sentence whose bold words are the only Markdown that is kept."""
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(markdown))


def _write_table(rows: Mapping[str, str]) -> str:
    cells = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows.items())
    return f"<table>{''.join(cells)}</table>"
