from datetime import date
from decimal import Decimal

from lakehouse.tables.gold import DIM_PRODUCT
from lakehouse.tables.gold.products import PRODUCT_DAYS
from ml.demand.panel import panels
from ml.demand.series import collected, last_week, weekly_sales
from tests.lakes import Frame

AS_OF = date(2024, 2, 1)
"""A Thursday."""


def weeks(frame: Frame, days, products=(), *, most_products=10):
    sold = [
        {"lines": 1, "units": 2, "net_revenue": Decimal(10), "currency": "GBP", "product_durable_key": 1} | day
        for day in days
    ]
    known = [
        {"is_current": True, "category": None, "product_id": f"P{one['product_durable_key']}"} | one for one in products
    ]
    rows = weekly_sales(
        frame(PRODUCT_DAYS, *sold), frame(DIM_PRODUCT, *known), as_of=AS_OF, most_products=most_products
    )
    return collected(rows)


def test_the_week_that_as_of_is_in_is_no_history(frame: Frame):
    found = weeks(frame, [{"full_date": date(2024, 1, n)} for n in (15, 28, 29, 31)])
    assert [(str(row.week_start.date()), row.lines) for row in found.itertuples()] == [
        ("2024-01-15", 1),
        ("2024-01-22", 1),
    ]


def test_the_last_full_week_ends_before_as_of():
    assert last_week(date(2024, 1, 29)) == date(2024, 1, 22)
    assert last_week(date(2024, 2, 4)) == date(2024, 1, 22)
    assert last_week(date(2024, 2, 5)) == date(2024, 1, 29)


def test_the_week_of_the_first_sale_counts_only_from_a_monday(frame: Frame):
    days = [{"full_date": date(2024, 1, n)} for n in (9, 14, 15, 16)]
    assert weeks(frame, days)["lines"].tolist() == [2]
    days = [{"full_date": date(2024, 1, n)} for n in (8, 14, 15, 16)]
    assert weeks(frame, days)["lines"].tolist() == [2, 2]


def test_days_with_nothing_but_returns_are_no_sales(frame: Frame):
    days = [{"full_date": date(2024, 1, 8)}, {"full_date": date(2024, 1, 3), "lines": 0, "net_revenue": Decimal(0)}]
    assert weeks(frame, days)["lines"].tolist() == [1]


def test_currencies_are_never_added_up(frame: Frame):
    days = [{"full_date": date(2024, 1, 8), "currency": one} for one in ("EUR", "GBP")]
    found = weeks(frame, days)
    assert list(zip(found["currency"], found["revenue"], strict=True)) == [("EUR", 10.0), ("GBP", 10.0)]
    assert [one.currency for one in panels(found, last=last_week(AS_OF))] == ["EUR", "GBP"]


def test_small_products_are_kept_together_within_their_category(frame: Frame):
    products = [
        {"product_durable_key": key, "category": category}
        for key, category in ((1, "Shoes"), (2, "Shoes"), (3, "Hats"), (4, "Shoes"), (5, None))
    ]
    days = [
        {"full_date": date(2024, 1, 8), "product_durable_key": key, "net_revenue": Decimal(revenue)}
        for key, revenue in ((1, 50), (2, 10), (3, 5), (4, 20), (5, 1))
    ]
    [panel] = panels(weeks(frame, days, products, most_products=1), last=last_week(AS_OF))
    assert panel.names("product") == ["(other) Hats", "P1", "(other) Shoes", "(other) unknown"]
    assert panel.sales["revenue"][:, 0].tolist() == [5, 50, 30, 1]
    assert panel.names("category") == ["Hats", "Shoes", "unknown"]
    assert panel.at("category", "revenue")[:, 0].tolist() == [5, 80, 1]
    assert panel.at("total", "revenue")[0].tolist() == [86, 0, 0]


def test_the_largest_products_are_those_of_the_last_half_year(frame: Frame):
    days = [
        {"full_date": date(2023, 1, 2), "product_durable_key": 1, "net_revenue": Decimal(1000)},
        {"full_date": date(2024, 1, 8), "product_durable_key": 2, "net_revenue": Decimal(1)},
    ]
    products = [{"product_durable_key": key, "category": "Hats"} for key in (1, 2)]
    [panel] = panels(weeks(frame, days, products, most_products=1), last=last_week(AS_OF))
    assert panel.names("product") == ["P2", "(other) Hats"]


def test_nothing_sold_makes_no_panel(frame: Frame):
    assert list(panels(weeks(frame, []), last=last_week(AS_OF))) == []
