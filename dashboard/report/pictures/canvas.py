"""The paper of a picture: measured in px of the size that it is shown at, with a head, a body and a foot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from dashboard.report.pictures.lettering import balanced, points, wrapped
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet
from dashboard.themes.matplotlib import style
from dashboard.tokens import GAP, INSIDE, LIGHT, NOTE, STEP, TEXT, TITLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 740
"""On A4 between margins of 15 mm it is printed at 96 of 100, so that the smallest type, 11 px, is 7.6 pt."""
BODY = WIDTH - 2 * INSIDE
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


class Canvas:
    """A figure of fixed width whose height follows from what is on it. Lengths are px, from the body's upper left."""

    def __init__(self, sheet: Sheet, title: str, under: str, height: float, notes: Sequence[str] = ()) -> None:
        """`under`: what is shown, of what time, in which unit. `height`: of the body. `notes`: how to read it."""
        from matplotlib.figure import Figure

        self.sheet = sheet
        self.title = title
        self.figure: Figure = Figure()
        heads = balanced(title, BODY, _HEAD)
        unders = wrapped(under, BODY, TEXT)
        feet = [line for note in notes for line in wrapped(note, BODY, NOTE)]
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

    def picture(self, name: str, alt: str) -> Picture:
        """Both files. Neither holds a time or the name of a program."""
        png, svg = BytesIO(), StringIO()
        about: dict[str, Any] = {"Title": self.title, "Description": alt, "Software": None}
        self.figure.savefig(png, format="png", metadata=about)
        self.figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        return Picture(name, self.title, alt, png.getvalue(), _self_contained(svg.getvalue(), alt))


def _self_contained(svg: str, alt: str) -> str:
    """Without the address of a document type and of vocabularies; with its text for readers who do not see it."""
    without = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg)
    without = re.sub(r"\s*<metadata>.*?</metadata>", "", without, count=1, flags=re.DOTALL)
    return without.replace("<svg ", f'<svg role="img" aria-label={quoteattr(alt)} ', 1)
