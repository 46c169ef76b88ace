"""One version of a Delta table as a query for DuckDB.

delta-rs reads the log (schema, files of the version, deleted rows); DuckDB reads the Parquet files, and so only the
columns, partitions and row groups that a query needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
from deltalake import DeltaTable
from duckdb import DuckDBPyConnection

from lakehouse.delta.log import LOG, opened
from lakehouse.delta.quoting import identifier, literal
from lakehouse.tables.column_names import name_as_sent

_TYPES = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "integer": "INTEGER",
    "short": "SMALLINT",
    "byte": "TINYINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
}
SCRATCH = "_deleted_rows"
"""The schema that holds, per table, the rows that its deletion vectors take away."""


class UnreadableTable(Exception):
    """A Delta table uses a feature that this reader does not know."""


def connect() -> DuckDBPyConnection:
    """A DuckDB in memory whose instants are in UTC, whatever the zone of the machine."""
    connection = duckdb.connect()
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def is_table(root: Path) -> bool:
    return (root / LOG).is_dir()


def scan(
    connection: DuckDBPyConnection,
    root: Path,
    version: int | None = None,
    *,
    within: Mapping[str, int | str] | None = None,
) -> str:
    """The SELECT that gives the rows of the table at `version` (its head where None), in the types of its schema.

    `within`: partition column -> value; the files of other partitions are left out.
    Raises UnreadableTable, and delta-rs' errors where the table or the version does not exist.
    """
    table = opened(root, version)
    metadata = table.metadata()
    if metadata.configuration.get("delta.columnMapping.mode", "none") != "none":
        raise UnreadableTable(f"{root} uses column mapping, which this reader does not know")
    fields = json.loads(table.schema().to_json())["fields"]
    types = {field["name"]: duckdb_type(field["type"]) for field in fields}
    partitions = {name: types[name] for name in metadata.partition_columns}
    files = _files(connection, table, root, within or {})
    if not files:
        return empty(types)
    touched = _deleted_rows(connection, table, root, set(files))
    parts = [
        _rows(connection, types, partitions, chosen, deleted)
        for chosen, deleted in (([f for f in files if f not in touched], None), (sorted(touched), _scratch_name(root)))
        if chosen
    ]
    return " UNION ALL ".join(parts)


def as_sent(root: Path, select: str) -> str:
    """The rows of a table of bronze with the columns of the file named as it was sent: the log has their names."""
    fields = json.loads(opened(root).schema().to_json())["fields"]
    names = {one["name"]: name_as_sent(one["name"], one["metadata"].get("comment", "")) for one in fields}
    columns = ", ".join(f"{identifier(name)} AS {identifier(sent)}" for name, sent in names.items())
    return f"SELECT {columns} FROM ({select})"


def with_missing(root: Path, select: str, types: Mapping[str, str]) -> str:
    """The rows of a table with the columns of `types` that older code did not write yet, NULL there."""
    there = {field.name for field in opened(root).schema().fields}
    missing = [f", CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in types.items() if name not in there]
    return f"SELECT *{''.join(missing)} FROM ({select})" if missing else select


def empty(types: dict[str, str]) -> str:
    """A SELECT of no rows with these columns, in DuckDB's types."""
    return (
        f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS {identifier(name)}' for name, kind in types.items())} WHERE false"
    )


def duckdb_type(kind: Any) -> str:
    """DuckDB's name for a type of a Delta schema (a text, or a mapping for nested ones)."""
    if isinstance(kind, str):
        return kind.upper() if kind.startswith("decimal") else _TYPES[kind]
    if kind["type"] == "array":
        return f"{duckdb_type(kind['elementType'])}[]"
    if kind["type"] == "map":
        return f"MAP({duckdb_type(kind['keyType'])}, {duckdb_type(kind['valueType'])})"
    inner = ", ".join(f"{identifier(field['name'])} {duckdb_type(field['type'])}" for field in kind["fields"])
    return f"STRUCT({inner})"


