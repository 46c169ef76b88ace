"""What a run says of rows that no feed takes: where they stand, what they hold, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from lakehouse.lake import Lake
from lakehouse.quarantine.masking import shown_columns
from lakehouse.quarantine.unread_rows import rows_in_words
from lakehouse.settings import ConfigurationError
from lakehouse.silver.intake import BatchSelection, unread_rows
from lakehouse.sources.model import Source
from lakehouse.sources.untaken import UnreadRows


def unread_sources(lake: Lake, sources: Iterable[Source], selections: Mapping[str, BatchSelection]) -> dict[str, str]:
    """Source with rows that no feed takes -> what is to be said of it."""
    found = {}
    for source in sources:
        selection = selections[source.name]
        if not selection.is_idle and (unread := unread_rows(lake, source, selection)):
            found[source.name] = what_is_unread(source, unread)
    return found


def without_unread(
    selections: Mapping[str, BatchSelection], unread: Mapping[str, str], say: Callable[[str], None]
) -> dict[str, BatchSelection]:
    """The selections of the other sources; what is wrong with those that have unread rows is said.

    Raises ConfigurationError with it where the others have nothing to do.
    """
    taken = {name: selection for name, selection in selections.items() if name not in unread}
    if unread and all(selection.is_idle for selection in taken.values()):
        raise ConfigurationError("\n".join(unread.values()))
    for said in unread.values():
        say(said)
    return taken


def what_is_unread(source: Source, unread: Sequence[UnreadRows]) -> str:
    """The rows that no feed of the source takes, in words. What may identify a person is masked."""
    shown = shown_columns(source)
    lines = [f"source {source.name} is not taken, and what is published of it stays:"]
    for one in unread:
        lines.append(f"  no feed takes {one.rows:,} {'row' if one.rows == 1 else 'rows'} of {one.kind}:")
        lines += [f"    {line}" for line in rows_in_words(one, shown[one.kind])]
    kinds = ", ".join(f"[files.{one.kind}]" for one in unread)
    lines.append(
        f"  widen a filter of conf/sources/{source.name}.toml, or say by `leave_out` of {kinds} which rows are no"
        " business of the lake, and why"
    )
    return "\n".join(lines)
