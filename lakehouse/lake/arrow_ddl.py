"""Tables made by this process, without Spark: the same columns, comments and properties in the log."""

from __future__ import annotations

import pyarrow as pa
from deltalake import DeltaTable, Schema

from lakehouse.delta.arrow_types import arrow_schema
from lakehouse.delta.log import opened
from lakehouse.lake.ddl import properties
from lakehouse.lake.statistics import to_be_set
from lakehouse.tables.column_names import folded
from lakehouse.tables.model import Table


def ensure(path: str, table: Table) -> None:
    """The table exists with the declared columns; new columns of the declaration are added. It has no constraints."""
    assert not table.checks, "constraints are stated by Spark"
    if not DeltaTable.is_deltatable(path):
        DeltaTable.create(
            path,
            _commented(table),
            partition_by=list(table.partitioned_by),
            description=table.grain,
            configuration=properties(table),
        )
        return
    present = {folded(one.name) for one in opened(path).schema().fields}
    wanted = Schema.from_arrow(_commented(table)).fields
    if missing := [one for one in wanted if folded(one.name) not in present]:
        DeltaTable(path).alter.add_columns(missing)
    if unsaid := to_be_set(opened(path).metadata().configuration, table):
        DeltaTable(path).alter.set_table_properties(unsaid)


def _commented(table: Table) -> pa.Schema:
    fields = zip(arrow_schema(table), table.columns, strict=True)
    return pa.schema([one.with_metadata({"comment": column.field.meaning}) for one, column in fields])
