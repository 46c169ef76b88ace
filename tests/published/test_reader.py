"""Reading a publication without Spark."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from lakehouse.delta.duck import declared_type, duckdb_type
from lakehouse.published import (
    NothingPublished,
    PublishedLake,
    UnknownPublication,
    newest,
    open_published,
    publications,
)
from lakehouse.tables import gold, ops
from lakehouse.tables.bronze import bronze_table
from tests.lakes import publish, published_star, write

pytestmark = pytest.mark.spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def table_of(lake: Path, name: str, rows: pa.Table, **options: object) -> PublishedLake:
    """A lake that has published just these rows."""
    write_deltalake(lake / name.replace(".", "/"), rows, **options)  # type: ignore[call-overload]
    publish(lake, 1, {name: 0})
    return open_published(lake)


def test_a_lake_without_publication_has_no_newest_one(tmp_path: Path) -> None:
    assert publications(tmp_path) == []
    with pytest.raises(NothingPublished, match="lakehouse run"):
        newest(tmp_path)
    with pytest.raises(NothingPublished):
        open_published(tmp_path / "nowhere")


def test_publications_come_in_order_of_their_numbers_with_all_that_their_rows_say(tmp_path: Path) -> None:
    publish(tmp_path, 2, {"gold.fact_sales": 5}, parent=1, kind="rollback", configuration={"a": "f1"})
    publish(tmp_path, 1, {"gold.fact_sales": 3})
    first, second = publications(tmp_path)
    assert (first.publication, first.parent, first.table_versions) == (1, None, {"gold.fact_sales": 3})
    assert (second.parent, second.kind, second.batches, second.configuration) == (1, "rollback", (2,), {"a": "f1"})
    assert newest(tmp_path) == second


def test_values_are_handed_to_a_query_beside_its_text(tmp_path: Path) -> None:
    with table_of(tmp_path, "gold.names", pa.table({"name": ["O'Neil", "x"], "n": [1, 2]})) as lake:
        text = "SELECT n FROM gold.names WHERE list_contains($names, name) AND n < $most"
        assert lake.sql(text, {"names": ["O'Neil", "x"], "most": 2}).fetchall() == [(1,)]
        assert lake.sql(text, {"names": ["' OR true --"], "most": 9}).fetchall() == []


def test_readers_see_the_pinned_version_and_not_the_working_head(tmp_path: Path) -> None:
    old = write(tmp_path, gold.DIM_DATE, [{"date_key": 20240101}])
    publish(tmp_path, 1, {"gold.dim_date": old})
    write(tmp_path, gold.DIM_DATE, [{"date_key": 20240102}])
    assert open_published(tmp_path).sql("SELECT date_key FROM gold.dim_date").fetchall() == [(20240101,)]


def test_an_older_publication_stays_readable(tmp_path: Path) -> None:
    for number in (1, 2):
        publish(tmp_path, number, {"gold.dim_date": write(tmp_path, gold.DIM_DATE, [{"date_key": number}])})
    query = "SELECT date_key FROM gold.dim_date"
    assert open_published(tmp_path, 1).sql(query).fetchall() == [(1,)]
    assert open_published(tmp_path).sql(query).fetchall() == [(2,)]
    with pytest.raises(UnknownPublication, match="no publication 3: there are 1 to 2"):
        open_published(tmp_path, 3)


def test_bronze_and_ops_are_read_at_their_head_even_before_anything_is_published(tmp_path: Path) -> None:
    table = bronze_table("shop", "orders", ["id"])
    write(tmp_path, table, [{"id": "a", "_batch_id": 1}])
    write(tmp_path, table, [{"id": "b", "_batch_id": 2}], mode="append")
    lake = open_published(tmp_path)
    assert lake.sql("SELECT id, _batch_id FROM bronze.shop_orders ORDER BY id").fetchall() == [("a", 1), ("b", 2)]
    with pytest.raises(NothingPublished):
        lake.sql("SELECT * FROM gold.fact_sales")


def test_a_table_of_ops_that_was_never_written_is_empty_in_its_declared_types(tmp_path: Path) -> None:
    publish(tmp_path, 1, {})
    answer = open_published(tmp_path).sql("FROM ops.job_runs")
    assert answer.columns == list(ops.JOB_RUNS.column_names)
    assert answer.fetchall() == []


def test_values_survive_exactly(tmp_path: Path) -> None:
    row = {
        "money": pa.array([Decimal("-99999999999999.9999")], pa.decimal128(18, 4)),
        "first": pa.array([FIRST], pa.timestamp("us", "UTC")),
        "last": pa.array([LAST], pa.timestamp("us", "UTC")),
        "holidays": pa.array([[("GB", "New Year"), ("DE", None)]], pa.map_(pa.string(), pa.string())),
        "reasons": pa.array([["a", "b"]], pa.list_(pa.string())),
        "text": pa.array(["naïve; 'quoted'\n"]),
        "nothing": pa.array([None], pa.string()),
    }
    lake = table_of(tmp_path, "gold.t", pa.table(row))
    assert lake.sql("FROM gold.t").fetchall() == [
        (
            Decimal("-99999999999999.9999"), FIRST, LAST, {"GB": "New Year", "DE": None}, ["a", "b"],
            "naïve; 'quoted'\n", None,
        )
    ]  # fmt: skip


def test_partition_values_come_back_in_their_type_whatever_they_hold(tmp_path: Path) -> None:
    months, texts = [date(2011, 1, 1), None, date(2012, 2, 1)], ["a/b c%=?", "é", None]
    rows = pa.table({"month": pa.array(months), "text": pa.array(texts), "n": [1, 2, 3]})
    lake = table_of(tmp_path / "a lake é", "gold.t", rows, partition_by=["month", "text"])
    assert lake.sql("SELECT month, text FROM gold.t ORDER BY n").fetchall() == list(zip(months, texts, strict=True))
    assert lake.sql("SELECT n FROM gold.t WHERE month = DATE '2012-02-01'").fetchall() == [(3,)]


def test_an_empty_table_gives_no_rows_in_the_right_types(tmp_path: Path) -> None:
    published_star(tmp_path)
    answer = open_published(tmp_path).sql("SELECT ordered_at, order_month, net_revenue FROM gold.fact_sales")
    assert [str(kind) for kind in answer.types] == ["TIMESTAMP WITH TIME ZONE", "DATE", "DECIMAL(18,4)"]
    assert answer.fetchall() == []


def test_a_table_is_had_where_it_is_there_and_has_a_row(tmp_path: Path) -> None:
    published_star(tmp_path, dim_date=[{"date_key": 20240101}])
    lake = open_published(tmp_path)
    assert lake.has("gold.dim_date")
    assert not lake.has("gold.fact_sales")
    assert not lake.has("gold.nothing")


def test_a_column_added_later_is_null_in_older_rows(tmp_path: Path) -> None:
    path = tmp_path / "gold" / "t"
    write_deltalake(path, pa.table({"a": [1]}))
    write_deltalake(path, pa.table({"a": [2], "b": ["new"]}), mode="append", schema_mode="merge")
    publish(tmp_path, 1, {"gold.t": 1})
    assert open_published(tmp_path).sql("FROM gold.t ORDER BY a").fetchall() == [(1, None), (2, "new")]


def test_rows_that_deletion_vectors_took_away_stay_away(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "silver" / "a table"
    spark.sql(
        f"CREATE TABLE delta.`{path}` (id BIGINT, part STRING, made_at TIMESTAMP) USING delta PARTITIONED BY (part)"
        " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
    )
    rows = spark.range(100).selectExpr("id", "concat('p ', id % 2) AS part", "TIMESTAMP '0001-01-01' AS made_at")
    rows.coalesce(1).write.format("delta").mode("append").save(str(path))
    spark.sql(f"DELETE FROM delta.`{path}` WHERE id % 20 = 0 OR id = 99")
    rows.limit(1).write.format("delta").mode("append").save(str(path))
    for number, version in ((1, 1), (2, 2), (3, 3)):
        publish(tmp_path, number, {"silver.a table": version})
    query = 'SELECT count(*), sum(id), min(made_at), count(DISTINCT part) FROM silver."a table"'
    all_rows = set(range(100))
    kept = all_rows - {0, 20, 40, 60, 80, 99}
    for number, ids in ((1, all_rows), (2, kept), (3, kept | {0})):
        assert open_published(tmp_path, number).sql(query).fetchall() == [(len(ids), sum(ids), FIRST, 2)]


@pytest.mark.parametrize(
    ("delta", "duckdb_name"),
    [
        ("decimal(18,4)", "DECIMAL(18,4)"),
        ({"type": "array", "elementType": "long"}, "BIGINT[]"),
        ({"type": "map", "keyType": "string", "valueType": "long"}, "MAP(VARCHAR, BIGINT)"),
        ({"type": "struct", "fields": [{"name": "a b", "type": "date"}]}, 'STRUCT("a b" DATE)'),
    ],
)
def test_each_delta_type_has_its_duckdb_name(delta: object, duckdb_name: str) -> None:
    assert duckdb_type(delta) == duckdb_name


def test_declared_types_have_duckdb_names() -> None:
    assert declared_type("MAP<STRING,BIGINT>") == "MAP(VARCHAR, BIGINT)"
    assert declared_type("ARRAY<STRING>") == "VARCHAR[]"


def test_the_reader_needs_no_spark() -> None:
    code = "import sys, lakehouse.published; sys.exit(any(m in sys.modules for m in ('pyspark', 'delta', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
