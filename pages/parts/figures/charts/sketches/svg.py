"""Marks of a small picture, as elements of SVG."""

from __future__ import annotations

from html import escape

from pages.parts.figures.theme import ChartTheme

LETTER = 7.8  # about how wide a letter is of the size below, in a wide face
SIZE = 13
LINE = 2
ROW = 16  # from one line of words to the next


def picture(width: float, height: float, marks: list[str]) -> str:
    """The whole of it; letters are of SIZE where it is shown as wide as it says."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" width="{width}"'
    return f'{head} height="{height:.0f}" font-family="sans-serif" font-size="{SIZE}">{"".join(marks)}</svg>'


def line(start: tuple[float, float], end: tuple[float, float], hue: str, width: float = LINE, more: str = "") -> str:
    """A straight line."""
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="{hue}" stroke-width="{width}"{more}/>'


def rule(start: tuple[float, float], end: tuple[float, float], theme: ChartTheme) -> str:
    """A line of the grid."""
    return line(start, end, theme.quiet, 1, ' opacity="0.3"')


def bound(start: tuple[float, float], end: tuple[float, float], theme: ChartTheme) -> str:
    """A line that values are read against."""
    return line(start, end, theme.quiet, LINE, ' stroke-dasharray="5 4"')


def text(x: float, y: float, words: str, hue: str, theme: ChartTheme, anchor: str = "start") -> str:
    """A line of words, edged by the color of the page where it stands on something."""
    edge = f'paint-order="stroke" stroke="{theme.paper}" stroke-width="3" stroke-linejoin="round"'
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{hue}" {edge} text-anchor="{anchor}">{escape(words)}</text>'


def dot(x: float, y: float, hue: str, *, zero: bool = False) -> str:
    """A dot; a triangle for an exact zero, which a log axis can only hold at its end."""
    if zero:
        return f'<path d="M{x - 5:.1f} {y - 5:.1f}h10l-5 9z" fill="{hue}"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{hue}"/>'


def course(corners: list[tuple[float, float]], hue: str) -> str:
    """A line through points."""
    return f'<polyline points="{_corners(corners)}" fill="none" stroke="{hue}" stroke-width="{LINE}"/>'


def band(corners: list[tuple[float, float]], hue: str) -> str:
    """An area that lets through what stands behind it."""
    return f'<polygon points="{_corners(corners)}" fill="{hue}" opacity="0.18"/>'


def wide(words: str) -> float:
    """About how wide words are."""
    return LETTER * len(words)


def _corners(corners: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
