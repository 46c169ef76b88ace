"""Writer to small tables from this process, by delta-rs: the same log, constraints and types, without Spark's planning.

To replace a table of a few thousand rows takes Delta in Spark about a second of processor time, most of it around the
commit; here it is some hundredths. The change feeds say the same as by Spark. The rows are asked of Spark once: each
query more costs more than such a table is worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake
from deltalake.exceptions import CommitFailedError
from pyspark.sql import DataFrame

from lakehouse.delta import duck
from lakehouse.delta.arrow_types import arrow_schema
from lakehouse.delta.log import opened
from lakehouse.delta.quoting import identifier
from lakehouse.engine.choose import engine_of
from lakehouse.lake import changes
from lakehouse.lake.difference import names_gone
from lakehouse.lake.parquet_read import has_deleted_rows
from lakehouse.lake.statistics import of_files
from lakehouse.tables.column_names import folded
from lakehouse.tables.model import Table


def can_write(path: str, table: Table) -> bool:
    """Not where deletion vectors take rows away, nor under constraints of older code, which delta-rs may not read."""
    present = opened(path)
    settings, prefix = present.metadata().configuration, "delta.constraints."
    checks = {name.removeprefix(prefix): check for name, check in settings.items() if name.startswith(prefix)}
    return checks == dict(table.checks) and not has_deleted_rows(present)


def replace(path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
    """Replaces the rows for which the condition holds, or all. Raises DeltaError where a constraint is broken."""
    if condition is None:
        write_deltalake(path, _typed(table, rows), mode="overwrite", writer_properties=of_files(table))
    else:
        write_deltalake(
            path, _typed(table, rows), mode="overwrite", predicate=condition, writer_properties=of_files(table)
        )


def replace_all(path: str, table: Table, rows: DataFrame) -> bool:
    """Replaces all rows; commits nothing where the business columns say the same already. Returns whether they did not.

    Raises DeltaError where a constraint is broken.
    """
    wanted = _typed(table, rows)
    if has_rows(path, table, wanted):
        return False
    write_deltalake(path, wanted, mode="overwrite", writer_properties=of_files(table))
    return True


def net_changes(path: str, base: int, head: int) -> pa.Table | None:
    """Rows that came and went between two versions (see `changes.net_changes`)."""
    return changes.net_changes(path, base, head)


def append(path: str, table: Table, rows: DataFrame) -> None:
    """Raises DeltaError where a constraint is broken."""
    append_any(path, table, rows)


def append_any(path: str, table: Table, rows: DataFrame) -> bool:
    """Appends; commits nothing where there are no rows. Returns whether there were any."""
    return _append(path, table, _typed(table, rows))


def apply_difference(path: str, table: Table, changed: DataFrame) -> bool:
    """Deletes and appends what `difference.difference` found. Returns whether it found anything.

    Raises DeltaError where a constraint is broken.
    """
    names = names_gone(table)
    # Field by field: a struct that is NULL on one side has columns that never are, which not every reader puts up with.
    gone_fields = (f"_gone.`{name}` AS `_gone_{name}`" for name in names)
    found = _received(changed.selectExpr("_is_new", *as_declared(table, "_new.", "_new_"), *gone_fields))
    gone = found.filter(pc.invert(found["_is_new"])).select([f"_gone_{name}" for name in names])
    if gone.num_rows:
        _delete(path, table, gone.rename_columns(names))
    new = found.filter(found["_is_new"]).select([f"_new_{name}" for name in table.column_names])
    _append(path, table, new.rename_columns(list(table.column_names)))
    return bool(found.num_rows)


def delete(path: str, table: Table, gone: DataFrame) -> None:
    """Deletes the rows that have the values of one of `gone` in its columns, null-safe."""
    _delete(path, table, _received(gone))


def _append(path: str, table: Table, rows: pa.Table) -> bool:
    if rows.num_rows:
        write_deltalake(path, rows, mode="append", writer_properties=of_files(table))
    return bool(rows.num_rows)


def _delete(path: str, table: Table, gone: pa.Table) -> None:
    # In brackets: delta-rs has AND bind closer than DISTINCT.
    is_gone = " AND ".join(f"(t.{name} IS NOT DISTINCT FROM g.{name})" for name in gone.column_names)
    merge = DeltaTable(path).merge(
        gone, predicate=is_gone, target_alias="t", source_alias="g", writer_properties=of_files(table)
    )
    merge.when_matched_delete().execute()


def has_rows(path: str, table: Table, wanted: pa.Table | ds.Dataset) -> bool:
    """Whether the table has just these rows, by their business columns."""
    names = ", ".join(identifier(name) for name in table.business_columns)
    with duck.connect() as connection:
        connection.register("wanted", wanted)
        connection.execute(f"CREATE VIEW present AS {duck.scan(connection, Path(path))}")
        one, other = (f"SELECT {names} FROM {side}" for side in ("wanted", "present"))
        query = f"({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}) LIMIT 1"
        return connection.execute(query).fetchone() is None


def as_declared(table: Table, within: str = "", before: str = "") -> list[str]:
    """The columns in their declared types, as SQL: written in Python each is several messages to the JVM."""
    return [f"CAST({within}`{one.name}` AS {one.type}) AS `{before}{one.name}`" for one in table.columns]


def _typed(table: Table, rows: DataFrame) -> pa.Table:
    return _received(rows.selectExpr(*as_declared(table)))


def _received(rows: DataFrame) -> pa.Table:
    """The rows of a frame, as delta-rs may be given them."""
    return _with_sound_lists(in_own_memory(engine_of(rows.sparkSession).received(rows)))


def in_own_memory(rows: pa.Table) -> pa.Table:
    """The same rows in memory of Arrow alone, copied there once.

    What came from an engine lies in Python's bytes. Whoever lets go of these waits for Python's lock; where threads of
    delta-rs do, while a call of it that keeps that lock waits for them (reading a change feed does), all stands still.
    """
    held = pa.BufferOutputStream()
    with pa.ipc.new_stream(held, rows.schema) as stream:
        stream.write_table(rows)
    return pa.ipc.open_stream(held.getvalue()).read_all()


def _with_sound_lists(rows: pa.Table) -> pa.Table:
    """Where no list has an element, Java leaves the place of the elements as it was: delta-rs stumbles over that."""
    for place, column in enumerate(rows.schema):
        if pa.types.is_list(column.type):
            chunks = [_sound(chunk) for chunk in rows[place].chunks]
            rows = rows.set_column(place, column, pa.chunked_array(chunks, column.type))
    return rows


def _sound(lists: pa.ListArray) -> pa.ListArray:
    if len(lists.values):
        return lists
    nothing = pa.array([], lists.type.value_type)
    return pa.ListArray.from_arrays(
        lists.offsets, nothing, lists.type, mask=lists.is_null() if lists.null_count else None
    )


def append_batches(path: str, table: Table, batches: Iterator[pa.RecordBatch]) -> None:
    """Appends rows as they come, in one commit once all have come. What `batches` raises leaves the table as it was."""
    raised: list[BaseException] = []
    schema = _named_as_there(path, arrow_schema(table))

    def watched() -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)
        except BaseException as error:
            raised.append(error)  # on its way through delta-rs it would become a text
            raise

    try:
        reader = pa.RecordBatchReader.from_batches(schema, watched())
        write_deltalake(path, reader, mode="append", writer_properties=of_files(table))
    except Exception as error:
        raise (raised[0] if raised else error) from None


def _named_as_there(path: str, schema: pa.Schema) -> pa.Schema:
    """The columns as the table calls them: a declaration may have changed the case of their names since."""
    there = {folded(one.name): one.name for one in opened(path).schema().fields}
    return pa.schema([one.with_name(there[folded(one.name)]) for one in schema])


def append_made(path: str, rows: Sequence[Mapping[str, Any]], transaction: tuple[str, int] | None = None) -> None:
    """Appends rows made by Python; nothing where the numbered transaction, or a later one of its name, was committed.

    The log says which were: two writers at once cannot both be first.
    """
    table = DeltaTable(path)
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    made = pa.Table.from_pylist(plain, schema=pa.schema(table.schema().to_arrow()))
    if transaction is None:
        write_deltalake(path, made, mode="append")
    elif not _was_committed(table, *transaction):
        noted = CommitProperties(app_transactions=[Transaction(*transaction)])
        try:
            write_deltalake(table, made, mode="append", commit_properties=noted)
        except CommitFailedError:
            if not _was_committed(DeltaTable(path), *transaction):
                raise


def _plain(value: Any) -> Any:
    """Arrow takes a map as its pairs."""
    return list(value.items()) if isinstance(value, Mapping) else value


def _was_committed(table: DeltaTable, name: str, number: int) -> bool:
    newest = table.transaction_version(name)
    return newest is not None and newest >= number
