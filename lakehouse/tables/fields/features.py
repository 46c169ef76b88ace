"""Columns that only the features of customers have: what was known of a customer before a day."""

from __future__ import annotations

from lakehouse.tables.model import Field
from lakehouse.tables.types import COUNT, CURRENCY_UNIT, MONEY

WINDOWS = (30, 90, 180, 365)
"""Days before a cut-off of which orders are counted."""
_DAYS = (
    Field("cut_off", "DATE", "The day before which everything that the row says was known"),
    Field("days_since_last_order", "INT", "Days from the last completed order to the cut-off", "days"),
    Field("tenure_days", "INT", "Days from sign-up or the first order, whichever came first, to the cut-off", "days"),
    Field("age_days", "INT", "Days from the first completed order to the cut-off: T of BG/NBD", "days"),
    Field("repeat_days", COUNT, "Days with a completed order after the first such day: x of BG/NBD", "days"),
    Field("repeat_span_days", "INT", "Days from the first day with an order to the last: t_x of BG/NBD", "days"),
    Field("mean_gap_days", "DOUBLE", "Mean of the days between two days with orders; NULL with one such day", "days"),
    Field(
        "sd_gap_days", "DOUBLE", "Standard deviation of these gaps, of the population; NULL with one such day", "days"
    ),
    Field("last_gap_ratio", "DOUBLE", "days_since_last_order / mean_gap_days; NULL with one day with orders", "ratio"),
)
_ORDERS = (
    Field("orders_before", COUNT, "Completed orders before the cut-off", "orders"),
    *(
        Field(f"orders_{days}d", COUNT, f"Completed orders in the {days} days before the cut-off", "orders")
        for days in WINDOWS
    ),
    Field("units_per_order", "DOUBLE", "Units of all orders before the cut-off / orders_before", "units per order"),
    Field("lines_per_order", "DOUBLE", "Lines of all orders before the cut-off / orders_before", "lines per order"),
)
_MAIN = "in the main currency: that of most of the customer's orders, among equals the last by alphabet"
_MONEY = (
    Field("revenue_before", MONEY, f"Net revenue of the orders before the cut-off that are {_MAIN}", CURRENCY_UNIT),
    Field("revenue_90d", MONEY, "Of it that of the 90 days before the cut-off", CURRENCY_UNIT),
    Field("revenue_365d", MONEY, "Of it that of the 365 days before the cut-off", CURRENCY_UNIT),
    Field("margin_365d", MONEY, "Margin of these 365 days; NULL where no cost is known", CURRENCY_UNIT),
    Field("mean_order_revenue", MONEY, "revenue_before / orders in the main currency", CURRENCY_UNIT),
    Field("discount_share", "DOUBLE", "Discount / gross revenue of these orders; NULL where gross is 0", "share"),
    Field(
        "refund_share",
        "DOUBLE",
        "Refunds before the cut-off in the main currency / revenue_before; NULL where that is 0",
        "share",
    ),
)
_RETURNS = (
    Field("return_lines_before", COUNT, "Counted returns before the cut-off", "lines"),
    Field("returned_units_before", COUNT, "Units of these returns", "units"),
)
_CONTACTS = tuple(
    Field(
        f"contacts_{days}d",
        COUNT,
        f"Contacts of campaigns in the {days} days before the cut-off, without those held out; a day counts as begun"
        " when it begins anywhere on earth",
        "contacts",
    )
    for days in (30, 90)
)
_SEASON = (
    Field("season_sin", "DOUBLE", "Sine of the cut-off's place in the year", "-1 to 1"),
    Field("season_cos", "DOUBLE", "Cosine of the cut-off's place in the year", "-1 to 1"),
)
FEATURES = (*_DAYS, *_ORDERS, *_MONEY, *_RETURNS, *_CONTACTS, *_SEASON)
