"""gold.fact_order_charges: what an order costs beside its goods: shipping, tax, fees, tips and what else is stated."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.refresh import Months, counted, months_of, months_of_changes, net_changed, refresh_months
from lakehouse.gold.star.keys import date_key
from lakehouse.gold.star.rates import months_with_new_rates, rates_of, with_reporting_rate
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.feeds import STATED_CHARGES
from lakehouse.tables.gold import FACT_ORDER_CHARGES, FACT_SALES
from lakehouse.tables.silver import FX_RATES, ORDER_CHARGES

READS = (ORDER_CHARGES, FACT_SALES, FX_RATES)
ORDER = ["source_system", "order_id"]
OF_ORDER = ("line_number", "customer_key", "order_status")
TAX = "tax"


def one_by_one(stated: DataFrame) -> DataFrame:
    """Every charge a row of its own; a row that states several gives those that are not 0.

    Of these only the tax can be within the prices.
    """
    own = F.struct("charge_kind", "amount", "is_within_prices")
    several = [
        F.struct(
            F.lit(kind).alias("charge_kind"),
            F.when(F.col(name) != 0, F.col(name)).alias("amount"),
            (F.col("is_within_prices") if kind == TAX else F.lit(False)).alias("is_within_prices"),
        )
        for name, kind in STATED_CHARGES.items()
    ]
    rows = stated.withColumn("_charge", F.explode(F.array(own, *several))).where("_charge.amount IS NOT NULL")
    return rows.withColumns({name: F.col(f"_charge.{name}") for name in ("charge_kind", "amount", "is_within_prices")})


def fact_order_charges(
    stated: DataFrame, sales: DataFrame, rates: DataFrame | None, *, reporting_currency: str, last_day: date
) -> DataFrame:
    """Grain: one charge of one order. `sales` holds at least all lines of the orders that are named.

    Customer and status are those of the order's first line; NULL where no line of the order is known.
    """
    first = F.min_by(F.struct("customer_key", "order_status"), "line_number")
    orders = sales.groupBy(*ORDER).agg(first.alias("_order"))
    rows = one_by_one(stated).join(orders, ORDER, "left")
    rows = with_reporting_rate(
        rows, rates, day="charge_date", month="charge_month", reporting_currency=reporting_currency, last_day=last_day
    )
    return rows.withColumns(
        {
            "customer_key": F.col("_order.customer_key"),
            "order_status": F.col("_order.order_status"),
            "date_key": date_key(F.col("charge_date")),
            "reporting_currency": F.lit(reporting_currency),
        }
    ).select(*FACT_ORDER_CHARGES.column_names)


# ── what to build again ────────────────────────────────────────────────────────────────────────────────────────────


def months_of_changed_orders(lake: Lake) -> set[date]:
    """Months with charges of orders whose customer or status may be another."""
    if lake.is_empty(ORDER_CHARGES):
        return set()
    sold = net_changed(lake, FACT_SALES, [*ORDER, *OF_ORDER])
    if sold is None:
        return set()
    with counted(sold.select(*ORDER).distinct()) as orders:
        if orders is None:
            return set()
        return months_of(lake.read(ORDER_CHARGES).join(orders, ORDER, "leftsemi").select("charge_month"))


def touched_months(lake: Lake) -> set[date]:
    """Months of which a charge came, went or changed, or is bound or converted otherwise."""
    return (
        months_of_changes(lake.changes(ORDER_CHARGES), "charge_month")
        | months_of_changed_orders(lake)
        | months_with_new_rates(lake, ORDER_CHARGES, day="charge_date", month="charge_month")
    )


def build(lake: Lake, settings: Settings) -> None:
    def facts(months: Months) -> DataFrame:
        stated = months.of(lake.read(ORDER_CHARGES), "charge_month")
        sales = lake.read(FACT_SALES).select(*ORDER, *OF_ORDER).join(stated.select(*ORDER), ORDER, "leftsemi")
        return fact_order_charges(
            stated,
            sales,
            rates_of(lake),
            reporting_currency=settings.reporting_currency,
            last_day=settings.calendar.last_day,
        )

    refresh_months(lake, FACT_ORDER_CHARGES, READS, touched_months, facts)


STEP = Step("fact_order_charges", READS, (FACT_ORDER_CHARGES,), build)
