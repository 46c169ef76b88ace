"""Tables that this process makes are those that Spark makes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.lake import arrow_ddl
from lakehouse.lake.ddl import create_table
from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.gold import DIM_DATE, FACT_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.silver import QUARANTINE

pytestmark = pytest.mark.spark

NARROW = bronze_table("shop", "lines", ["a", "Unit Price (EUR)"])
WIDE = bronze_table("shop", "lines", ["a", "Unit Price (EUR)", "it's `new`"])


def described(path: Path) -> dict[str, Any]:
    table = DeltaTable(path)
    metadata, protocol = table.metadata(), table.protocol()
    return {
        "schema": json.loads(table.schema().to_json()),
        "partitions": metadata.partition_columns,
        "properties": metadata.configuration,
        "comment": metadata.description,
        "versions": (protocol.min_reader_version, protocol.min_writer_version),
    }


def test_a_table_has_the_columns_comments_properties_and_protocol_of_one_made_by_spark(
    spark: SparkSession, tmp_path: Path
) -> None:
    spark.sql(create_table(f"delta.`{tmp_path / 'by_spark'}`", NARROW))
    arrow_ddl.ensure(str(tmp_path / "here"), NARROW)
    assert described(tmp_path / "here") == described(tmp_path / "by_spark")


def test_columns_that_are_declared_later_are_added_once(tmp_path: Path) -> None:
    path = str(tmp_path / "t")
    for table in (NARROW, WIDE, WIDE, NARROW):
        arrow_ddl.ensure(path, table)
    there = DeltaTable(path)
    assert there.version() == 1
    added = there.schema().fields[-1]
    assert (added.name, added.nullable) == (WIDE.columns[2].name, True)
    assert added.metadata == {"comment": "As sent, under the name it's `new`"}


@pytest.mark.parametrize("table", [FACT_SALES, INGESTED_FILES, DIM_DATE, QUARANTINE], ids=lambda table: table.name)
def test_constraints_and_types_are_those_that_spark_states(spark: SparkSession, tmp_path: Path, table: Table) -> None:
    spark.sql(create_table(f"delta.`{tmp_path / 'by_spark'}`", table))
    arrow_ddl.ensure(str(tmp_path / "here"), table)
    here, by_spark = described(tmp_path / "here"), described(tmp_path / "by_spark")
    # Which protocol says so is each writer's own; both read and write under either.
    assert {**here, "versions": ()} == {**by_spark, "versions": ()}
    assert not table.checks or "checkConstraints" in features(tmp_path / "here")
    assert sorted(path.name for path in (tmp_path / "here" / "_delta_log").iterdir()) == [arrow_ddl.FIRST]


def test_a_table_is_not_made_where_there_is_one(tmp_path: Path) -> None:
    arrow_ddl.create(str(tmp_path / "t"), FACT_SALES)
    with pytest.raises(FileExistsError):
        arrow_ddl.create(str(tmp_path / "t"), FACT_SALES)


def features(path: Path) -> list[str]:
    """Those of writers; all that the older numbers of the protocol stand for."""
    protocol = DeltaTable(path).protocol()
    by_number = ["appendOnly", "invariants", "checkConstraints"] if protocol.min_writer_version in range(3, 7) else []
    return protocol.writer_features or by_number
