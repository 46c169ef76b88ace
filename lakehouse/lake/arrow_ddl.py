"""Tables made and altered by this process, without Spark: the same columns, comments, constraints and properties."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, Schema, write_deltalake

from lakehouse.delta import duck
from lakehouse.delta.arrow_types import arrow_schema
from lakehouse.delta.log import LOG, opened
from lakehouse.delta.quoting import identifier
from lakehouse.lake.arrow_rows import rows_left
from lakehouse.lake.ddl import properties
from lakehouse.lake.statistics import of_files, to_be_set
from lakehouse.tables.column_names import folded
from lakehouse.tables.model import Table

_CHECKS = "delta.constraints."
FIRST = f"{0:020d}.json"


def ensure(path: str, table: Table) -> None:
    """The table exists with the declared columns; new columns of the declaration are added."""
    if DeltaTable.is_deltatable(path):
        bring_up_to_date(path, table)
    else:
        create(path, table)


def create(path: str, table: Table) -> None:
    """Makes the table, in one commit: there is none of its name.

    delta-rs states constraints in a commit of their own, and in other words than they were given. So its first commit
    is made elsewhere, and they are put into that.
    """
    with tempfile.TemporaryDirectory() as folder:
        stated = {name: value for name, value in properties(table).items() if not name.startswith(_CHECKS)}
        DeltaTable.create(
            folder,
            _commented(table),
            partition_by=list(table.partitioned_by),
            description=table.grain,
            configuration=stated,
        )
        lines = Path(folder, LOG, FIRST).read_text().splitlines()
    log = Path(path, LOG)
    log.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=log, prefix=".made-") as whole:
        whole.writelines(f"{json.dumps(_with_checks(json.loads(line), table))}\n" for line in lines)
        whole.flush()
        os.link(whole.name, log / FIRST)  # refused where another was there before


def _with_checks(action: dict[str, Any], table: Table) -> dict[str, Any]:
    if table.checks and "metaData" in action:
        action["metaData"]["configuration"] |= {f"{_CHECKS}{name}": check for name, check in table.checks.items()}
    if table.checks and (protocol := action.get("protocol")):
        if "writerFeatures" in protocol:
            protocol["writerFeatures"] = sorted({*protocol["writerFeatures"], "checkConstraints"})
        else:
            protocol["minWriterVersion"] = max(protocol["minWriterVersion"], 3)
    return action


def bring_up_to_date(path: str, table: Table) -> None:
    """Adds new columns of the declaration, and what it says of statistics. Where columns have other types than
    declared, the rows are written again under these."""
    present = {folded(one.name): one.type for one in opened(path).schema().fields}
    wanted = Schema.from_arrow(_commented(table)).fields
    if missing := [one for one in wanted if folded(one.name) not in present]:
        DeltaTable(path).alter.add_columns(missing)
    if table.layer != "bronze" and any(present.get(folded(one.name), one.type) != one.type for one in wanted):
        _write_again(path, table)
    if unsaid := to_be_set(opened(path).metadata().configuration, table):
        DeltaTable(path).alter.set_table_properties(unsaid)


def without_deletion_vectors(path: str, table: Table) -> None:
    """Rows that deletion vectors take away are left out of the files: delta-rs would write them again."""
    with rows_left(path, opened(path).version()) as rows:
        write_deltalake(path, rows, mode="overwrite", writer_properties=of_files(table))


def _write_again(path: str, table: Table) -> None:
    """A run that is cut short before it leaves the table as it was."""
    schema = _commented(table)
    columns = ", ".join(
        f"CAST({identifier(one.name)} AS {duck.declared_type(one.type)}) AS {identifier(one.name)}"
        for one in table.columns
    )
    with rows_left(path, opened(path).version()) as rows, duck.connect() as connection:
        connection.register("present", rows)
        typed = connection.sql(f"SELECT {columns} FROM present").to_arrow_table().cast(schema)
    write_deltalake(path, typed, mode="overwrite", schema_mode="overwrite", writer_properties=of_files(table))


def _commented(table: Table) -> pa.Schema:
    fields = zip(arrow_schema(table), table.columns, strict=True)
    return pa.schema([one.with_metadata({"comment": column.field.meaning}) for one, column in fields])
