"""What is written and does not read is never lost: the row goes into quarantine, whatever the expression does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.mapping.refuse import refused
from lakehouse.sources.model import Source

Canonical = Callable[..., list[dict[str, Any]]]


def shop(price: str, **more: str) -> Source:
    """Lines of a shop whose prices have decimal commas, with a look-up whose prices have points."""
    lines = {
        "file": "orders",
        "filter": more.pop("filter", ""),
        "columns": {
            "order_id": "id", "line_number": "1", "product_id": "'P'", "ordered_at": "'2024-01-01'", "quantity": "1",
            "unit_price": price, **more,
        },
        "join": [{"file": "articles", "role": "lookup", "on": {"id": "id"}}],
    }  # fmt: skip
    return Source.model_validate(
        {
            "name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f",
            "files": {
                "orders": {
                    "pattern": "o*", "columns": ["id", "a", "b", "kind", "money"], "decimal_mark": ",",
                },
                "articles": {"pattern": "p*", "columns": ["id", "price"]},
            },
            "feeds": {"order_lines": lines},
        }
    )  # fmt: skip


def judged(canonical: Canonical, source: Source, *rows: Mapping[str, str], price: str = "2.50") -> list[Any]:
    """The price of each row, or why it is refused."""
    sent = [{"id": "1", **row} for row in rows]
    found = canonical(source, "order_lines", orders=sent, articles=[{"id": "1", "price": price}])
    return [row["_reasons"] or str(row["unit_price"].normalize()) for row in found]


UNREAD = ["unparsable:unit_price"]
ROWS = ({"a": "1,5"}, {"a": "free"}, {})


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("number(a)", ["1.5", UNREAD, ["missing:unit_price"]]),
        ("coalesce(number(a), 0)", ["1.5", UNREAD, "0"]),
        ("number(a) * 0 + 1", ["1", UNREAD, ["missing:unit_price"]]),
        ("greatest(number(a), 1)", ["1.5", UNREAD, "1"]),
        ("CASE WHEN number(a) > 1 THEN 7 ELSE 8 END", ["7", UNREAD, "8"]),
        ("CASE WHEN number(a) = 9 THEN 7 ELSE 8 END", ["8", UNREAD, "8"]),
        ("CASE WHEN kind IS NULL THEN 3 ELSE number(a) END", ["3", "3", "3"]),
        ("CASE WHEN kind = 'x' THEN 3 ELSE number(a) END", ["1.5", UNREAD, ["missing:unit_price"]]),
        ("coalesce(number(b), 4)", ["4", "4", "4"]),
    ],
)
def test_a_text_that_does_not_read_refuses_the_row_wherever_its_value_is_asked_for(
    canonical: Canonical, sql: str, expected: list[Any]
) -> None:
    assert judged(canonical, shop(sql), *ROWS) == expected


def test_a_text_is_read_by_the_marks_of_its_own_file(canonical: Canonical) -> None:
    source = shop("number(a) + number(articles.price)")
    assert judged(canonical, source, {"a": "1,5"}) == ["4"]
    assert judged(canonical, source, {"a": "1,5"}, price="2,50") == [UNREAD]


def test_an_amount_is_of_the_currency_of_its_row(canonical: Canonical) -> None:
    rows = ({"a": "5 €"}, {"a": "5 €", "money": "usd"}, {"a": "$5", "money": "usd"}, {"a": "¥5", "money": "JPY"})
    of_a_column, of_a_call = shop("a", currency="money"), shop("number(a)", currency="money")
    assert judged(canonical, of_a_column, *rows) == ["5", UNREAD, "5", "5"]
    assert judged(canonical, of_a_call, *rows) == ["5", UNREAD, "5", "5"]


def test_cents_are_those_of_the_currency_of_the_row(canonical: Canonical) -> None:
    rows = ({"a": "1250"}, {"a": "1250", "money": "JPY"}, {"a": "1250", "money": "KWD"}, {"a": "x"})
    assert judged(canonical, shop("minor(a)", currency="money"), *rows) == ["12.5", "1.25E+3", "1.25", UNREAD]


def test_a_filter_that_hangs_on_what_does_not_read_takes_the_row_into_quarantine(canonical: Canonical) -> None:
    source = shop("7", filter="kind = 'sale' AND number(a) > 0")
    rows = ({"kind": "sale", "a": "1"}, {"kind": "sale", "a": "x"}, {"kind": "fee", "a": "x"}, {"kind": "sale"})
    assert judged(canonical, source, *rows) == ["7", ["unparsable:filter"]]


def test_calls_may_stand_in_every_expression(spark: SparkSession) -> None:
    source = shop("number(a)", filter="number(a) > 0", discount="minor(articles.price)")
    feed = source.feeds["order_lines"]
    more = {"version": ("number(a)",), "position_within": ("number(a)", "id")}
    check_source(spark, source.model_copy(update={"feeds": {"order_lines": feed.model_copy(update=more)}}))


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("number(reflect('java.lang.System', 'getenv', 'HOME'))", "reflect"),
        ("CASE WHEN number(a) > rand() THEN number(a) END", "rand"),
        ("coalesce(number(a), minor(b)) / 2", ""),
        ("number(a, b)", "takes one text"),
        ("number(a) /* ' */ + rand() /* ' */", "comment"),
        ("numbre(a)", "near is number"),
    ],
)
def test_what_is_refused_stays_refused_around_and_within_a_call(spark: SparkSession, sql: str, named: str) -> None:
    found = refused(spark, shop(sql), "order_lines")
    assert named in " ".join(found)
    assert bool(found) is bool(named)
