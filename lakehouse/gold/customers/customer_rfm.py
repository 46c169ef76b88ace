"""gold.customer_rfm, gold.rfm_segments, gold.customer_concentration: who buys lately, often and much.

All three come from one total per customer. What a run costs: one pass over gold.order_totals and gold.fact_returns,
since a score depends on all customers at once; the lines are not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.amounts import converted_sources, counted_returns
from lakehouse.gold.customers.customer_concentration import customer_concentration
from lakehouse.gold.customers.ranks import with_totals_below
from lakehouse.gold.refresh import counted
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.settings.marts import Rfm, SegmentRule
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.customers import CUSTOMER_CONCENTRATION, CUSTOMER_RFM, RFM_SEGMENTS
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.types import MONEY

GROUP = ["source_system", "currency"]
CUSTOMER = [*GROUP, "customer_durable_key", "customer_id"]
SCORES = 5
METRICS = {"r": "_recent", "f": "frequency", "m": "monetary"}
"""Score -> what it ranks: more is better."""


def customer_totals(
    orders: DataFrame, returns: DataFrame, customers: DataFrame, *, as_of: date, converted: Sequence[str]
) -> DataFrame:
    """What each customer ordered and returned before `as_of`, by currency. Guests are left out.

    `monetary` is net of all counted returns of the customer, also of those whose line is not known.
    """
    known = orders.where((F.col("order_date") < F.lit(as_of)) & F.col("customer_id").isNotNull())
    # Orders are distinct already but for those of several days: to shuffle them by customer serves both steps of it.
    known = known.repartition("customer_durable_key")
    sold = known.groupBy(*CUSTOMER).agg(
        F.countDistinct("order_id").alias("frequency"),
        F.min("order_date").alias("first_ordered_on"),
        F.max("order_date").alias("last_ordered_on"),
        F.sum("net_revenue").cast(MONEY).alias("net_revenue"),
    )
    back = counted_returns(returns.where(F.col("return_date") < F.lit(as_of)), converted)
    versions = customers.select("customer_key", "customer_durable_key")
    refunds = (
        back.groupBy("customer_key", "currency")
        .agg(F.sum("refund_amount").alias("refund_amount"))
        .join(versions, "customer_key")
        .groupBy("customer_durable_key", "currency")
        .agg(F.sum("refund_amount").cast(MONEY).alias("refund_amount"))
    )
    refund = F.coalesce("refund_amount", F.lit(0)).cast(MONEY)
    return sold.join(refunds, ["customer_durable_key", "currency"], "left").withColumns(
        {
            "refund_amount": refund,
            "monetary": (F.col("net_revenue") - refund).cast(MONEY),
            "recency_days": F.date_diff(F.lit(as_of), "last_ordered_on"),
        }
    )


def score(rank: Column, count: Column) -> Column:
    """1 + floor(5 (rank - 1) / (n - 1)), at most 5: `rank` is the least rank of equal values, from 1."""
    share = F.floor(SCORES * (rank - 1) / F.greatest(count - 1, F.lit(1)))
    return F.least(F.lit(SCORES), 1 + share).cast("int")


def thresholds(totals: DataFrame) -> DataFrame:
    """One row per source and currency: for each score the least values that earn 2, 3, …, and how many scores occur.

    Columns r, f, m (arrays of ascending values) and r_bins, f_bins, m_bins.
    """
    metrics = F.array(
        *(F.struct(F.lit(name).alias("_metric"), F.col(of).cast(MONEY).alias("_value")) for name, of in METRICS.items())
    )
    long = totals.withColumn("_recent", -F.col("recency_days")).select(*GROUP, F.inline(metrics))
    counted = long.groupBy(*GROUP, "_metric", "_value").agg(F.count("*").alias("n"))
    ranked = with_totals_below(counted, [*GROUP, "_metric"], "_value", ["n"])
    total = F.sum("n").over(Window.partitionBy(*GROUP, "_metric"))
    scored = ranked.withColumn("_score", score(F.col("_below_n") + 1, total))
    least = scored.groupBy(*GROUP, "_metric", "_score").agg(F.min("_value").alias("_least"))
    by_metric = least.groupBy(*GROUP).pivot("_metric", list(METRICS))
    found = by_metric.agg(
        F.map_from_entries(F.collect_list(F.struct("_score", "_least"))).alias("scores"),
        F.count("_score").alias("bins"),
    )
    return found.withColumnsRenamed({f"{name}_scores": name for name in METRICS})


def scored(value: Column, least: Column) -> Column:
    """The highest score whose least value is not above the value."""
    reached = F.filter(F.map_entries(least), lambda entry: entry["value"] <= value.cast(MONEY))
    return F.array_max(F.transform(reached, lambda entry: entry["key"]))


def segment(rules: Rfm) -> Column:
    """The name of the first rule that fits."""

    def fits(rule: SegmentRule) -> Column:
        return (
            F.col("r_score").between(*rule.recency)
            & F.col("f_score").between(*rule.frequency)
            & F.col("m_score").between(*rule.monetary)
            & F.col("frequency").between(*rule.orders)
        )

    name = F.lit(rules.rest)
    for rule in reversed(rules.segments):
        name = F.when(fits(rule), F.lit(rule.name)).otherwise(name)
    return name


def customer_rfm(totals: DataFrame, rules: Rfm) -> DataFrame:
    """Grain: one customer, through all versions, in one currency. `totals` is used twice."""
    with_least = totals.join(F.broadcast(thresholds(totals)), GROUP).withColumn("_recent", -F.col("recency_days"))
    scores = {f"{name}_score": scored(F.col(of), F.col(name)) for name, of in METRICS.items()}
    return with_least.withColumns(scores).withColumn("segment", segment(rules))


def rfm_segments(customers: DataFrame) -> DataFrame:
    """Grain: one segment of one source in one currency, where any customer is in it. `customers` as customer_rfm."""
    bins = [F.max(f"{name}_bins").alias(f"{name}_bins") for name in METRICS]
    rows = customers.groupBy(*GROUP, "segment").agg(
        F.count("*").alias("customers"),
        F.sum("frequency").alias("orders"),
        *(F.sum(name).cast(MONEY).alias(name) for name in ("net_revenue", "refund_amount", "monetary")),
        F.avg("recency_days").alias("mean_recency_days"),
        F.avg("frequency").alias("mean_frequency"),
        *bins,
    )
    whole = Window.partitionBy(*GROUP)
    return rows.withColumns(
        {
            "customer_share": F.col("customers") / F.sum("customers").over(whole),
            "revenue_share": F.try_divide(
                F.col("net_revenue").cast("double"), F.sum("net_revenue").over(whole).cast("double")
            ),
        }
    )


READS = (ORDER_TOTALS, FACT_RETURNS, DIM_CUSTOMER, MART_CURRENCIES)
WRITES = (CUSTOMER_RFM, RFM_SEGMENTS, CUSTOMER_CONCENTRATION)


def build(lake: Lake, settings: Settings) -> None:
    totals = customer_totals(
        lake.read(ORDER_TOTALS),
        lake.read(FACT_RETURNS),
        lake.read(DIM_CUSTOMER),
        as_of=lake.as_of,
        converted=converted_sources(lake),
    )
    with (
        counted(totals) as known,
        counted(customer_rfm(totals if known is None else known, settings.analytics.rfm)) as rfm,
    ):
        if known is None or rfm is None:
            for table in WRITES:
                lake.overwrite(table, lake.read(table).limit(0))
            return
        lake.overwrite(CUSTOMER_RFM, rfm)
        lake.overwrite(RFM_SEGMENTS, rfm_segments(rfm))
        lake.overwrite(CUSTOMER_CONCENTRATION, customer_concentration(known))


STEP = Step("customer_rfm", READS, WRITES, build, follows_as_of=True)
