"""Rows of joined files, found by their keys without Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jobs.cli.trial_files import sent_rows
from lakehouse.bronze.files import Delivery
from lakehouse.sources.model import Join, Source
from lakehouse.sources.plain.evaluate import Expression, Names, Value, compiled
from lakehouse.sources.plain.rows import Ready, filled_down, made_ready
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.sources.plain.typed import read_money
from lakehouse.sources.plain.types import TEXT


def key_of(left: Sequence[Expression], row: Ready) -> tuple[Value, ...] | None:
    """None where a part of it is missing: such a row finds nothing."""
    key = tuple(expression(row.values) for expression in left)
    return None if None in key else key


def looked_up(
    source: Source,
    join: Join,
    keys: set[tuple[Value, ...] | None],
    deliveries: Mapping[str, Sequence[Delivery]],
) -> dict[tuple[Value, ...] | None, Ready]:
    """The rows of the joined file that the keys name. Of two with one key that of the file modified last counts."""
    kind = source.files[join.file]
    names = [name.casefold() for name in join.on.values()]
    left_out = left_out_by(source, join.file)
    found: dict[tuple[Value, ...] | None, Ready] = {}
    for delivery in sorted(deliveries.get(join.file, ()), key=lambda one: one.found.modified_at):
        here: dict[tuple[Value, ...] | None, Ready] = {}
        for row in filled_down(made_ready(sent_rows([delivery], kind), kind), kind):
            if not row.problem and any(where(row.values) is True for where, _ in left_out):
                continue
            key = tuple(row.values[name] for name in names)
            if key in keys and None not in key and not row.problem:
                if key in here and here[key].values != row.values:
                    raise Unsupported("two rows of one key in one file")
                here[key] = row
        found |= here
    return found


def joined_to(row: Ready, join: Join, other: Ready | None) -> None:
    """Gives a row the values of the one that was found for it, and whether there was one."""
    row.values[f"\0has {join.file}"] = other is not None
    if other:
        row.values.update({f"{join.file}\0{name}": value for name, value in other.values.items()})


def left_out_by(source: Source, kind_name: str) -> list[tuple[Expression, str]]:
    """The conditions by which rows of a kind are left out, each with why."""
    kind = source.files[kind_name]
    names = Names(types_of(source, kind_name), lambda text: read_money(text, kind))
    return [(compiled(one.where, names), one.why) for one in kind.leave_out]


def types_of(source: Source, kind_name: str) -> dict[str, str]:
    """Column of a kind, in lower case -> its type: files say texts alone."""
    kind = source.files[kind_name]
    names = (*kind.columns, *(f"_name_{name}" for name in kind.name_values))
    return {name.casefold(): TEXT for name in names}
