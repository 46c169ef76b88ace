"""What the first rows of a feed become: column by column, with what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lakehouse.sources.untaken import UnreadRows
from lakehouse.tables.reasons import RowReason

SHOWN_VALUES = 3


@dataclass
class ColumnTrial:
    """A canonical column: how often it is filled, and with what."""

    name: str
    expression: str
    filled: int = 0
    values: list[str] = field(default_factory=list)
    """The first different ones."""
    unread: Counter[str] = field(default_factory=Counter)
    """Texts that are there and cannot be read -> in how many rows."""
    made_nothing: Counter[str] = field(default_factory=Counter)
    """Texts that are there, and of which the expression made nothing -> in how many rows."""


@dataclass
class FeedTrial:
    """The rows of a feed that were tried."""

    name: str
    file: str
    rows: int
    columns: list[ColumnTrial]
    reasons: Counter[str]
    """Code -> rows that it would put into quarantine."""
    readable: int
    waiting: int = 0
    """Rows whose header was not found."""


@dataclass
class KindTrial:
    """The rows of a kind of file that no feed has."""

    name: str
    left_out: Counter[str] = field(default_factory=Counter)
    """Why -> rows."""
    untaken: UnreadRows | None = None
    """Rows that no feed takes: a run leaves the source out for them."""


@dataclass(frozen=True)
class TriedRow:
    """One row: its canonical values as texts, why it cannot be taken, and the texts of the file for what is unread."""

    values: Mapping[str, str | None]
    reasons: Sequence[str]
    texts: Mapping[str, str]
    """Canonical column -> what the file has in the columns that its expression names."""
    waits: bool = False
    nothing: frozenset[str] = frozenset()
    """Canonical columns whose expression made nothing of values that are all there."""


def feed_trial(name: str, file: str, expressions: Mapping[str, str], rows: Iterable[TriedRow]) -> FeedTrial:
    """Sums up the rows of a feed."""
    columns = {column: ColumnTrial(column, sql) for column, sql in expressions.items()}
    trial = FeedTrial(name, file, 0, list(columns.values()), Counter(), 0)
    for row in rows:
        trial.rows += 1
        trial.waiting += row.waits
        trial.readable += not row.reasons and not row.waits
        trial.reasons.update(row.reasons)
        for column, text in row.values.items():
            _add(columns[column], text)
        for column in row.nothing:
            columns[column].made_nothing[row.texts.get(column, "")] += 1
        for reason in row.reasons:
            code, _, of = reason.partition(":")
            if code in (RowReason.UNPARSABLE, RowReason.EXCESS_SCALE) and of in columns:
                columns[of].unread[row.texts.get(of, "")] += 1
    return trial


def _add(column: ColumnTrial, text: str | None) -> None:
    if text is None:
        return
    column.filled += 1
    if len(column.values) < SHOWN_VALUES and text not in column.values:
        column.values.append(text)
