"""Models as people read them: a table for each, within 80 columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

if TYPE_CHECKING:
    from ml.tracking.versions import Version


def show_models(console: Console, found: Mapping[str, Sequence[Version]]) -> None:
    """A table of versions for each model, the newest first."""
    for name, versions in found.items():
        problem, _, source = name.partition("-")
        tags = versions[-1].tags if versions else {}
        measure = " ".join(filter(None, (tags.get("level", ""), tags.get("measure", "measure"))))
        grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        grid.add_column("nr", justify="right")
        for column in ("candidate", measure, "best baseline", "trained as of"):
            grid.add_column(column, overflow="fold")
        for one in reversed(versions):
            grid.add_row(*_cells(one))
        console.print(Text(f"{problem} of {source}", style="bold"), grid, "", sep="\n")


def _cells(one: Version) -> tuple[Text, ...]:
    tags = one.tags
    role = ", ".join(one.aliases) if one.was_taken_up else "never taken up"
    style = "bold green" if "champion" in one.aliases else "dim"
    role += ", baseline" if tags.get("is_baseline") == "true" else ""
    interval = f"{_short(tags['low'])} to {_short(tags['high'])}" if "low" in tags and "high" in tags else ""
    return (
        Text(str(one.version)),
        _two(one.candidate, role, style),
        _two(_short(tags.get("value", "")), interval),
        _two(_short(tags.get("baseline_value", "")), tags.get("baseline", "")),
        _two(tags.get("as_of", ""), f"publication {tags.get('publication', '')}"),
    )


def _two(above: str, under: str, style: str = "dim") -> Text:
    return Text.assemble(above, "\n", (under, style)) if under else Text(above)


def _short(number: str) -> str:
    return f"{float(number):.4g}" if number else ""
