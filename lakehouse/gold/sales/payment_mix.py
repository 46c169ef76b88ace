"""gold.payment_mix: sales of each month by the way in which they were paid.

What lines say of it counts first. Where they name no method the payments of their order do: see
`lakehouse.gold.sales.paid`.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union
from lakehouse.gold.amounts import converted_sources, sums
from lakehouse.gold.refresh import Months, counted, months_of, net_changed, refresh_months
from lakehouse.gold.sales import daily_sales
from lakehouse.gold.sales.daily_sales import ORDER, star_of, with_net_of_returns, with_share
from lakehouse.gold.sales.paid import AMOUNTS, COUNTED, UNKNOWN, moved_returns, moved_sales, parts_of_orders
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import FACT_ORDER_CHARGES, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import DAILY_SALES, PAYMENT_MIX
from lakehouse.tables.model import Table
from lakehouse.tables.silver import PAYMENTS

READS = (DAILY_SALES, *daily_sales.READS, PAYMENTS, FACT_ORDER_CHARGES)
MONTH = ["source_system", "month_start", "currency"]


def payment_mix(daily: DataFrame, moved: DataFrame | None = None) -> DataFrame:
    """Grain: one payment method in one month, in one currency.

    `moved` is what payments say of lines that name no method; None where there are no payments.
    """
    names = [*MONTH, "payment_method", *COUNTED, *AMOUNTS]
    cells = daily.select(*names) if moved is None else daily.select(*names).unionByName(moved.select(*names))
    rows = cells.groupBy(*MONTH, "payment_method").agg(
        *(F.sum(name).alias(name) for name in ("leading_orders", "lines", "return_lines")), *sums(("units", *AMOUNTS))
    )
    if moved is not None:
        # Nothing is left without a method where payments name one for all of it.
        is_left = F.greatest("lines", "return_lines", *(F.abs(name) for name in AMOUNTS)) > 0
        rows = rows.where(is_left | (F.col("payment_method") != UNKNOWN))
    return with_net_of_returns(with_share(rows.drop("return_lines"), MONTH))


def moved_by_payments(lake: Lake, months: Months) -> DataFrame | None:
    """What payments say of these months' lines and returns; None where there are no payments."""
    if lake.is_empty(PAYMENTS):
        return None
    star, converted = star_of(lake, months), converted_sources(lake)
    parts = parts_of_orders(lake.read(FACT_SALES), lake.read(PAYMENTS), lake.read(FACT_ORDER_CHARGES))
    return union([moved_sales(star.sales, parts, converted), moved_returns(star.returns, star.sold, parts, converted)])


# ── what to build again ────────────────────────────────────────────────────────────────────────────────────────────


def touched_months(lake: Lake) -> set[date] | None:
    """Months of which a day changed, and all months of orders that were paid or are due otherwise."""
    months = daily_sales.touched_months(lake)
    if months is None or lake.is_empty(PAYMENTS):
        # Of payments that are gone as of those that were never there: none has said anything since.
        return None if lake.changes(PAYMENTS) else months
    for table, names in _SAY_WHO_PAID:
        changed = net_changed(lake, table, [*ORDER, *names])
        if changed is not None:
            with counted(changed.select(*ORDER).distinct()) as orders:
                if orders is not None:
                    months |= months_of(lake.read(FACT_SALES).join(orders, ORDER, "leftsemi").select("order_month"))
                    months |= months_of(lake.read(FACT_RETURNS).join(orders, ORDER, "leftsemi").select("return_month"))
    return months


_SAY_WHO_PAID: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (PAYMENTS, ("payment_id", "payment_method", "payment_status", "amount", "currency")),
    (FACT_ORDER_CHARGES, ("charge_id", "charge_kind", "amount", "currency", "is_within_prices")),
    (FACT_SALES, ("line_number", "payment_method", "order_status", "net_revenue", "currency", "order_month")),
)


def build(lake: Lake, settings: Settings) -> None:
    def rows(months: Months) -> DataFrame:
        return payment_mix(months.of(lake.read(DAILY_SALES), "month_start"), moved_by_payments(lake, months))

    refresh_months(lake, PAYMENT_MIX, READS, touched_months, rows)


STEP = Step("payment_mix", READS, (PAYMENT_MIX,), build)
