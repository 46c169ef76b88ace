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


def test_a_table_with_constraints_is_left_to_spark(tmp_path: Path) -> None:
    from lakehouse.tables.ops import INGESTED_FILES

    with pytest.raises(AssertionError, match="constraints"):
        arrow_ddl.ensure(str(tmp_path / "t"), INGESTED_FILES)
