"""Nothing that happens at or after a cut-off alters a feature; what happened before does, however late it is told.

Many shops are looked at by one query, each a source of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from tests.gold.stars import Row
from tests.ml.features.shop import back, contact, features, order, version

pytestmark = pytest.mark.spark

AT = date(2024, 3, 1)
NAMES = ("A", "B", "C")
Shop = dict[str, list[Row]]
Event = tuple[str, date, Row]
"""The table it is in, its day, and its row."""
_NAME = st.sampled_from(NAMES)


def _moment(day: date) -> datetime:
    """In the morning: before ten by UTC it is the same day wherever days begin."""
    return datetime.combine(day, time(9), UTC)


def _order(day: date, name: str, amount: int, currency: str) -> tuple[str, date, Row]:
    return "orders", day, order("O", day.isoformat(), name, amount, currency=currency)


def _return(day: date, name: str, amount: int, currency: str) -> tuple[str, date, Row]:
    return "returns", day, back("R", day.isoformat(), name, amount, currency=currency)


def _touch(day: date, name: str, amount: int, currency: str) -> tuple[str, date, Row]:
    return "touches", day, contact("T", _moment(day).isoformat(), name)


def events(first: int, last: int) -> st.SearchStrategy[Event]:
    """An event on one of these days from the cut-off on, which is 0."""
    days = st.integers(first, last).map(lambda number: AT + timedelta(days=number))
    makes, currencies = st.sampled_from((_order, _return, _touch)), st.sampled_from(("GBP", "SEK"))
    return st.builds(lambda make, *parts: make(*parts), makes, days, _NAME, st.integers(1, 90), currencies)


EARLIER, LATER = events(-60, -1), events(0, 60)


def versions(move: date | None) -> list[Row]:
    """One version of each customer; A is classed anew on a day."""
    rows = [version(name, country_code="GB", signed_up_on=AT - timedelta(days=300)) for name in NAMES]
    if move is not None:
        rows[0]["valid_to"] = _moment(move)
        rows.append(version("A", key=1, valid_from=_moment(move), country_code="FR"))
    return rows


def shop(number: int, events: Sequence[Event], move: date | None = None) -> Shop:
    """The source of that number: the events with names and its customers with keys of their own."""
    found: Shop = {"orders": [], "returns": [], "touches": [], "customers": versions(move)}
    for place, (kind, _, row) in enumerate(events):
        name = {"orders": "order_id", "returns": "return_id", "touches": "touch_id"}[kind]
        found[kind].append(row | {name: str(place)})
    keys = ("customer_key", "customer_durable_key")
    return {
        kind: [
            row | {"source_system": f"{number}"} | {key: row[key] + 1000 * number for key in keys if key in row}
            for row in rows
        ]
        for kind, rows in found.items()
    }


def seen(spark: SparkSession, shops: Sequence[Shop]) -> list[list[dict[str, Any]]]:
    """For each of the shops its rows of features, without what tells the shops apart."""
    together = {kind: [row for one in shops for row in one[kind]] for kind in shops[0]}
    found: list[list[dict[str, Any]]] = [[] for _ in shops]
    for row in features(spark, AT, **together):  # type: ignore[arg-type]
        number = int(row.pop("source_system"))
        row["customer_durable_key"] -= 1000 * number
        found[number].append(row)
    return found


# A failure is small as it is: to make it smaller takes a query for each step.
_CASES = settings(max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@_CASES
@given(
    cases=st.lists(
        st.tuples(
            st.lists(EARLIER, min_size=1, max_size=8),
            st.lists(LATER, max_size=6),
            st.lists(LATER, max_size=6),
            st.none() | st.integers(0, 60).map(lambda days: AT + timedelta(days=days)),
        ),
        min_size=20,
        max_size=20,
    )
)
def test_no_event_at_or_after_the_cut_off_alters_a_feature(
    spark: SparkSession, cases: list[tuple[list[Event], list[Event], list[Event], date | None]]
) -> None:
    shops = []
    for known, later, others, move in cases:
        # Some are inserted, some go, some come instead of others; and a customer changes.
        shops += [shop(len(shops), [*known, *later]), shop(len(shops) + 1, [*known, *others], move)]
    found = seen(spark, shops)
    assert found[::2] == found[1::2]


@_CASES
@given(
    cases=st.lists(
        st.tuples(st.lists(events(-60, 60), max_size=5), events(-60, -2)),
        min_size=20,
        max_size=20,
    )
)
def test_an_event_before_the_cut_off_does_however_late_it_is_told(
    spark: SparkSession, cases: list[tuple[list[Event], Event]]
) -> None:
    shops = []
    for others, late in cases:
        row = late[2]
        customer = chr(row["customer_key"]) if late[0] == "returns" else row["customer_id"]
        # A customer is told of from the first order on.
        known = [*others, ("orders", AT, order("O", (AT - timedelta(days=61)).isoformat(), customer))]
        shops += [shop(len(shops), known), shop(len(shops) + 1, [*known, late])]
    found = seen(spark, shops)
    assert [one for one in range(0, len(shops), 2) if found[one] == found[one + 1]] == []
