"""Rows of joined files, found by their keys without Spark: of several with one key the newest version counts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jobs.trial.files import sent_rows
from lakehouse.bronze.files import Delivery
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.model import Join, Source
from lakehouse.sources.plain.dates import to_utc
from lakehouse.sources.plain.decimals import EXACT
from lakehouse.sources.plain.evaluate import Expression, Names, UnreadError, Value, compiled
from lakehouse.sources.plain.rows import Ready, filled_down, made_ready
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.sources.plain.typed import instant_or_local
from lakehouse.sources.plain.types import BOOL, TEXT
from lakehouse.sources.same_rows import kind_of_rows

Key = tuple[Value, ...] | None
Deliveries = Mapping[str, Sequence[Delivery]]
MODIFIED = "_file_modified_at"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def key_of(left: Sequence[Expression], row: Ready) -> Key:
    """None where a part of it is missing: such a row finds nothing."""
    key = tuple(expression.or_none(row.values) for expression in left)
    return None if None in key else key


def looked_up(source: Source, join: Join, keys: set[Key], found: Deliveries) -> dict[Key, Ready]:
    """The rows of the joined file that the keys name; a version of a key that says two things does not count."""
    kind, names = source.files[join.file], names_of(source, join.file)
    order = [None if sql == MODIFIED else compiled(sql, names) for sql in join.version]
    key_columns = [name.casefold() for name in join.on.values()]
    columns = [name.casefold() for name in kind.columns]
    versions: dict[Key, dict[tuple[Any, ...], dict[tuple[Value, ...], Ready]]] = defaultdict(lambda: defaultdict(dict))
    for delivery, row in _selected(source, join, found):
        key = tuple(row.values[name] for name in key_columns)
        if key in keys and None not in key:
            place = tuple(_place(one, row, delivery.found.modified_at, kind, source.time_zone) for one in order)
            versions[key][place].setdefault(tuple(row.values[name] for name in columns), row)
    return {
        key: next(iter(contents.values()))
        for key, places in versions.items()
        if (contents := _standing(places)) is not None
    }


def _standing(
    places: Mapping[tuple[Any, ...], dict[tuple[Value, ...], Ready]],
) -> dict[tuple[Value, ...], Ready] | None:
    """The newest version of a key that says one thing."""
    clear = [place for place, contents in places.items() if len(contents) == 1]
    return places[max(clear)] if clear else None


def _selected(source: Source, join: Join, found: Deliveries) -> list[tuple[Delivery, Ready]]:
    """The rows of the joined file that can be read, are not left out, and that the join takes."""
    kind, names = source.files[join.file], names_of(source, join.file)
    condition = compiled(join.filter, names) if join.filter else None
    if condition and condition.type != BOOL:
        raise Unsupported("a filter that is no condition")
    left_out = left_out_by(source, join.file)
    return [
        (delivery, row)
        for delivery in found.get(kind_of_rows(source.files, join.file), ())
        for row in filled_down(made_ready(sent_rows([delivery], kind), kind), kind)
        if not row.problem and why_left_out(left_out, row) is None and is_meant(condition, row)
    ]


def _place(expression: Expression | None, row: Ready, modified_at: int, kind: FileKind, time_zone: str) -> Any:
    """What orders a version; NULLs first."""
    if expression is None:
        return (modified_at // 1000,)  # the lake keeps microseconds
    value = expression.or_none(row.values)
    if expression.type != TEXT:
        return (value is not None, value)
    # Dates in text order wrongly as text unless they are ISO; numbers as text always do.
    parts = (_instant(value, kind, time_zone), _decimal(value), value)
    return tuple((part is not None, part) for part in parts)


def _instant(value: Value, kind: FileKind, time_zone: str) -> datetime | None:
    found = None if value is None else instant_or_local(value, kind)
    return None if found is None else found[0] if found[1] else to_utc(found[0], time_zone)


def _decimal(value: Value) -> Decimal | None:
    if not isinstance(value, str) or not _NUMBER.fullmatch(value.strip()):
        return None
    number = Decimal(value.strip()).quantize(Decimal("1e-6"), ROUND_HALF_UP, EXACT)
    return number if abs(number) < Decimal(10) ** 32 else None


def joined_to(row: Ready, join: Join, other: Ready | None) -> None:
    """Gives a row the values of the one that was found for it, and whether there was one."""
    row.values[f"\0has {join.file}"] = other is not None
    if other:
        row.values.update({f"{join.file}\0{name}": value for name, value in other.values.items()})


def is_meant(condition: Expression | None, row: Ready) -> bool:
    """Whether a filter means a row, or nobody can say whether it does since a number in it does not read."""
    try:
        return condition is None or condition(row.values) is True
    except UnreadError:
        return True


def left_out_by(source: Source, kind_name: str) -> list[tuple[Expression, str]]:
    """The conditions by which rows of a kind are left out, each with why."""
    names = names_of(source, kind_name)
    return [(compiled(one.where, names), one.why) for one in source.files[kind_name].leave_out]


def why_left_out(conditions: Sequence[tuple[Expression, str]], row: Ready) -> str | None:
    """Why a row is left out; None where it is not. Of one that could not be read nobody can say what it is."""
    if row.problem:
        return None
    return next((why for where, why in conditions if where.is_sure(row.values)), None)


def names_of(source: Source, kind_name: str) -> Names:
    """What an expression over one file may name: its columns, which are texts, and the parts of its name."""
    kind = source.files[kind_name]
    names = (*kind.columns, *(f"_name_{name}" for name in kind.name_values))
    return Names({name.casefold(): TEXT for name in names}, kind, source.currency)
