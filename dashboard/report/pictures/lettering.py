"""How wide letters are, and how a text is broken so that it fits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from dashboard.themes.matplotlib import FONT
from dashboard.tokens import TEXT

_POINTS = 0.72
"""Points of a px: figures have 100 px an inch."""
_TIGHTER = 0.97


def points(px: float) -> float:
    """Size of type in points."""
    return px * _POINTS


@lru_cache(4096)
def wide(line: str, size: float, *, bold: bool = False) -> float:
    """Width of a line, in px."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family=[FONT], weight="bold" if bold else "normal")))
    font.set_size(points(size), 100)
    font.set_text(line, 0.0)
    return float(font.get_width_height()[0]) / 64


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines that fit, broken between words; a word that is wider than the room is left whole."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and wide(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(text: str, room: float, size: float) -> list[str]:
    """Bold lines of about one length, no more of them than needed: no word is left alone on the last."""
    lines = wrapped(text, room, size, bold=True)
    widest_word = max(wide(word, size, bold=True) for word in text.split(" "))
    while len(lines) > 1 and (room := room * _TIGHTER) >= widest_word:
        tighter = wrapped(text, room, size, bold=True)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


def two_lines(names: Sequence[str], room: float, size: float = TEXT - 1) -> list[str]:
    """Names in at most two lines that fit; what is longer still ends in an ellipsis."""
    return ["\n".join(_two_lines(one, room, size)) for one in names]


def _two_lines(name: str, room: float, size: float) -> list[str]:
    lines = wrapped(name, room, size)
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]}…"]
    return [_fitting(line, room, size) for line in lines]


def _fitting(line: str, room: float, size: float) -> str:
    if wide(line, size) <= room:
        return line
    kept = line.rstrip("…")
    while kept and wide(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
