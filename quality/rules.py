"""Business rules for rows: what a shop would not have meant, whatever its files say.

What a value cannot be read as is judged before these (`unparsable:…`, `missing:…`, `excess_scale:…`), as is the time at
which a row happened (`in_future:…`, `outside_calendar:…`).
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.silver.rules import RowRule
from lakehouse.tables.silver import CHARGE_KINDS, ORDER_STATUSES

LARGEST_QUANTITY = 1_000_000


def _refuse(code: str, feed: str, sentence: str, is_broken: Callable[[], Column]) -> RowRule:
    return RowRule(code, feed, "quarantine", sentence, is_broken)


def _is_below_zero() -> Column:
    return (F.col("unit_price") < 0) | ((F.col("gross_revenue") < 0) & (F.col("quantity") > 0))


RULES: tuple[RowRule, ...] = (
    _refuse("negative_price", "order_lines", "The price is below zero.", _is_below_zero),
    _refuse(
        "zero_price",
        "order_lines",
        "The price is zero: a gift, a correction or a mistake.",
        lambda: (F.col("unit_price") == 0) & (F.coalesce("gross_revenue", F.lit(0)) == 0),
    ),
    _refuse(
        "negative_quantity",
        "order_lines",
        "The quantity is below zero: a return among the sales.",
        lambda: F.col("quantity") < 0,
    ),
    _refuse("zero_quantity", "order_lines", "The quantity is zero.", lambda: F.col("quantity") == 0),
    _refuse(
        "absurd_quantity",
        "order_lines",
        "The quantity is beyond a million.",
        lambda: F.col("quantity") > LARGEST_QUANTITY,
    ),
    _refuse(
        "negative_discount",
        "order_lines",
        "The discount is below zero: a surcharge needs a line of its own.",
        lambda: (F.col("discount") < 0) | F.coalesce(F.col("order_discount") < 0, F.lit(False)),
    ),
    _refuse(
        "discount_above_price",
        "order_lines",
        "The discount is more than the line is worth.",
        lambda: (F.col("discount") > F.col("gross_revenue")) & (F.col("gross_revenue") > 0),
    ),
    _refuse(
        "unknown_status",
        "order_lines",
        f"The status is none of {', '.join(ORDER_STATUSES)}.",
        lambda: ~F.col("order_status").isin(*ORDER_STATUSES),
    ),
    _refuse("negative_quantity", "returns", "The returned quantity is below zero.", lambda: F.col("quantity") < 0),
    _refuse("zero_quantity", "returns", "The returned quantity is zero.", lambda: F.col("quantity") == 0),
    _refuse(
        "absurd_quantity",
        "returns",
        "The returned quantity is beyond a million.",
        lambda: F.col("quantity") > LARGEST_QUANTITY,
    ),
    _refuse("negative_refund", "returns", "The refund is below zero.", lambda: F.col("refund_amount") < 0),
    _refuse(
        "unknown_charge_kind",
        "order_charges",
        f"The kind of charge is none of {', '.join(CHARGE_KINDS)}.",
        lambda: ~F.col("charge_kind").isin(*CHARGE_KINDS),
    ),
    _refuse(
        "incomplete_charge",
        "order_charges",
        "A charge has a kind and an amount, or neither.",
        lambda: F.col("charge_kind").isNull() != F.col("amount").isNull(),
    ),
    _refuse("negative_cost", "products", "The unit cost is below zero.", lambda: F.col("unit_cost") < 0),
    _refuse("negative_list_price", "products", "The list price is below zero.", lambda: F.col("list_price") < 0),
    _refuse("rate_not_positive", "fx_rates", "An exchange rate is above zero.", lambda: F.col("exchange_rate") <= 0),
    _refuse("negative_spend", "campaign_spend", "The spend is below zero.", lambda: F.col("amount") < 0),
    _refuse(
        "ends_before_start",
        "campaigns",
        "The campaign ends before it starts.",
        lambda: F.col("ended_on") < F.col("started_on"),
    ),
    *(
        _refuse(
            "not_a_currency", feed, "The currency is no ISO 4217 code.", lambda: ~F.col("currency").rlike("^[A-Z]{3}$")
        )
        for feed in (
            "order_lines",
            "returns",
            "payments",
            "order_charges",
            "products",
            "campaigns",
            "campaign_spend",
            "fx_rates",
        )
    ),
)
