"""Expressions worked out without Spark."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.sources.mapping.strict import inlined
from lakehouse.sources.model import Source
from lakehouse.sources.plain.evaluate import CURRENCY, Names, UnreadError, Value, compiled
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.sources.plain.types import INT, TEXT

pytestmark = pytest.mark.spark

SHOP = Source.model_validate(
    {
        "name": "shop", "currency": "KWD", "time_zone": "UTC", "fingerprint": "x",
        "files": {"sales": {"pattern": "x", "columns": ["a", "b", "unit price"], "thousands_mark": ","}},
        "feeds": {"products": {"file": "sales", "columns": {"product_id": "a", "product_name": "b"}}},
    }
)  # fmt: skip
KIND = SHOP.files["sales"]
NAMES = Names({"a": TEXT, "b": TEXT, "unit price": TEXT, "n": INT, "orders\0status": TEXT}, KIND, "KWD", "sales")

CASES: list[tuple[str, dict[str, Value], Value]] = [
    ("a", {"a": "x"}, "x"),
    ("`Unit Price`", {"unit price": "9"}, "9"),
    ("orders.status", {"orders\0status": "paid"}, "paid"),
    ("sales.b", {"b": "own"}, "own"),
    ("'it''s'", {}, "it's"),
    ("CASE WHEN a = 'x' THEN 'yes' ELSE 'no' END", {"a": None}, "no"),
    ("CASE a WHEN 'x' THEN 'yes' END", {"a": "y"}, None),
    ("coalesce(a, b, 'c')", {"a": None, "b": "b"}, "b"),
    ("concat(a, b)", {"a": "x", "b": None}, None),
    ("a || '-' || b", {"a": "x", "b": "y"}, "x-y"),
    ("concat_ws('-', a, b, n)", {"a": "x", "b": None, "n": 3}, "x-3"),
    ("ltrim('-', a)", {"a": "--2"}, "2"),
    ("btrim(a, '*')", {"a": "*x*"}, "x"),
    ("trim(a)", {"a": " x\t "}, "x\t"),
    ("replace(a, ',', '.')", {"a": "1,5"}, "1.5"),
    ("split_part(a, '.', 1)", {"a": "17850.0"}, "17850"),
    ("split_part(a, '.', 3)", {"a": "17850.0"}, ""),
    ("lpad(a, 5, '0')", {"a": "140"}, "00140"),
    ("lpad(a, 2, '0')", {"a": "140"}, "14"),
    ("left(a, 2) || right(a, 2)", {"a": "abcd\U0001f600"}, "abd\U0001f600"),
    ("right(a, 9)", {"a": "ab"}, "ab"),
    ("substring(a, 2, 2)", {"a": "abcd"}, "bc"),
    ("substr(a, 3)", {"a": "abcd"}, "cd"),
    ("substring(a, 9, 2)", {"a": "ab"}, ""),
    ("length(a)", {"a": "ab\U0001f600"}, 3),
    ("a IS NULL OR b = 'x'", {"a": None, "b": None}, True),
    ("a = 'x' AND b = 'x'", {"a": None, "b": "y"}, False),
    ("a = 'x' AND b = 'x'", {"a": None, "b": "x"}, None),
    ("NOT coalesce(startswith(a, '-'), false)", {"a": None}, True),
    ("a IN ('x', NULL)", {"a": "y"}, None),
    ("a NOT IN ('x', 'y')", {"a": "z"}, True),
    ("a <=> b", {"a": None, "b": None}, True),
    ("a <> b", {"a": "x", "b": None}, None),
    ("a LIKE '%-_'", {"a": "x-1"}, True),
    ("nullif(a, '0')", {"a": "0"}, None),
    ("a BETWEEN 'b' AND 'd'", {"a": "d"}, True),
    ("a NOT BETWEEN 'b' AND 'd'", {"a": "d"}, False),
    ("number(a) > number('0')", {"a": "0"}, False),
    ("number(a) - number(b)", {"a": "2.5", "b": "1"}, Decimal("1.500000000000")),
    ("number(a) * number(b)", {"a": "1.0000005", "b": "0.001"}, Decimal("0.001000001")),
    ("round(number(a) * number(b) * number(a), 4)", {"a": "1.5", "b": "0.33333"}, Decimal("0.7500")),
    ("round(number(a))", {"a": "2.5"}, Decimal(3)),
    ("round(number(a), 2)", {"a": "-2.345"}, Decimal("-2.35")),
    ("number(a) / number(b)", {"a": "10", "b": "3"}, Decimal("3.333333333333")),
    ("number(a) / 3", {"a": "10"}, Decimal("3.33333333333333")),
    ("number(a) / 4", {"a": "-10"}, Decimal("-2.50000000000000")),
    ("try_divide(number(a), number(b))", {"a": "10", "b": "0"}, None),
    ("number(a) * 0.5", {"a": "3"}, Decimal("1.5000000000000")),
    ("number(a) * -1", {"a": "3"}, Decimal("-3.000000000000")),
    ("number(a) + 1", {"a": "3"}, Decimal("4.000000000000")),
    ("coalesce(number(a), 0)", {"a": None}, Decimal("0.000000000000")),
    ("coalesce(number(a) * number(b), number(b))", {"a": None, "b": "2"}, Decimal("2.000000000")),
    ("CASE WHEN a = '1' THEN 0.25 ELSE 10.5 END", {"a": "2"}, Decimal("10.50")),
    ("abs(number(a))", {"a": "-2"}, Decimal("2.000000000000")),
    ("-number(a)", {"a": "2"}, Decimal("-2.000000000000")),
    ("number(a)", {"a": None}, None),
    ("number(a)", {"a": "($1,250.50)"}, Decimal("-1250.500000000000")),
    ("number(a)", {"a": "12.5 %"}, Decimal("0.125000000000")),
    ("number(a)", {"a": "0.0000000005%"}, Decimal("0.000000000010")),
    ("minor(a)", {"a": "12345"}, Decimal("12.345")),
    ("a = 'x' OR number(b) > 0", {"a": "x", "b": "none"}, True),
    ("a = 'x' AND number(b) > 0", {"a": "y", "b": "none"}, False),
    ("IF(a = 'x', number(b), 0)", {"a": "y", "b": "none"}, Decimal("0.000000000000")),
    ("date_format(try_to_timestamp(a, 'M/d/yyyy'), 'yyyyMMdd')", {"a": "3/9/2024"}, "20240309"),
    ("date_format(try_to_timestamp(a, 'dd.MM.yy H:m'), 'd-M-yy ''at'' HH:mm:ss')",
     {"a": "09.03.24 7:05"}, "9-3-24 at 07:05:00"),
    ("try_to_timestamp(a, 'yyyy-MM-dd')", {"a": "2024-02-30"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "row", "value"), CASES)
def test_an_expression_has_its_value(sql: str, row: dict[str, Value], value: Value) -> None:
    found = compiled(sql, NAMES)(row)
    assert (found, type(found)) == (value, type(value))


def test_spark_gives_expressions_the_same_values(spark: SparkSession) -> None:
    texts = "a STRING, b STRING, `unit price` STRING"
    schema = f"place INT, {texts}, n INT, orders STRUCT<status: STRING>, sales STRUCT<b: STRING>"
    held = [
        (place, row.get("a"), row.get("b"), row.get("unit price"), row.get("n"), (row.get("orders\0status"),),
         (row.get("b"),))
        for place, (_, row, _) in enumerate(CASES)
    ]  # fmt: skip
    values = [
        F.when(F.col("place") == place, F.expr(inlined(sql, SHOP, KIND).sql)).cast("string").alias(f"v{place}")
        for place, (sql, _, _) in enumerate(CASES)
    ]
    rows: list[Any] = spark.createDataFrame(held, schema).select("place", *values).orderBy("place").collect()
    assert [row[f"v{place}"] for place, row in enumerate(rows)] == [_text(sql, value) for sql, _, value in CASES]


def _text(sql: str, value: Value) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if "minor" in sql:  # of which a value alone is taken, whatever its decimals
        value = Decimal(str(value)).quantize(Decimal("1e-12"))
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize(
    "sql",
    [
        "c", "a + b", "a > 1", "coalesce(a, 1)", "CAST(a AS INT)", "try_cast(a AS INT)",
        "reflect('java.lang.System', 'exit')",
        "a -- b", "'a\\n'", '"a"', "max(a) OVER (PARTITION BY b)", "(SELECT 1)", "a b",
        "split_part(a, '.', -1)", "rlike(a, 'x')", "number(n)", "a.b.c", "1.5e3", "", "1 / 2", "n + 1", "n / 2",
        "minor(a) * number(b)", "substring(a, 0, 1)", "left(a, n)", "to_timestamp(a, 'yyyy')", "coalesce(number(a), b)",
        "try_to_timestamp(a, b)", "other.b",
    ],
)  # fmt: skip
def test_what_is_not_surely_the_same_is_left_to_spark(sql: str) -> None:
    with pytest.raises(Unsupported):
        compiled(sql, NAMES)


@pytest.mark.parametrize(
    ("sql", "row"),
    [
        ("number(a) / number(b)", {"a": "1", "b": "0"}),
        ("number(a) * number(a) * number(a)", {"a": "99999999999999"}),
        ("date_format(try_to_timestamp(a, 'yyyy-MM-dd'), 'EEEE')", {"a": "2024-03-09"}),
        ("date_format(try_to_timestamp(a, 'yyyy-MM-dd'), 'yyyy[-MM]')", {"a": "2024-03-09"}),
    ],
)
def test_what_stops_a_run_is_left_to_spark_to_tell(sql: str, row: dict[str, Value]) -> None:
    with pytest.raises(Unsupported):
        compiled(sql, NAMES)(row)


@pytest.mark.parametrize(
    "sql",
    ["coalesce(number(a), number('0'))", "a = 'y' OR number(a) > 0", "IF(a = 'x', minor(a), 0)", "number(a) IS NULL"],
)
def test_a_text_that_is_no_number_is_no_null(sql: str) -> None:
    with pytest.raises(UnreadError):
        compiled(sql.replace(", 0)", ", minor(b))"), NAMES)({"a": "x", "b": None})


def test_a_blank_is_no_number_that_does_not_read() -> None:
    assert compiled("number(concat(' ', a))", NAMES)({"a": ""}) is None


def test_amounts_are_of_the_currency_of_their_row() -> None:
    number, minor = compiled("number(a)", NAMES), compiled("minor(b)", NAMES)
    row = {"a": "€5", "b": "100", CURRENCY: "EUR"}
    assert (number(row), minor(row)) == (5, 1)
    with pytest.raises(UnreadError):
        number(row | {CURRENCY: "USD"})
    assert minor(row | {CURRENCY: "JPY"}) == 100


def test_a_value_or_nothing_is_told_of_a_number_alone() -> None:
    assert compiled("number(a)", NAMES).or_none({"a": "x"}) is None
    with pytest.raises(Unsupported):
        compiled("coalesce(number(a), 0)", NAMES).or_none({"a": "x"})
    assert not compiled("number(a) > 0", NAMES).is_sure({"a": "x"})
    assert compiled("number(a) > 0", NAMES).is_sure({"a": "1"})


def test_a_time_is_a_time() -> None:
    found = compiled("try_to_timestamp(a, 'yyyy-MM-dd HH:mm')", NAMES)({"a": "2024-03-09 07:05"})
    assert found == datetime(2024, 3, 9, 7, 5)
