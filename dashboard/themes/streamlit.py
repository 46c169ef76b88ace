"""The tokens as Streamlit's options: given at start, so that nothing is written into anybody's folder."""

from __future__ import annotations

from dashboard.tokens import PALETTES, RADIUS, SANS, TEXT, Mode, Palette


def options() -> dict[str, str]:
    """Option -> value; sections `theme.light` and `theme.dark` follow the reader's system."""
    shared = {
        "theme.font": SANS,
        "theme.baseFontSize": str(TEXT + 1),
        "theme.baseRadius": f"{RADIUS}px",
        "theme.buttonRadius": f"{RADIUS - 4}px",
        "theme.showWidgetBorder": "true",
    }
    of_modes = {f"theme.{mode}.{name}": colour for mode in PALETTES for name, colour in colours(mode).items()}
    return shared | of_modes


def colours(mode: Mode) -> dict[str, str]:
    """Streamlit's name of a colour -> colour."""
    palette: Palette = PALETTES[mode]
    return {
        "primaryColor": palette.accent,
        "backgroundColor": palette.card,
        "secondaryBackgroundColor": palette.ground,
        "textColor": palette.ink,
        "linkColor": palette.accent,
        "borderColor": palette.line,
        "dataframeBorderColor": palette.line,
        "dataframeHeaderBackgroundColor": palette.ground,
        "blueColor": palette.accent,
        "greenColor": palette.better,
        "redColor": palette.worse,
        "orangeColor": palette.warned,
        "grayColor": palette.soft,
        "greenTextColor": palette.better,
        "redTextColor": palette.worse,
        "grayTextColor": palette.soft,
    }
