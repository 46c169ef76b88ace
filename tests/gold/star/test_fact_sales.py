"""Lines are bound to what their customer and product were when they were ordered; none is lost and none doubled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from lakehouse.gold.star.dim_geography import dim_geography, unknown_place
from lakehouse.gold.star.places import places_of_sales
from lakehouse.tables.silver import CUSTOMERS, FX_RATES, ORDER_LINES, PRODUCTS
from tests.gold.conftest import FIRST, LAST, Silver, day, values

MOVED = day("2024-03-01")
IN_BATH = {"city": "Bath", "valid_from": FIRST, "valid_to": MOVED, "is_current": False}
IN_BONN = {"city": "Bonn", "valid_from": MOVED, "valid_to": LAST, "is_current": True}


def test_a_line_is_bound_to_the_version_valid_at_that_instant(silver: Silver) -> None:
    silver.has(CUSTOMERS, IN_BATH, IN_BONN)
    before, after = day("2024-02-29 23:59:59.999999"), day("2024-03-01 00:00:00.000001")
    for number, at in enumerate((before, MOVED, after), 1):
        silver.has(ORDER_LINES, {"line_number": number, "ordered_at": at})
    assert values(silver.sales(), "line_number", "lived_in") == [(1, "Bath"), (2, "Bonn"), (3, "Bonn")]


def test_a_version_that_arrives_late_rebinds_the_lines_of_its_time(silver: Silver) -> None:
    silver.has(ORDER_LINES, {"ordered_at": day("2024-02-01")}, {"line_number": 2, "ordered_at": day("2024-04-01")})
    late = day("2024-01-15")
    silver.has(
        CUSTOMERS, IN_BATH | {"valid_to": late}, IN_BONN, {"city": "York", "valid_from": late, "valid_to": MOVED}
    )
    assert values(silver.sales(), "line_number", "lived_in") == [(1, "York"), (2, "Bonn")]


def test_a_line_of_no_customer_has_the_unknown_member_of_its_source(silver: Silver) -> None:
    silver.has(CUSTOMERS, {"city": "Bath"})
    silver.has(ORDER_LINES, {"customer_id": None}, {"customer_id": None, "source_system": "t"})
    assert values(silver.sales(), "source_system", "customer_id", "is_inferred", "lived_in") == [
        ("s", None, False, None),
        ("t", None, False, None),
    ]
    assert silver.sales().select("customer_key").distinct().count() == 2


def test_the_same_id_in_two_sources_is_two_members(silver: Silver) -> None:
    silver.has(CUSTOMERS, {"city": "Bath"}, {"city": "Bonn", "source_system": "t"})
    silver.has(ORDER_LINES, {}, {"source_system": "t"})
    assert values(silver.sales(), "source_system", "lived_in") == [("s", "Bath"), ("t", "Bonn")]


def test_every_line_stays_one_line_whatever_it_is_joined_with(silver: Silver) -> None:
    silver.has(CUSTOMERS, IN_BATH, IN_BONN)
    silver.has(PRODUCTS, {"valid_to": MOVED}, {"valid_from": MOVED})
    silver.has(FX_RATES, *({"currency": "EUR", "rate_date": date(2024, 1, n), "exchange_rate": n} for n in (1, 2, 3)))
    for number, currency in enumerate(("GBP", "EUR", "USD"), 1):
        silver.has(ORDER_LINES, {"line_number": number, "currency": currency, "ordered_at": day("2024-01-02")})
        silver.has(ORDER_LINES, {"line_number": number, "order_id": "N", "customer_id": None, "product_id": "?"})
    assert values(silver.sales(), "order_id", "line_number") == [(o, n) for o in "NO" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("product", "cost", "margin"),
    [
        ({"unit_cost": Decimal("1.25"), "currency": "GBP"}, Decimal("3.75"), Decimal("6.25")),
        ({"unit_cost": Decimal("1.25"), "currency": "EUR"}, None, None),
        ({"unit_cost": None, "currency": "GBP"}, None, None),
        ({"product_id": "another", "unit_cost": Decimal(1)}, None, None),
    ],
    ids=["same currency", "another currency", "no cost", "no product"],
)
def test_cost_is_known_only_in_the_currency_of_the_line(
    silver: Silver, product: dict[str, object], cost: Decimal | None, margin: Decimal | None
) -> None:
    silver.has(PRODUCTS, product).has(ORDER_LINES, {"quantity": 3, "net_revenue": Decimal(10)})
    assert values(silver.sales(), "cost", "margin") == [(cost, margin)]


def test_cost_is_that_of_the_time_of_the_order(silver: Silver) -> None:
    silver.has(PRODUCTS, {"unit_cost": Decimal(2), "valid_to": MOVED}, {"unit_cost": Decimal(5), "valid_from": MOVED})
    silver.has(ORDER_LINES, {"ordered_at": day("2024-02-01")}, {"line_number": 2, "ordered_at": MOVED})
    assert values(silver.sales(), "line_number", "cost") == [(1, Decimal(2)), (2, Decimal(5))]


@pytest.mark.parametrize(
    ("currency", "ordered_on", "rate"),
    [
        ("GBP", "2024-02-10", Decimal(1)),
        ("EUR", "2024-01-31", None),
        ("EUR", "2024-02-01", Decimal("0.80")),
        ("EUR", "2024-02-09", Decimal("0.80")),
        ("EUR", "2024-02-10", Decimal("0.90")),
        ("EUR", "2025-07-01", Decimal("0.90")),
        ("USD", "2024-02-10", None),
    ],
)
def test_the_rate_is_the_newest_that_the_source_gave_by_that_day(
    silver: Silver, currency: str, ordered_on: str, rate: Decimal | None
) -> None:
    silver.has(
        FX_RATES,
        {"currency": "EUR", "rate_date": date(2024, 2, 1), "exchange_rate": Decimal("0.80")},
        {"currency": "EUR", "rate_date": date(2024, 2, 10), "exchange_rate": Decimal("0.90")},
        {"currency": "USD", "rate_date": date(2024, 2, 1), "exchange_rate": Decimal(7), "source_system": "t"},
    ).has(ORDER_LINES, {"currency": currency, "ordered_at": day(ordered_on)})
    assert values(silver.sales(), "reporting_currency", "reporting_rate") == [("GBP", rate)]


@pytest.mark.parametrize(
    ("ship_to", "place"),
    [
        ({"ship_city": "Rome"}, (None, "Rome")),
        ({"ship_country_name": "Italy"}, ("Italy", None)),
        ({"ship_postal_code": "00100"}, (None, None)),
        ({}, ("Germany", "Bonn")),
        ({"customer_id": None}, (None, None)),
    ],
    ids=["city", "country", "postal code alone", "nothing", "nothing, no customer"],
)
def test_a_line_goes_where_it_says_else_where_its_customer_lived(
    silver: Silver, ship_to: dict[str, object], place: tuple[str | None, str | None]
) -> None:
    silver.has(CUSTOMERS, IN_BATH, IN_BONN | {"country_name": "Germany"})
    silver.has(ORDER_LINES, {"ordered_at": MOVED} | ship_to)
    places = places_of_sales(silver.rows(ORDER_LINES), silver.rows(CUSTOMERS))
    known = dim_geography(places.unionByName(unknown_place(places)).distinct())
    found = silver.sales().join(known, "geography_key")
    assert values(found, "country_name", "city") == [place]
