"""Rows of the quarantine on a terminal. What may identify a person is masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from jobs.cli.render import plain_text
from lakehouse.quarantine.masking import masked, shown_columns
from lakehouse.quarantine.reading import Decided, Event, Waiting
from lakehouse.sources.load import sound_sources
from lakehouse.tables.reasons import meaning
from lakehouse.terminal import cells, marked, visible

_LONGEST = 200


def masks() -> Callable[..., dict[str, Any]]:
    """A function that gives a row as sent, masked; of a source that is not, or wrongly, declared all is masked."""
    declared = {one.name: one for one in sound_sources()[0]}
    known: dict[str, Mapping[str, set[str]]] = {}

    def mask(one: Waiting | Event, sent: Mapping[str, Any] | None = None) -> dict[str, Any]:
        if one.source not in known:
            known[one.source] = shown_columns(declared[one.source]) if one.source in declared else {}
        row = sent if sent is not None else one.sent if isinstance(one, Waiting) else {}
        return masked(row, known[one.source].get(one.file_kind, set()))

    return mask


def show_counts(console: Console, counts: Sequence[tuple[str, str, str, int]], found: Sequence[Waiting]) -> None:
    """The first rows, and how many there are by reason."""
    if not found:
        console.print("no row is in quarantine for that", highlight=False)
        return
    rows = Grid(box=SIMPLE_HEAD)
    rows.add_column("row", no_wrap=True)
    rows.add_column("source, feed, file", overflow="fold")
    rows.add_column("status", no_wrap=True)
    rows.add_column("reasons", overflow="fold")
    for one in found:
        place = f"{one.source} {one.feed}: {one.file}, row {one.row:,}"
        rows.add_row(*cells(one.id, place, one.status, " ".join(one.reasons)))
    console.print(rows)
    by_reason = Grid("source", "feed", title="rows by reason", title_justify="left", box=SIMPLE_HEAD)
    by_reason.add_column("reason", overflow="fold")
    by_reason.add_column("rows", justify="right")
    for source, feed, reason, number in counts:
        by_reason.add_row(*cells(source, feed, reason, f"{number:,}"))
    console.print(by_reason)


def show_one(
    console: Console,
    present: Waiting | None,
    past: Sequence[Event],
    decided: Sequence[Decided],
    sent: Mapping[str, Any],
) -> None:
    """One row: where it is from, why it is or was refused, how it was sent, and its history."""
    one = present or past[0]
    state = present.status if present else f"no longer in quarantine: {past[0].outcome}"
    place = f"{one.source}, {one.feed}: {one.file}, row {one.row:,}: {state}"
    console.print(marked("[bold]{}[/]  {}", one.id, place))
    sentences = _sentences(one.feed)
    for reason in one.reasons:
        console.print(visible(f"  {reason}: {meaning(reason, sentences)}"), highlight=False)
    grid = Grid("column", "as sent")
    for name, value in sent.items():
        grid.add_row(_shown(name), _shown(value))
    console.print(grid)
    for decision in decided:
        when = f"{decision.decided_at:%Y-%m-%d %H:%M}"
        console.print(visible(f"{when} {decision.decision}: {decision.why}"), highlight=False)
    for event in reversed(past):
        had = visible(" ".join(event.reasons))
        console.print(
            f"{event.left_at:%Y-%m-%d %H:%M} was {event.status} for {had}, became {event.outcome}"
            f" with publication {event.publication} (run {event.run_id})",
            highlight=False,
        )


def _sentences(feed: str) -> dict[str, str]:
    from quality.rules import RULES

    return {rule.code: rule.sentence for rule in RULES if rule.feed == feed}


def _shown(value: Any) -> str:
    text = plain_text(value)
    return visible(text[:_LONGEST]) + ("…" if len(text) > _LONGEST else "")
