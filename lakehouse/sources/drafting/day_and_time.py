"""A day in one column and its time of day in another, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lakehouse.sources.drafting.guess import date_formats
from lakehouse.sources.drafting.proposals import DraftFeed
from lakehouse.sources.drafting.synonyms import plain
from lakehouse.sources.drafting.toml import quoted

_NAMES = frozenset((
    "time", "timeofday", "ordertime", "saletime", "transactiontime", "invoicetime", "purchasetime", "uhrzeit", "zeit",
    "bestellzeit", "heure", "heurecommande", "hora", "horapedido", "horadopedido", "ora", "orario", "oraordine", "tijd",
    "tijdstip", "besteltijd",
))  # fmt: skip
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d{1,9})?(?P<half> ?[AaPp][Mm])?")


def put_together(draft: DraftFeed) -> None:
    """Reads the times of a feed from two columns where one has days alone and another the time of day."""
    clocks = [name for name in draft.kind.columns if plain(name) in _NAMES and name not in draft.own.values()]
    for name, column in draft.own.items():
        if not clocks or draft.feed.table.column(name).type != "TIMESTAMP":
            continue
        days = date_formats(draft.kind.values(column)).patterns
        times = time_patterns(draft.kind.values(clocks[0]))
        if not days or not times or any("H" in one or "h" in one for one in days):
            continue
        draft.columns[name] = f"concat_ws(' ', {quoted(column)}, {quoted(clocks[0])})"
        draft.kind.put_together = tuple(f"{day} {time}" for day in days for time in times)
        return


def time_patterns(values: Iterable[str]) -> list[str]:
    """Spark patterns of texts that are times of day; none where some text is something else."""
    found: dict[str, None] = {}
    for value in values:
        match = _CLOCK.fullmatch(value)
        if match is None:
            return []
        half = " a" if (match["half"] or "").startswith(" ") else "a" if match["half"] else ""
        fraction = "." + "S" * (len(match["fraction"]) - 1) if match["fraction"] else ""
        found[f"{'h' if half else 'H'}:mm{':ss' if match['seconds'] else ''}{fraction}{half}"] = None
    return list(found)
