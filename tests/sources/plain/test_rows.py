"""Rows made ready without Spark."""

from __future__ import annotations

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.plain.rows import Sent, filled_down, made_ready

KIND = FileKind.model_validate(
    {
        "pattern": "a.csv",
        "columns": ["Order", "Status", "sku"],
        "null_values": ["NULL"],
        "fill_down": {"within": ["Order"], "columns": ["Status"]},
    }
)


def _ready(*rows: tuple[str, tuple[str | None, ...] | None]) -> list[tuple[tuple[object, ...], str]]:
    sent = [
        Sent(file, place, values or (None,) * 3, None if values else "1,2,3,4", {})
        for place, (file, values) in enumerate(rows, 1)
    ]
    return [(tuple(row.values.values()), row.problem) for row in filled_down(made_ready(sent, KIND), KIND)]


def test_texts_are_trimmed_and_those_that_mean_nothing_are_none() -> None:
    assert _ready(("a", ("\u00a0 1\t", "NULL", ""))) == [(("1", None, None), "")]


def test_an_empty_value_takes_that_of_the_last_row_above_it_in_its_order_and_file() -> None:
    found = _ready(
        ("a", ("1", "paid", "A")), ("a", ("2", None, "B")), ("a", ("1", None, "C")), ("a", (None, None, "D")),
        ("b", ("1", None, "E")), ("b", ("1", "open", "F")), ("b", None), ("b", ("1", None, "G")),
    )  # fmt: skip
    assert [values[1] for values, _ in found] == ["paid", None, "paid", None, None, "open", None, "open"]
    assert found[6][1] == "too_many_fields"
