"""The design, once: colours, sizes and spaces. Themes of Streamlit, Plotly, matplotlib and CSS are made from these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]

SANS = 'system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'
KPI, SECTION, TITLE, TEXT, NOTE = 28, 18, 14, 13, 11
"""Sizes of type, in px."""
STEP, GAP, INSIDE, RADIUS = 4, 12, 16, 10
"""Space: the step, between cards, inside a card, and the card's corners, in px."""
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8a6d00", "#7a7a7a")
"""Told apart by colour-blind readers: Okabe and Ito, Color Universal Design (2008), yellow darkened for white."""


@dataclass(frozen=True)
class Palette:
    """The colours of one mode."""

    mode: Mode
    ground: str
    card: str
    line: str
    ink: str
    soft: str
    accent: str
    """The measure that is shown."""
    reference: str
    """The former period, a target, what is beside the message."""
    better: str
    worse: str
    """Both always with a sign or an arrow: no meaning by colour alone."""
    warned: str
    waived: str
    categories: tuple[str, ...]
    """In fixed order; what comes after the last is "other"."""
    one_way: tuple[str, ...]
    """From nothing to most; the first is near the card."""
    two_way: tuple[str, ...]
    """From least over zero to most."""


def luminance(colour: str) -> float:
    """Relative luminance of '#rrggbb', 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """The colour with this share of the other."""
    pairs = ((int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def between(colours: Sequence[str], share: float) -> str:
    """The colour of a scale at a share from 0 to 1."""
    at = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    first = min(int(at), len(colours) - 2)
    return mixed(colours[first], colours[first + 1], at - first)


def readable_on(colour: str, palette: Palette) -> str:
    """Ink or card, whichever can be read better on the colour."""
    return max((palette.ink, palette.card), key=lambda text: contrast(text, colour))


def translucent(colour: str, share: float) -> str:
    """The colour as CSS, letting through all but this share."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {share:g})"


LIGHT = Palette(
    mode="light",
    ground="#f4f6fa",
    card="#ffffff",
    line="#e2e7f0",
    ink="#17202c",
    soft="#5c6b7e",
    accent="#2d5fb8",
    reference="#a9b4c4",
    better="#0b7a53",
    worse="#b3402a",
    warned="#8a5c00",
    waived="#6b3fa0",
    categories=OKABE_ITO,
    one_way=("#f1f5fc", "#c9d9f3", "#93b3e6", "#5a88d1", "#2d5fb8", "#1b3f80"),
    two_way=("#2d5fb8", "#9dbbe8", "#e9ecf1", "#f0b98a", "#c2600f"),
)
DARK = Palette(
    mode="dark",
    ground="#0f141b",
    card="#171e28",
    line="#2a3442",
    ink="#e8edf4",
    soft="#98a6b8",
    accent="#7aa7f0",
    reference="#5b6878",
    better="#48c397",
    worse="#f08a70",
    warned="#e5b54a",
    waived="#c3a1f0",
    categories=OKABE_ITO,
    one_way=("#1d2736", "#26395a", "#335488", "#4a78bd", "#7aa7f0", "#c3d8fa"),
    two_way=("#7aa7f0", "#41608f", "#2c3542", "#8f5a2c", "#f0a35e"),
)
PALETTES: dict[Mode, Palette] = {"light": LIGHT, "dark": DARK}
