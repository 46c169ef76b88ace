"""The picture of the lakehouse in README: from files to what people look at, in the look of the dashboard.

    python -m bench.diagram docs/images/lakehouse.svg

Light or dark as the reader's system is. Needs no browser.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import typer

from dashboard.themes.css import root_rules
from dashboard.tokens import SANS

WIDTH, HEIGHT = 1040, 396
_TOP, _TALL, _WIDE = 76, 128, 164
STAGES = (
    ("landing", "files as sent", ("CSV, JSON lines, Parquet", "plain or gzip", "any number of sources")),
    ("bronze", "exactly as sent", ("bytes checked", "strings only", "each delivery once")),
    ("silver", "typed and judged", ("one latest version per key", "wrong rows apart,", "with their reasons")),
    ("gold", "star and marts", ("point-in-time history", "RFM, cohorts, campaigns", "seasons, baskets, returns")),
    ("publication", "all or none", ("every expectation asked", "one row moves readers", "older ones stay readable")),
)
STEPS = ("ingest", "silver", "gold", "publish")
BESIDE = ((2, "quarantine", "seen, mended, replayed"), (3, "models, in MLflow", "churn, value, demand"))
READERS = ("dashboard", "executive report", "notebooks", "SQL without Spark", "CSV, Parquet, Excel", "PostgreSQL")
_STYLE = f"""text {{ font-family: {SANS}; fill: var(--ink); font-size: 13px; }}
.soft {{ fill: var(--soft); font-size: 12px; }} .name {{ font-size: 16px; font-weight: 650; }}
.step {{ fill: var(--mark); font-size: 12px; font-weight: 600; }} .back {{ fill: var(--back); }}
.card {{ fill: var(--paper); stroke: var(--line); }} 
.frame {{ fill: none; stroke: var(--line); stroke-width: 1.4; }} .main {{ stroke: var(--mark); stroke-width: 1.6; }}
.way {{ stroke: var(--soft); stroke-width: 1.4; fill: none; marker-end: url(#end); }} 
#end path {{ fill: var(--soft); }}"""


def main(image: Path) -> None:
    image.write_text(drawn(), encoding="utf-8")
    print(f"{image}  {image.stat().st_size / 1000:.0f} kB")


def drawn() -> str:
    """The SVG."""
    parts = [text(24, 42, "Files in, numbers out that can be traced to a row of a file", "name")]
    for at, (name, under, lines) in enumerate(STAGES):
        left = _left(at)
        parts.append(card(left, _TOP, _WIDE, _TALL, "card main" if name == "publication" else "card"))
        parts += [text(left + 14, _TOP + 28, name, "name"), text(left + 14, _TOP + 48, under)]
        parts += [text(left + 14, _TOP + 72 + 18 * row, line, "soft") for row, line in enumerate(lines)]
    for at, step in enumerate(STEPS):
        left = _left(at) + _WIDE
        parts.append(way(left + 3, _TOP + 64, left + _step_wide() - 5, _TOP + 64))
        parts.append(text(left + _step_wide() / 2, _TOP - 8, step, "step", "middle"))
    for at, name, under in BESIDE:
        left, top = _left(at), _TOP + _TALL + 26
        parts.append(way(left + _WIDE / 2, _TOP + _TALL + 2, left + _WIDE / 2, top - 4))
        parts += [card(left, top, _WIDE, 50), text(left + 14, top + 21, name), text(left + 14, top + 38, under, "soft")]
    parts += readers()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
        f' role="img"><title>From files to what people look at</title>\n<style>{root_rules()}{_STYLE}</style>\n'
        '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z"/></marker></defs>\n'
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}" rx="12"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def readers() -> list[str]:
    """What follows the publication, in a row below everything."""
    top, each = HEIGHT - 66, (WIDTH - 48 - 24 - 5 * 10) / len(READERS)
    middle = _left(4) + _WIDE / 2
    parts = [way(middle, _TOP + _TALL + 2, middle, top - 17), text(24, top - 24, "what people look at", "step")]
    parts.append(card(24, top - 12, WIDTH - 48, 64, "frame"))
    for at, name in enumerate(READERS):
        left = 36 + at * (each + 10)
        parts += [card(left, top, each, 40), text(left + each / 2, top + 25, name, "", "middle")]
    return parts


def _step_wide() -> float:
    return (WIDTH - 48 - len(STAGES) * _WIDE) / len(STEPS)


def _left(at: int) -> float:
    return 24 + at * (_WIDE + _step_wide())


def card(left: float, top: float, wide: float, tall: float, kind: str = "card") -> str:
    return f'<rect class="{kind}" x="{left:g}" y="{top:g}" width="{wide:g}" height="{tall:g}" rx="10"/>'


def way(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="way" d="M{x:g} {y:g}L{to_x:g} {to_y:g}"/>'


def text(x: float, y: float, said: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(said)}</text>'


if __name__ == "__main__":
    typer.run(main)
