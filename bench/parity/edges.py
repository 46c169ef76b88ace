"""Edge values, one frame of them: what engines may take for something else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

TEXTS = (
    None, "", " ", "abc", "ÄÖü ß", "𝒳🙂a", "a,b,,c", "A-1_b.C", " 12.50 ", "x%y\\z", "İstanbul ǅungla",
    "tab\tnew\nline", "e\u0301a\u00a0b", "'q\"", "2024-02-29", "00AFaf",
)  # fmt: skip
OTHERS = ("b", None, "", "abd", "a", "🙂", "c", "b", "x", "y", "İ", "n", "é", "'", "2024-03-01", "AF")
NUMBER_TEXTS = (
    None, "7", "-7", "007", "12.5", "-0", "0.00005", "1e2", " 5", "5 ", "+5", "99999999999999", "-0.00005",
    "2.675", "1.2345678", "3.",
)  # fmt: skip
DAY_TEXTS = (
    None, "2024-02-29", "1969-12-31", "1000-01-01", "9999-12-31", "1582-10-10", "2024-09-01", "2020-12-31",
    "2021-01-03", "1900-02-28", "2024-01-31", "2024-12-30", "2024-06-05", "1970-01-01", "2000-02-29",
    "2024-03-31",
)  # fmt: skip
INSTANT_TEXTS = (
    None, "2024-03-31 01:30:00", "2024-10-27 01:30:00", "1969-12-31 23:59:59.999999",
    "2024-02-29 12:34:56.789", "2024-02-29T12:34:56Z", "2024-02-29 12:34:56+02:00", "2024-02-29",
    "1900-01-01 00:00:00", "2262-01-01 00:00:00", "1600-01-01 00:00:00", "2024-02-29 00:00",
    "2024-09-01 23:59:59", "2024-11-03 01:30:00", "2024-12-31 23:59:59.9", "2024-1-2 3:4:5",
)  # fmt: skip
FREE_TEXTS = (
    None, "1/2/2024", "01/02/2024", "31/12/24", "Feb 3, 2024", "3 February 2024", "2024.02.03", "20240203",
    "2024-02-03 10:11", "FEB 3, 2024", "2/30/2024", "1/2/24 5:06 PM", "2024-02-03T10:11:12.5Z", " 1/2/2024",
    "1/2/2024 ", "2024-02-29T12:00",
)  # fmt: skip
JSON_TEXTS = (
    None, '{"a": 1, "b": [1, 2], "c": {"d": "x"}}', '{"a": "1.50"}', "{}", "[1, 2]", '{"a": null}',
    '{"a": 1.50}', "not", '{"a": "é\\u00e9🙂"}', '{"a": true, "b": []}', '{"a": {"d": 1}}', "",
    '{"b": [1, null]}', '{"a": 1e3}', '{"a": -0}', '{"a": 1, "a": 2}',
)  # fmt: skip
INTEGERS = (None, 0, 1, -1, 7, -7, 2, 10, 65, 12, 3, 2_147_483_647, -2_147_483_648, 128, 5, 13)
LONGS = (None, 0, 1, -1, 7, -7, 2, 2**53 + 1, 65, 1_710_000_000, 3, 2**31, -(2**31) - 1, 128, 5, 86_400)
DECIMALS = (
    None, "0.0000", "1.0050", "-1.0050", "2.5000", "-2.5000", "0.0001", "-0.0001", "12345.6789",
    "99999999999999.9999", "1.0150", "0.5000", "-0.5000", "1.5000", "10.0000", "7.0000",
)  # fmt: skip
DOUBLES = (
    None, 0.0, -0.0, float("nan"), float("inf"), float("-inf"), 0.1, 1e300, 2.5, -2.5, 1e-300, 1.005, 0.5,
    123456789.125, 1e21, 1e-5,
)  # fmt: skip
INSTANTS = (
    None, datetime(2024, 3, 31, 1, 30, tzinfo=UTC), datetime(2024, 10, 27, 0, 30, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC), datetime(2024, 2, 29, 12, 34, 56, 789_012, UTC),
    datetime(2024, 9, 1, tzinfo=UTC), datetime(2020, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2021, 1, 3, 5, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC),
    datetime(2024, 10, 27, 1, 30, tzinfo=UTC), datetime(2024, 11, 3, 6, 30, tzinfo=UTC),
    datetime(2024, 7, 4, 13, 5, 9, 500_000, UTC), datetime(2024, 12, 30, tzinfo=UTC),
    datetime(2261, 12, 31, tzinfo=UTC), datetime(1700, 5, 5, 5, 5, 5, tzinfo=UTC),
)  # fmt: skip
_WITHIN = {"1000-01-01": "1600-03-01", "9999-12-31": "2261-12-31"}
"""Days that Python cannot go beyond, and those in their place."""
BOOLEANS = (None, True, False)
SCHEMA = T.StructType(
    [
        T.StructField(name, kind)
        for name, kind in (
            ("id", T.IntegerType()), ("t", T.StringType()), ("u", T.StringType()),
            ("number_text", T.StringType()), ("day_text", T.StringType()), ("instant_text", T.StringType()),
            ("json_text", T.StringType()), ("free_text", T.StringType()), ("i", T.IntegerType()),
            ("l", T.LongType()), ("d", T.DecimalType(18, 4)), ("f", T.DoubleType()), ("day", T.DateType()),
            ("at", T.TimestampType()), ("b", T.BooleanType()),
        )
    ]
)  # fmt: skip


def rows() -> list[tuple[Any, ...]]:
    """Each row has the values of one place: `id`, then those of SCHEMA."""
    decimals = [None if one is None else Decimal(one) for one in DECIMALS]
    days = [one and date.fromisoformat(_WITHIN.get(one, one)) for one in DAY_TEXTS]
    booleans = [BOOLEANS[place % 3] for place in range(len(TEXTS))]
    columns = (
        TEXTS, OTHERS, NUMBER_TEXTS, DAY_TEXTS, INSTANT_TEXTS, JSON_TEXTS, FREE_TEXTS, INTEGERS, LONGS,
        decimals, DOUBLES, days, INSTANTS, booleans,
    )  # fmt: skip
    return [(place, *values) for place, values in enumerate(zip_longest(*columns))]


def edges(session: SparkSession) -> DataFrame:
    """The frame, made by the engine of the session."""
    return session.createDataFrame(rows(), SCHEMA)


def edges_at_once(session: SparkSession) -> DataFrame:
    """The same as Spark makes it of its own SQL: small questions to it are answered by its driver, without a job."""
    lines = (
        ", ".join(_literal(value, field.dataType) for value, field in zip(row, SCHEMA, strict=True)) for row in rows()
    )
    names = ", ".join(field.name for field in SCHEMA)
    return session.sql(f"SELECT * FROM VALUES {', '.join(f'({line})' for line in lines)} AS edges({names})")


def _literal(value: Any, kind: T.DataType) -> str:
    if value is None:
        return f"CAST(NULL AS {kind.simpleString()})"
    text = value.isoformat() if isinstance(value, date) else str(value)
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"CAST('{quoted}' AS {kind.simpleString()})"
