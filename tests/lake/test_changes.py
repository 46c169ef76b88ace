"""Changes of small tables are worked out within this process, and are those that Spark tells."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.refresh import in_months, months_of_changes
from lakehouse.lake import Lake, writer
from lakehouse.lake import lake as lake_module
from lakehouse.lake.changes import as_frame, base_version, changed_rows, net_changes
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.silver import CUSTOMERS
from tests.lakes import Frame

pytestmark = pytest.mark.spark

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
SOLD = {"order_id": "A", "line_number": 1, "quantity": 1, "order_date": JANUARY, "order_month": JANUARY}
LATER = SOLD | {"order_id": "B", "order_date": FEBRUARY, "order_month": FEBRUARY}


def net(rows: DataFrame, table: Table) -> Counter[str]:
    """Rows as texts -> how many more came than went."""
    found: Counter[str] = Counter()
    for row in rows.select("_change_type", *table.column_names).collect():
        found[str(row[1:])] += 1 if row[0] == "insert" else -1
    return Counter({text: count for text, count in found.items() if count})


def here(lake: Lake, table: Table, base: int) -> DataFrame:
    rows = net_changes(lake.path(table), base, lake.version(table))
    assert rows is not None
    return as_frame(lake.spark, lake.path(table), rows)


@pytest.mark.parametrize("most_lines", [-1, 1_000_000], ids=["written by Spark", "written by this process"])
def test_they_are_what_spark_tells_but_for_what_comes_and_goes_alike(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch, most_lines: int
) -> None:
    monkeypatch.setattr(writer, "MOST_LINES", most_lines)
    lake.overwrite(FACT_SALES, frame(FACT_SALES, SOLD, LATER, LATER))
    base = lake.version(FACT_SALES)
    again = frame(FACT_SALES, LATER, LATER | {"line_number": 2})
    lake.replace_where(FACT_SALES, again, in_months("order_month", {FEBRUARY}))
    lake.append(FACT_SALES, frame(FACT_SALES, SOLD | {"order_id": "C"}, SOLD | {"order_id": "C"}))
    rows = here(lake, FACT_SALES, base)
    by_spark = changed_rows(lake.spark, lake.path(FACT_SALES), base)
    assert net(rows, FACT_SALES) == net(by_spark, FACT_SALES)
    told = sorted((row["_change_type"], row["order_id"], row["line_number"]) for row in rows.collect())
    assert told == [("delete", "B", 1), ("insert", "B", 2), ("insert", "C", 1), ("insert", "C", 1)]


def test_lists_and_instants_survive(lake: Lake, frame: Frame) -> None:
    lake.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "a"}))
    base = lake.version(CUSTOMERS)
    valid_from = datetime(2024, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    came = [{"customer_id": "b", "repairs": ["blanks", "x"], "valid_from": valid_from}, {"customer_id": "c"}]
    lake.append(CUSTOMERS, frame(CUSTOMERS, *came))
    by_spark = changed_rows(lake.spark, lake.path(CUSTOMERS), base)
    assert net(here(lake, CUSTOMERS, base), CUSTOMERS) == net(by_spark, CUSTOMERS)
    assert len(net(by_spark, CUSTOMERS)) == 2


def test_a_column_that_came_meanwhile_is_in_them(spark: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "t")
    spark.sql(f"CREATE TABLE delta.`{path}` (a INT) USING delta TBLPROPERTIES (delta.enableChangeDataFeed = true)")
    spark.sql(f"INSERT INTO delta.`{path}` VALUES (1)")
    spark.sql(f"ALTER TABLE delta.`{path}` ADD COLUMNS (b STRING)")
    spark.sql(f"INSERT INTO delta.`{path}` VALUES (2, 'x')")
    rows = net_changes(path, 0, 3)
    assert rows is not None
    assert sorted(map(tuple, as_frame(spark, path, rows).collect())) == [(1, None, "insert"), (2, "x", "insert")]


def test_where_deletion_vectors_took_rows_away_only_spark_can_tell(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_LINES", -1)
    lake.append(CUSTOMERS, frame(CUSTOMERS, *({"customer_id": name} for name in "abc")).coalesce(1))
    base = lake.version(CUSTOMERS)
    lake.replace_rows(CUSTOMERS, lake.read(CUSTOMERS).limit(0), lake.read(CUSTOMERS).where("customer_id = 'b'"))
    assert net_changes(lake.path(CUSTOMERS), base, lake.version(CUSTOMERS)) is None


@pytest.mark.parametrize("most_here", [0, 1_000], ids=["by Spark", "by this process"])
def test_months_of_changes_are_told_either_way(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch, most_here: int
) -> None:
    monkeypatch.setattr(lake_module, "MOST_HERE", most_here)
    lake.overwrite(FACT_SALES, frame(FACT_SALES, SOLD))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    since = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    since.append(FACT_SALES, frame(FACT_SALES, LATER))
    changes = since.changes(FACT_SALES)
    assert (changes.arrow is None) == (most_here == 0)
    assert months_of_changes(changes, "order_month") == {FEBRUARY}
    since.release()


def test_a_table_whose_rows_all_came_again_did_not_change(lake: Lake, frame: Frame) -> None:
    lake.overwrite(FACT_SALES, frame(FACT_SALES, SOLD))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    since = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    since.overwrite(FACT_SALES, frame(FACT_SALES, SOLD))
    assert not since.changes(FACT_SALES)


def test_after_a_restore_only_what_came_since_is_a_change(lake: Lake, frame: Frame) -> None:
    lake.overwrite(FACT_SALES, frame(FACT_SALES, SOLD))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    base = lake.version(FACT_SALES)
    killed = Lake(lake.spark, lake.root, run_id="killed", as_of=lake.as_of)
    killed.append(FACT_SALES, frame(FACT_SALES, LATER))
    since = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    since.start_from_published([FACT_SALES])
    restored, path = since.version(FACT_SALES), Path(since.path(FACT_SALES))
    assert base_version(path, base, restored) == restored
    since.append(FACT_SALES, frame(FACT_SALES, SOLD | {"order_id": "C"}))
    changes = since.changes(FACT_SALES)
    assert changes.rows is not None
    assert [(row["_change_type"], row["order_id"]) for row in changes.rows.collect()] == [("insert", "C")]
    assert base_version(path, base, since.version(FACT_SALES)) == restored
    since.release()


def test_a_restore_to_another_version_than_the_published_one_is_a_change(lake: Lake, frame: Frame) -> None:
    lake.overwrite(FACT_SALES, frame(FACT_SALES, SOLD))
    older = lake.version(FACT_SALES)
    lake.append(FACT_SALES, frame(FACT_SALES, LATER))
    published, path = lake.version(FACT_SALES), lake.path(FACT_SALES)
    lake.spark.sql(f"RESTORE TABLE delta.`{path}` TO VERSION AS OF {older}")
    assert base_version(Path(path), published, lake.version(FACT_SALES)) == published
