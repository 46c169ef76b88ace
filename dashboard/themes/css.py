"""The tokens as CSS variables of pages that open without a server."""

from __future__ import annotations

from dashboard.tokens import DARK, LIGHT, Palette

_PER_LINE = 6


def variables(palette: Palette) -> dict[str, str]:
    """Name of the variable -> colour."""
    return {
        "ink": palette.ink,
        "soft": palette.soft,
        "line": palette.line,
        "paper": palette.card,
        "back": palette.ground,
        "mark": palette.accent,
        "former": palette.reference,
        "good": palette.better,
        "bad": palette.worse,
        "warn": palette.warned,
        "waived": palette.waived,
    }


def root_rules() -> str:
    """The rules for :root, light, and dark where the reader's system is: the head of every page's style."""
    return (
        f":root {{ {_listed(LIGHT)} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {_listed(DARK)} }} }}\n"
        f"@media print {{ :root {{ {_listed(LIGHT)} }} }}\n"
    )


def _listed(palette: Palette) -> str:
    parts = [f"--{name}: {colour};" for name, colour in variables(palette).items()]
    return "\n  ".join(" ".join(parts[at : at + _PER_LINE]) for at in range(0, len(parts), _PER_LINE))
