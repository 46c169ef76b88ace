"""The one place that speaks to people and programs on a terminal: data is shown, it never steers.

Names of files, columns, values and reasons come from whoever sent the files. What a terminal would act on (escape
sequences, bells, controls of the eighth bit, letters that turn the direction of a line) is shown as an escape such as
`\\x1b`, and neither `[red]` nor `:smile:` means anything in a text: styles come from `marked` alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any
from unicodedata import category

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.text import Text

_HARMLESS = frozenset("\u200c\u200d")
"""Unprintable by name, and without them Persian, Hindi and families of emojis fall apart."""


def visible(text: str) -> str:
    """The text on one line, with an escape in place of each letter that a terminal would act on, line breaks too."""
    if text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else ascii(letter)[1:-1] for letter in text)


def visible_lines(text: str) -> str:
    """The same of a text of several lines, which stay."""
    return text if text.isprintable() else "\n".join(map(visible, text.split("\n")))


def visible_json(text: str) -> str:
    """JSON that says the same, without letters that a terminal would act on. Line breaks between its parts stay."""
    if text.isprintable():
        return text
    return "".join(letter if letter == "\n" or _is_harmless(letter) else _json_escape(letter) for letter in text)


def _is_harmless(letter: str) -> bool:
    return letter.isprintable() or letter in _HARMLESS or category(letter) == "Zs"


def _json_escape(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))


def marked(template: str, *values: object) -> Text:
    """A text with our own styles: `marked("[red]off[/] {}", name)`. The values are data, shown as they are.

    The template is written in the code, never made of data.
    """
    shown = (escape(visible(str(value))) for value in values)
    return Text.from_markup(template.format(*shown), emoji=False)


def cells(*values: object) -> tuple[str, ...]:
    """Values for the row of a table, each on one line."""
    return tuple(visible(str(value)) for value in values)


class Terminal(Console):
    """A console that takes no data for markup, and shows what would steer it. All consoles are made of this class."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"markup": False, "emoji": False}))

    def render_str(self, text: str, **options: Any) -> Text:
        """A plain text is made visible before it is measured and broken into lines."""
        return super().render_str(visible_lines(text), **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Whatever comes to be shown is a text in the end, also one that nobody made visible."""
        segments = super().render(renderable, options)
        is_sound = not isinstance(renderable, Text) or renderable.plain.isprintable()
        return segments if is_sound else map(_shown, segments)


def _shown(segment: Segment) -> Segment:
    return segment if segment.control else Segment(visible_lines(segment.text), segment.style)


def put(line: str) -> None:
    """A line for programs, on standard output: exact where a file or a program takes it, visible on a terminal."""
    sys.stdout.write((visible_lines(line) if sys.stdout.isatty() else line) + "\n")
