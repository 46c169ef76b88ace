"""The paper of a picture: measured in px of the size that it is shown at, with a head, a body and a foot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet
from dashboard.themes.matplotlib import FONT, style
from dashboard.tokens import GAP, INSIDE, LIGHT, NOTE, STEP, TEXT, TITLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 740
"""On A4 between margins of 15 mm it is printed at 96 of 100, so that the smallest type, 11 px, is 7.6 pt."""
BODY = WIDTH - 2 * INSIDE
_POINTS = 0.72
"""Points of a px: figures have 100 px an inch."""
_LINE, _BASE = 1.35, 0.95
"""From line to line, and from the top of a line to what letters stand on, in sizes of the type."""
_HEAD = TITLE + 2


@contextmanager
def look_of_pictures() -> Iterator[None]:
    """Drawing by the tokens alone, whatever settings of matplotlib the machine has."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(style(LIGHT))  # type: ignore[arg-type]  # its keys are literals there
        yield


def points(px: float) -> float:
    """Size of type in points."""
    return px * _POINTS


class Canvas:
    """A figure of fixed width whose height follows from what is on it. Lengths are px, from the body's upper left."""

    def __init__(self, sheet: Sheet, title: str, under: str, height: float, notes: Sequence[str] = ()) -> None:
        """`under`: what is shown, of what time, in which unit. `height`: of the body. `notes`: how to read it."""
        from matplotlib.figure import Figure

        self.sheet = sheet
        self.title = title
        self.figure: Figure = Figure()
        heads = self._balanced(title, BODY, _HEAD)
        unders = self.wrapped(under, BODY, TEXT)
        feet = [line for note in notes for line in self.wrapped(note, BODY, NOTE)]
        below_heads = INSIDE + len(heads) * _HEAD * _LINE + STEP
        self._top = below_heads + len(unders) * TEXT * _LINE + GAP
        below = GAP + (len(feet) + 1) * NOTE * _LINE + GAP
        self._height = self._top + height + below
        self.figure.set_size_inches(WIDTH / 100, self._height / 100)
        self.text(0, INSIDE - self._top, "\n".join(heads), _HEAD, color=sheet.palette.ink, fontweight="bold")
        self.text(0, below_heads - self._top, "\n".join(unders), TEXT)
        self.text(0, height + GAP, "\n".join([*feet, sheet.origin]))

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Empty axes; labels stand outside of them."""
        bottom = self._height - self._top - top - height
        return self.figure.add_axes((
            (INSIDE + left) / WIDTH, bottom / self._height, width / WIDTH, height / self._height
        ))  # fmt: skip

    def text(self, left: float, top: float, text: str, size: float = NOTE, **how: Any) -> None:
        """Lines whose upper left stands there; soft ink unless `how` says otherwise."""
        how = {"color": self.sheet.palette.soft, "fontsize": points(size), **how}
        for at, line in enumerate(text.split("\n")):
            down = self._top + top + size * (_LINE * at + _BASE)
            self.figure.text((INSIDE + left) / WIDTH, 1 - down / self._height, line, **how)

    def panel_title(self, left: float, top: float, title: str, under: str) -> None:
        """The name of a panel, and its unit beneath."""
        self.text(left, top, title, TEXT, color=self.sheet.palette.ink, fontweight="bold")
        self.text(left, top + TEXT * _LINE, under, NOTE)

    def wide(self, text: str, size: float, *, bold: bool = False) -> float:
        """Width of a line, in px."""
        return _wide(text, size, bold)

    def wrapped(self, text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
        """The text in lines that fit, broken between words."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.wide(longer, size, bold=bold) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines

    def names(self, names: Sequence[str], room: float, size: float = TEXT - 1) -> list[str]:
        """Names in at most two lines that fit; what is longer still ends in an ellipsis."""
        return ["\n".join(self._two_lines(one, room, size)) for one in names]

    def picture(self, name: str, alt: str) -> Picture:
        """Both files. Neither holds a time or the name of a program."""
        png, svg = BytesIO(), StringIO()
        about: dict[str, Any] = {"Title": self.title, "Description": alt, "Software": None}
        self.figure.savefig(png, format="png", metadata=about)
        self.figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        return Picture(name, self.title, alt, png.getvalue(), _self_contained(svg.getvalue(), alt))

    def _balanced(self, text: str, room: float, size: float) -> list[str]:
        """Bold lines of about one length, no more of them than needed: no word is left alone on the last."""
        lines = self.wrapped(text, room, size, bold=True)
        while len(tighter := self.wrapped(text, room := room * 0.97, size, bold=True)) == len(lines) > 1:
            lines = tighter
        return lines

    def _two_lines(self, name: str, room: float, size: float) -> list[str]:
        lines = [self._fitting(line, room, size) for line in self.wrapped(name, room, size)]
        return lines if len(lines) <= 2 else [lines[0], self._fitting(f"{lines[1]}…", room, size)]

    def _fitting(self, line: str, room: float, size: float) -> str:
        if self.wide(line, size) <= room:
            return line
        kept = line.rstrip("…")
        while kept and self.wide(f"{kept}…", size) > room:
            kept = kept[:-1]
        return f"{kept.rstrip()}…"


@lru_cache(4096)
def _wide(line: str, size: float, bold: bool) -> float:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family=[FONT], weight="bold" if bold else "normal")))
    font.set_size(points(size), 100)
    font.set_text(line, 0.0)
    return float(font.get_width_height()[0]) / 64


def _self_contained(svg: str, alt: str) -> str:
    """Without the address of a document type and of vocabularies; with its text for readers who do not see it."""
    without = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg)
    without = re.sub(r"\s*<metadata>.*?</metadata>", "", without, count=1, flags=re.DOTALL)
    return without.replace("<svg ", f'<svg role="img" aria-label={quoteattr(alt)} ', 1)
