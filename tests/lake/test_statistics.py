"""No value that may identify a person is noted beside the rows: not in the log, not in the footers of files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from lakehouse.lake import Lake, arrow_ddl, arrow_writer, spark_writer
from lakehouse.lake.lake import own_rows
from lakehouse.lake.statistics import INDEXED, hidden_columns, indexed
from lakehouse.lake.writer import Writer
from lakehouse.tables import gold, silver
from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.model import Table
from lakehouse.tables.registry import ALL
from tests.lakes import Frame, arrow

pytestmark = pytest.mark.spark

SECRET = "anna@example.com"
BRONZE = bronze_table("shop", "customers", ["Customer", "e-mail"])
PERSONAL = [table for table in ALL if hidden_columns(table)]
KEYS = {silver.CUSTOMERS.name: "customer_id", silver.ORDER_LINES.name: "order_id", silver.QUARANTINE.name: "feed",
        gold.DIM_CUSTOMER.name: "customer_key", BRONZE.name: "_source_file"}  # fmt: skip


def _row(table: Table, key: Any = None) -> Mapping[str, Any]:
    secret = {name: SECRET for name in hidden_columns(table) if table.column(name).type == "STRING"}
    sound = {"order_status": "completed", "quantity": 1, "line_number": 1, "status": "open", "reasons": ["missing:x"]}
    given = {name: value for name, value in sound.items() if name in table.column_names}
    return secret | given | ({KEYS[table.name]: key} if key is not None else {})


def _stats(path: str) -> Iterator[dict[str, Any]]:
    """Statistics of all that was ever added."""
    for log in sorted(Path(path, "_delta_log").glob("*.json")):
        for line in log.read_text(encoding="utf-8").splitlines():
            if (added := json.loads(line).get("add")) and added.get("stats"):
                yield json.loads(added["stats"])


def _of_footers(path: str) -> set[str]:
    """Columns of which a file says least and greatest value."""
    found = set()
    for file in Path(path).rglob("*.parquet"):
        group = pq.read_metadata(file).row_group(0) if "_delta_log" not in file.parts else None
        for place in range(group.num_columns if group else 0):
            chunk = group.column(place)
            if chunk.statistics is not None and chunk.statistics.has_min_max:
                found.add(chunk.path_in_schema.split(".")[0])
    return found


def _checked(path: str, table: Table) -> None:
    stats = list(_stats(path))
    assert stats
    hidden = set(hidden_columns(table))
    for one in stats:
        assert one["numRecords"] > 0
        assert not hidden & {*one.get("minValues", {}), *one.get("maxValues", {})}
        assert KEYS[table.name] in one["minValues"]
    assert not hidden & _of_footers(path)
    assert KEYS[table.name] in _of_footers(path)


def test_all_tables_with_personal_columns_are_meant() -> None:
    assert {table.name for table in PERSONAL} | {BRONZE.name} == {*KEYS}
    as_sent = {one.name for one in BRONZE.columns[:2]}
    assert {*hidden_columns(BRONZE)} == {*as_sent, "_rescued", "_corrupt_record"}
    assert indexed(gold.FACT_SALES) == {}
    for table in PERSONAL:
        assert set(table.personal_columns) == {*hidden_columns(table)}
        assert not set(table.personal_columns) & {*indexed(table)[INDEXED].split(",")}
        assert not set(table.partitioned_by) & {*indexed(table)[INDEXED].split(",")}


@pytest.mark.parametrize("table", PERSONAL, ids=lambda one: one.name)
@pytest.mark.parametrize("writer", [arrow_writer, spark_writer], ids=["delta-rs", "Spark"])
def test_no_personal_value_is_noted_beside_rows(lake: Lake, frame: Frame, writer: Writer, table: Table) -> None:
    key = KEYS[table.name]
    one, other = (1, 2) if table.column(key).type == "BIGINT" else ("a", "b")
    lake.ensure(table)
    path = lake.path(table)
    writer.append(path, table, frame(table, _row(table, one), _row(table, other)))
    writer.delete(path, table, frame(table, _row(table, one)).select(key, *table.partitioned_by))
    writer.replace(path, table, frame(table, _row(table, one), _row(table, other)))
    _checked(path, table)
    compression = {
        pq.read_metadata(file).row_group(0).column(0).compression
        for file in Path(path).rglob("*.parquet")
        if pq.read_metadata(file).num_row_groups
    }
    assert compression <= {"SNAPPY", "ZSTD"}


def test_columns_as_sent_are_taken_for_personal_whoever_writes(lake: Lake, frame: Frame) -> None:
    lake.append_batches(BRONZE, iter(arrow(BRONZE, [_row(BRONZE)]).to_batches()))
    _checked(lake.path(BRONZE), BRONZE)
    lake.append(BRONZE, frame(BRONZE, _row(BRONZE)))
    assert len(list(_stats(lake.path(BRONZE)))) == 2
    _checked(lake.path(BRONZE), BRONZE)


def _as_before(monkeypatch: pytest.MonkeyPatch, lake: Lake, table: Table) -> str:
    """A table that was made when nothing was said of statistics."""
    path = lake.path(table)
    with monkeypatch.context() as patch:
        patch.setattr("lakehouse.lake.ddl.indexed", lambda table: {})
        if table.checks:
            lake.ensure(table)
        else:
            patch.setattr("lakehouse.lake.arrow_ddl.to_be_set", lambda present, table: {})
            arrow_ddl.ensure(path, table)
    assert INDEXED not in DeltaTable(path).metadata().configuration
    return path


@pytest.mark.parametrize("table", [BRONZE, gold.DIM_CUSTOMER], ids=lambda one: one.name)
def test_a_table_that_was_there_before_says_so_from_the_next_write_on_and_once(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch, table: Table
) -> None:
    path = _as_before(monkeypatch, lake, table)
    for _ in range(2):
        lake.append(table, frame(table, _row(table)))
    _checked(path, table)
    assert DeltaTable(path).metadata().configuration[INDEXED] == indexed(table)[INDEXED]
    assert DeltaTable(path).version() == 3
    assert own_rows(lake, table) == 2


def test_without_spark_too(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _as_before(monkeypatch, lake, BRONZE)
    for _ in range(2):
        lake.append_batches(BRONZE, iter(arrow(BRONZE, [_row(BRONZE)]).to_batches()))
    _checked(path, BRONZE)
    assert DeltaTable(path).version() == 3
