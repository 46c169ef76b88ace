"""What a picture is, and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec


class PicturesMissing(Exception):
    """matplotlib is not installed; the message says what to type. Exit code 2."""

    exit_code = 2


@dataclass(frozen=True)
class Picture:
    """One drawing, the same bytes for the same figures. The title stands in the drawing too."""

    name: str
    """Stem of its files."""
    title: str
    """What the reader learns, made from the figures."""
    alt: str
    """One sentence with the figures that the picture shows: its text for those who do not see it, and its caption."""
    png: bytes
    """At twice the size that it is shown at."""
    svg: str
    """Letters are shapes: it looks alike everywhere, and refers to nothing outside."""


def check_installed() -> None:
    """Raises PicturesMissing, with what to type."""
    if find_spec("matplotlib") is None:
        raise PicturesMissing(
            "pictures need matplotlib: install it with `pip install 'ecommerce-lakehouse[images]'`, in a checkout with"
            " `make setup`"
        )
