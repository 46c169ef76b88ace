"""Values are given to the rows below within their group, and are the same once they are known."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.filled_down import filled_columns, known_values, with_filled_down

KIND = FileKind.model_validate({
    "pattern": "*", "columns": ["order", "city", "mail", "sku"],
    "fill_down": [
        {"within": ["order"], "columns": ["city", "mail"]},
        {"within": ["order", "sku"], "columns": ["mail"]},
    ],
})  # fmt: skip
SENT = [
    ("1", "York", "a@x", "P", []),
    ("1", None, None, "P", []),
    (None, "Bath", "b@x", "P", []),
    (None, None, None, "P", []),
    ("1", "Leeds", "c@x", "P", ["unreadable"]),
    ("1", None, None, "Q", ["unreadable"]),
    ("1", None, None, None, []),
    ("2", None, None, "P", []),
]
"""Among them rows that do not say which order they are of, and rows that could not be read."""
FILLED = [
    ("York", "a@x"), ("York", "a@x"), ("Bath", "b@x"), (None, None), ("Leeds", "c@x"), (None, None), ("York", "a@x"),
    (None, None),
]  # fmt: skip


def values(rows: DataFrame) -> list[tuple[str | None, ...]]:
    return [(row["city"], row["mail"]) for row in rows.orderBy("_row_in_file").collect()]


def test_columns_are_named_once_in_the_order_in_which_they_are_declared() -> None:
    assert filled_columns(KIND) == ("city", "mail")


def test_a_row_takes_the_last_value_of_its_group_and_a_row_that_is_of_none_neither_gives_nor_takes(
    spark: SparkSession,
) -> None:
    texts = ", ".join(f"`{name}` string" for name in (*KIND.columns, "_file_delivery"))
    types = f"{texts}, _problems array<string>, _row_in_file int"
    sent = spark.createDataFrame(
        [(*row, "d", problems, place) for place, (*row, problems) in enumerate(SENT, 1)], types
    ).coalesce(1)
    filled = with_filled_down(sent, KIND, is_known=False)
    assert values(filled) == FILLED
    known = sent.join(filled.select("_row_in_file", known_values(KIND)), "_row_in_file")
    assert values(with_filled_down(known.where("_row_in_file > 1"), KIND, is_known=True)) == FILLED[1:]