def declared_type(kind: str) -> str:
    """DuckDB's name for a type as the declarations of tables write it, in Spark's SQL."""
    if kind.startswith("ARRAY<"):
        return f"{declared_type(kind[6:-1])}[]"
    if kind.startswith("MAP<"):
        key, value = kind[4:-1].split(",")
        return f"MAP({declared_type(key)}, {declared_type(value)})"
    return {"STRING": "VARCHAR", "INT": "INTEGER", "TIMESTAMP": _TYPES["timestamp"]}.get(kind, kind)


def _files(connection: DuckDBPyConnection, table: DeltaTable, root: Path, within: Mapping[str, int | str]) -> list[str]:
    """The files of the version, in these partitions. The log writes their paths percent-encoded."""
    actions = connection.from_arrow(table.get_add_actions(flatten=True))
    for name, value in within.items():
        actions = actions.filter(f"{identifier(f'partition.{name}')} = {literal(str(value))}")
    return [str(root / unquote(path)) for (path,) in actions.project("path").fetchall()]


def _scratch_name(root: Path) -> str:
    return f"{SCRATCH}.{identifier(str(root))}"


def _deleted_rows(connection: DuckDBPyConnection, table: DeltaTable, root: Path, files: set[str]) -> set[str]:
    """Notes the rows that deletion vectors take away as (filename, place); returns the files that have such rows."""
    masks = connection.from_arrow(table.deletion_vectors())
    name = _scratch_name(root)
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCRATCH}")
    decoded = f"{literal(str(root))} || '/' || url_decode(substr(filepath, {len(root.as_uri()) + 2}))"
    kept = masks.project(
        f"{decoded} AS filename, unnest(selection_vector) AS kept,"
        " generate_subscripts(selection_vector, 1) - 1 AS place"
    )
    kept.filter("NOT kept").project("filename, place").create(name)
    touched = {path for (path,) in connection.execute(f"SELECT DISTINCT filename FROM {name}").fetchall()}
    if not touched:
        connection.execute(f"DROP TABLE {name}")
    if strange := touched - files:
        raise UnreadableTable(f"{root}: deletion vectors name files that are not the table's, as {min(strange)}")
    return touched


def _rows(
    connection: DuckDBPyConnection,
    types: dict[str, str],
    partitions: dict[str, str],
    files: list[str],
    deleted: str | None,
) -> str:
    """The SELECT over some of the files, without the rows that the table named `deleted` lists."""
    options = ["union_by_name = true"]  # a column that was added later is missing in the older files
    if partitions:
        hive_types = ", ".join(f"{literal(name)}: {kind}" for name, kind in partitions.items())
        options += ["hive_partitioning = true", f"hive_types = {{{hive_types}}}"]
    if deleted:
        options += ["filename = true", "file_row_number = true"]
    source = f"read_parquet([{', '.join(map(literal, files))}], {', '.join(options)})"
    found = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
    if missing := [name for name in partitions if name not in found]:
        raise UnreadableTable(f"{files[0]}: the path does not name the partition {', '.join(missing)}")
    columns = ", ".join(_column(name, kind, found.get(name), name in partitions) for name, kind in types.items())
    rows = f"SELECT {columns} FROM {source} AS f"
    if deleted:
        rows += f" ANTI JOIN {deleted} AS d ON f.filename = d.filename AND f.file_row_number = d.place"
    return rows


def _column(name: str, kind: str, found: str | None, is_partition: bool) -> str:
    """A column in its declared type; NULL where no file has it yet. Spark's INT96 instants come without a zone."""
    source = f"f.{identifier(name)}" if found else "NULL"
    if is_partition and kind == "VARCHAR":
        source = f"nullif({source}, '')"  # Delta: an empty partition value is NULL
    return f"{source if found == kind else f'CAST({source} AS {kind})'} AS {identifier(name)}"
