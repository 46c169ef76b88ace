"""What Sail takes for something else than Spark: each has one way round, and a new version may lift the need for it.

See conftest.py for `sail` and `bare`. What it makes of Delta's tables is in test_tables_of_delta.py.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.frames import checkpointed, persisted
from lakehouse.settings import ConfigurationError
from lakehouse.sources.load import load_source
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.mapping.refuse import refuse


def one(session: SparkSession, value: Column | str) -> Any:
    return session.range(1).select(F.expr(value) if isinstance(value, str) else value).collect()[0][0]


def day(text: str = "2024-09-01") -> Column:
    return F.lit(text).cast("date")


@pytest.mark.parametrize("say", [lambda d: F.weekday(F.lit(d).cast("date")), lambda d: f"weekday(DATE'{d}')"])
def test_monday_is_the_first_day_of_a_week_and_sunday_its_last(sail: SparkSession, say: Any) -> None:
    assert [one(sail, say(f"2024-09-0{number}")) for number in (1, 2, 7)] == [6, 0, 5]


@pytest.mark.parametrize("say", [lambda d: F.extract(F.lit("YEAROFWEEK"), F.lit(d).cast("date"))])
def test_the_year_of_a_week_is_that_of_its_thursday(sail: SparkSession, say: Any) -> None:
    days = ("2024-12-29", "2024-12-30", "2021-01-03", "2021-01-04")
    assert [one(sail, say(text)) for text in days] == [2024, 2025, 2020, 2021]


FAR = ("0001-03-09", "9999-11-30", "-2024-05-05", "+12024-08-31", None)
"""Days beyond what nanoseconds since 1970 can say."""
STARTS = {
    "MONTH": ("0001-03-01", "9999-11-01", "-2024-05-01", "+12024-08-01", None, "2024-02-01"),
    "mm": ("0001-03-01", "9999-11-01", "-2024-05-01", "+12024-08-01", None, "2024-02-01"),
    "Mon": ("0001-03-01", "9999-11-01", "-2024-05-01", "+12024-08-01", None, "2024-02-01"),
    "quarter": ("0001-01-01", "9999-10-01", "-2024-04-01", "+12024-07-01", None, "2024-01-01"),
    "year": ("0001-01-01", "9999-01-01", "-2024-01-01", "+12024-01-01", None, "2024-01-01"),
    "YYYY": ("0001-01-01", "9999-01-01", "-2024-01-01", "+12024-01-01", None, "2024-01-01"),
    "yy": ("0001-01-01", "9999-01-01", "-2024-01-01", "+12024-01-01", None, "2024-01-01"),
    "week": ("0001-03-05", "9999-11-29", "-2024-05-03", "+12024-08-26", None, "2024-02-19"),
    "nothing": (None,) * 6,
}
"""Unit -> where it begins, for each of FAR and a Sunday of February."""


@pytest.mark.parametrize("unit", STARTS)
def test_a_month_begins_with_its_first_day_whatever_the_year(sail: SparkSession, unit: str) -> None:
    rows = sail.createDataFrame([(text,) for text in (*FAR, "2024-02-25")], "t string")
    rows = rows.select(F.col("t").cast("date").alias("day"), F.col("t").cast("timestamp").alias("at"))
    found = rows.select(F.trunc("day", unit).cast("string"), F.expr(f"CAST(trunc(day, '{unit}') AS STRING)"))
    assert [tuple(row) for row in found.collect()] == [(text, text) for text in STARTS[unit]]
    of_instants = rows.selectExpr(f"CAST(trunc(at, '{unit}') AS STRING)").collect()
    assert [row[0] for row in of_instants] == list(STARTS[unit])


@pytest.mark.parametrize(
    ("kind", "number", "by", "result"),
    [
        ("double", "1", "2", 0.5),
        ("double", "1", "0", None),
        ("decimal(18,4)", "10", "4", Decimal("2.5")),
        ("decimal(18,4)", "10", "0", None),
        ("double", None, "2", None),
        ("double", "1", None, None),
    ],
)
def test_a_division_by_nothing_is_null(sail: SparkSession, kind: str, number: Any, by: Any, result: Any) -> None:
    rows = sail.createDataFrame([(number, by)], "a string, b string")
    rows = rows.select(F.col("a").cast(kind).alias("a"), F.col("b").cast(kind).alias("b"))
    assert [tuple(row) for row in rows.select(F.try_divide("a", "b"), F.expr("try_divide(a, b)")).collect()] == [
        (result, result)
    ]


def test_a_percentile_of_many_places_gives_them_in_order(sail: SparkSession) -> None:
    cuts = ", ".join(f"{number / 100}D" for number in range(1, 100))
    [[found]] = sail.range(1000).agg(F.expr(f"percentile_approx(`id`, array({cuts}), 1000)")).collect()
    assert found == sorted(found)
    assert len(found) >= 9
    assert 0 <= found[0] < found[-1] <= 999


def test_texts_that_are_written_out_make_an_array_like_any_other(sail: SparkSession) -> None:
    reason = F.when(F.col("id") > 1, "a").otherwise("b")
    none = F.array().cast("array<string>")
    rows = sail.range(3).select(
        F.when(F.col("id") > 0, F.array(reason)).otherwise(none),
        F.coalesce(F.when(F.col("id") > 0, F.array(F.lit("x"))), none),
        F.when((F.col("id") > 0) & F.lit(False), F.array(F.lit("x"))).otherwise(none),
        F.expr("CASE WHEN id > 0 THEN array('y') ELSE CAST(array() AS ARRAY<STRING>) END"),
    )
    expected = [([], [], [], []), (["b"], ["x"], [], ["y"]), (["a"], ["x"], [], ["y"])]
    assert [tuple(row) for row in checkpointed(rows).collect()] == expected


@pytest.mark.parametrize("hold", [persisted, checkpointed])
def test_held_rows_stay_what_they_were(sail: SparkSession, tmp_path: Path, hold: Any) -> None:
    path = str(tmp_path / "t")
    sail.range(3).write.parquet(path)
    held: DataFrame = hold(sail.read.parquet(path))
    for file in (tmp_path / "t").glob("*.parquet"):
        file.unlink()
    assert held.count() == 3


def test_held_rows_may_be_none_and_keep_their_columns(sail: SparkSession) -> None:
    rows = sail.range(3).where("id > 5").select("id", F.array(F.lit("x")).alias("texts"))
    assert checkpointed(rows).dtypes == [("id", "bigint"), ("texts", "array<string>")]
    assert checkpointed(rows).isEmpty()


def test_a_value_may_be_longer_than_the_messages_that_pyspark_takes(sail: SparkSession) -> None:
    text = sail.range(1).select(F.expr("repeat('x', 130000000)")).toArrow().column(0)[0]
    assert len(text.as_py()) == 130_000_000


def test_a_column_that_is_never_null_may_be_after_an_outer_join(sail: SparkSession) -> None:
    left, right = sail.range(2), checkpointed(sail.range(1).withColumn("text", F.lit("x")))
    rows = left.join(right, "id", "left").orderBy("id")
    assert [tuple(row) for row in checkpointed(rows).orderBy("id").collect()] == [(0, "x"), (1, None)]


@pytest.mark.parametrize("sql", ["try_to_date(order_id)", "nowhere || order_id", "order_id + + )"])
def test_an_expression_that_sail_cannot_read_is_named_with_its_feed_and_column(sail: SparkSession, sql: str) -> None:
    shop = load_source("shop")
    lines = shop.feeds["order_lines"]
    lines = lines.model_copy(update={"columns": {**lines.columns, "sales_channel": sql}})
    check_source(sail, shop)
    with pytest.raises(ConfigurationError, match=r"feeds\.order_lines\.columns\.sales_channel"):
        check_source(sail, shop.model_copy(update={"feeds": {**shop.feeds, "order_lines": lines}}))


def test_an_expression_that_does_more_than_work_out_a_value_is_refused_before_sail_sees_it(sail: SparkSession) -> None:
    shop = load_source("shop")
    lines = shop.feeds["order_lines"]
    for sql in ("(SELECT max(a) FROM parquet.`/etc`)", "java_method('a', 'b')", "current_user"):
        harmful = lines.model_copy(update={"columns": {**lines.columns, "sales_channel": sql}})
        with pytest.raises(ConfigurationError, match="sales_channel"):
            refuse(sail, shop.model_copy(update={"feeds": {**shop.feeds, "order_lines": harmful}}))
    refuse(sail, shop)


PLACES = (0, 2, 3, -1, None)


def looked_up(session: SparkSession, kind: str, text: str) -> list[Any]:
    rows = session.createDataFrame([(place,) for place in PLACES], "place INT")
    return [row[0] for row in rows.select(F.get(F.from_json(F.lit(text), f"array<{kind}>"), F.col("place"))).collect()]


@pytest.mark.parametrize(
    ("kind", "text", "first", "last"),
    [
        ("double", "[0.5, 1, 2.5]", 0.5, 2.5),
        ("int", "[1, 2, 3]", 1, 3),
        ("bigint", "[5000000000, 2, 3]", 5_000_000_000, 3),
        ("string", '["a", "b", "ö"]', "a", "ö"),
        ("array<string>", '[["a", "b"], [], ["c"]]', ["a", "b"], ["c"]),
        ("boolean", "[true, false, false]", True, False),
    ],
)
def test_a_table_that_is_written_out_has_nothing_beyond_its_ends(
    sail: SparkSession, kind: str, text: str, first: Any, last: Any
) -> None:
    assert looked_up(sail, kind, text) == [first, last, None, None, None]


def test_what_is_looked_up_in_a_column_stays_sails_own(sail: SparkSession) -> None:
    rows = sail.range(3).select(F.get(F.array("id", F.col("id") + 5), F.lit(1)))
    assert [row[0] for row in rows.collect()] == [5, 6, 7]


LOGARITHMS = {
    # As java.lang.StrictMath.log gives them.
    0.730519863614471: -0.31399885635481606,
    1.0029804749879938: 0.0029760421781518426,
    0.3221879332258999: -1.1326202601326933,
    0.1986742014168495: -1.616088974709212,
    1.0000008623279406: 8.623275688049505e-07,
    0.9999999964558612: -3.544138766527966e-09,
}


def test_a_logarithm_is_spark_s_to_the_last_bit(sail: SparkSession) -> None:
    rows = sail.createDataFrame([(number,) for number in LOGARITHMS], "number DOUBLE")
    assert [row[0] for row in rows.select(F.log("number")).collect()] == list(LOGARITHMS.values())


def test_there_is_no_logarithm_of_nothing(sail: SparkSession) -> None:
    rows = sail.createDataFrame([(0.0,), (-1.0,), (None,), (1.0,), (float("inf"),)], "number DOUBLE")
    assert [row[0] for row in rows.select(F.log("number")).collect()] == [None, None, None, 0.0, float("inf")]


# ── what a new version may lift: then the other words go ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "sql",
    [
        "try_divide(CAST(id AS DOUBLE), 2.0D)",
        "try_divide(CAST(id AS DECIMAL(18,4)), 2.0)",
        "extract(YEAROFWEEK FROM DATE '2024-12-30')",
        "percentile_approx(id, array(0.1D, 0.9D), 1000)",
        "sum(NULL)",
        "nullif(id, id) / (id - id)",
    ],
)
def test_sail_still_refuses(bare: SparkSession, sql: str) -> None:
    with pytest.raises(PySparkException):
        bare.range(3).select(F.expr(sql)).collect()


def test_sail_still_counts_sundays_wrongly(bare: SparkSession) -> None:
    assert one(bare, F.weekday(day())) != 6


def test_sail_still_stops_at_months_of_far_days(bare: SparkSession) -> None:
    with pytest.raises(PySparkException, match="Cannot cast Date32"):
        one(bare, F.trunc(day("0001-03-09"), "month").cast("string"))


def test_sail_still_loses_partition_columns_of_files_that_are_named(bare: SparkSession, tmp_path: Path) -> None:
    path = str(tmp_path / "t")
    bare.range(2).withColumn("part", F.col("id")).write.partitionBy("part").parquet(path)
    files = [str(file) for file in (tmp_path / "t").rglob("*.parquet")]
    rows = bare.read.schema("id bigint, part bigint").option("basePath", path).parquet(*files)
    assert {row["part"] for row in rows.collect()} == {None}


def test_sail_still_gives_columns_that_a_union_fills_no_type(bare: SparkSession) -> None:
    rows = bare.range(1).unionByName(bare.range(1).withColumn("more", F.lit(1)), allowMissingColumns=True)
    with pytest.raises(PySparkException):
        rows.agg(F.sum("more")).collect()


def test_sail_still_gives_other_last_bits_of_logarithms(bare: SparkSession) -> None:
    rows = bare.createDataFrame([(number,) for number in LOGARITHMS], "number DOUBLE")
    assert [row[0] for row in rows.select(F.log("number")).collect()] != list(LOGARITHMS.values())


def test_sail_still_rounds_doubles_by_what_they_are_in_binary(bare: SparkSession) -> None:
    rows = bare.createDataFrame([(334.95, 0.1)], "price DOUBLE, rate DOUBLE")
    product = F.col("price") * F.col("rate")
    found = rows.select(product.cast("decimal(12,2)"), product.cast("string").cast("decimal(12,2)")).collect()
    assert found == [(Decimal("33.49"), Decimal("33.50"))]


def test_sail_still_works_out_both_branches(bare: SparkSession) -> None:
    bit = F.when(F.col("id") > 0, F.getbit(F.col("id"), F.col("id") - 1) == 1)
    with pytest.raises(PySparkException, match="bit_get"):
        bare.range(2).select(bit).collect()


def test_sail_still_writes_no_file_of_no_rows(bare: SparkSession, tmp_path: Path) -> None:
    bare.range(2).where("id > 5").write.parquet(str(tmp_path / "t"))
    assert not list((tmp_path / "t").glob("*.parquet"))
