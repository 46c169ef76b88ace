"""gold.return_rates: the share of sold lines that came back, with Wilson's interval: by product, category and reason.

What a run costs: one pass over gold.product_days and one over gold.fact_returns.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from scipy.stats import norm

from lakehouse.gold.amounts import counted_returns
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_PRODUCT, FACT_RETURNS
from lakehouse.tables.gold.products import PRODUCT_DAYS, RETURN_RATES

KEY = ["source_system", "dimension", "dimension_value"]
LINE = ("order_id", "line_number")
UNKNOWN, ALL = "unknown", "all"


def wilson(count: Column, trials: Column, confidence: float) -> tuple[Column, Column]:
    """Bounds of the score interval of a proportion (Wilson 1927); NULL where there were no trials.

    (p + z^2/2n ± z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n), z the normal quantile of (1 + confidence)/2.
    """
    z = float(norm.ppf((1 + confidence) / 2))
    n = trials.cast("double")
    share = F.try_divide(count.cast("double"), n)
    centre = share + F.try_divide(F.lit(z * z / 2), n)
    spread = z * F.sqrt(F.try_divide(share * (1 - share), n) + F.try_divide(F.lit(z * z / 4), n * n))
    scale = 1 + F.try_divide(F.lit(z * z), n)
    # Of nothing or of all a bound is the share itself: rounding would leave it a hair on the other side.
    low = F.greatest(F.lit(0.0), (centre - spread) / scale)
    high = F.least(F.lit(1.0), (centre + spread) / scale)
    is_known = share.isNotNull()
    return F.when(is_known, F.least(share, low)), F.when(is_known, F.greatest(share, high))


def return_rates(days: DataFrame, returns: DataFrame, products: DataFrame, *, confidence: float) -> DataFrame:
    """Grain: one value of one dimension (all, product, category, reason) of one source.

    A line that came back in parts counts once; returns whose line is not known count one by one, so that they may be
    more than lines: the rate is NULL then. The rate of a reason is its share of all lines of the source.
    """
    about = products.where("is_current").select("product_durable_key", "product_id", "category")
    lines = days.groupBy("source_system", "product_durable_key").agg(F.sum("lines").alias("lines"))
    sold = _by_dimension(lines.join(about, "product_durable_key", "left"), False)
    back = _came_back(returns, products.select("product_key", "product_durable_key"), about)
    totals = sold.groupBy(*KEY).agg(F.sum("lines").alias("lines"))
    everything = totals.where(F.col("dimension") == ALL).select("source_system", F.col("lines").alias("_lines"))
    joined = totals.join(back, KEY, "full").join(F.broadcast(everything), "source_system", "left")
    of_all = F.when(F.col("dimension") == "reason", F.col("_lines")).otherwise(F.col("lines"))
    rows = joined.withColumns(
        {
            "lines": F.coalesce(of_all, F.lit(0)),
            **{name: F.coalesce(name, F.lit(0)) for name in ("matched_returns", "unmatched_returns")},
        }
    )
    returned = F.col("matched_returns") + F.col("unmatched_returns")
    counts = F.when(returned <= F.col("lines"), returned)
    low, high = wilson(counts, F.col("lines"), confidence)
    return rows.withColumns(
        {
            "returned_lines": returned,
            "line_return_rate": F.try_divide(counts.cast("double"), F.col("lines").cast("double")),
            "rate_low": low,
            "rate_high": high,
        }
    )


def _came_back(returns: DataFrame, versions: DataFrame, about: DataFrame) -> DataFrame:
    """By value of each dimension the lines that came back, and the returns whose line is not known."""
    counted = (
        counted_returns(returns, ()).join(versions, "product_key", "left").join(about, "product_durable_key", "left")
    )
    line = F.when(F.col("is_matched"), F.struct(*LINE))
    return (
        _by_dimension(counted.withColumn("_line", line), True)
        .groupBy(*KEY, "_line")
        .agg(F.count("*").alias("n"))
        .groupBy(*KEY)
        .agg(
            F.count("_line").alias("matched_returns"),
            F.sum(F.when(F.col("_line").isNull(), F.col("n")).otherwise(0)).alias("unmatched_returns"),
        )
    )


def _by_dimension(rows: DataFrame, with_reason: bool) -> DataFrame:
    """Each row once for each dimension. Sold lines have no reason."""
    values = {"product": "product_id", "category": "category"} | ({"reason": "reason"} if with_reason else {})
    pairs = [
        F.struct(F.lit(name).alias("dimension"), F.coalesce(of, F.lit(UNKNOWN)).alias("dimension_value"))
        for name, of in values.items()
    ]
    whole = F.struct(F.lit(ALL).alias("dimension"), F.lit(ALL).alias("dimension_value"))
    return rows.select("*", F.inline(F.array(whole, *pairs)))


def build(lake: Lake, settings: Settings) -> None:
    days, returns, products = (lake.read(table) for table in (PRODUCT_DAYS, FACT_RETURNS, DIM_PRODUCT))
    lake.overwrite(
        RETURN_RATES, return_rates(days, returns, products, confidence=settings.analytics.returns.confidence)
    )


STEP = Step("return_rates", (PRODUCT_DAYS, FACT_RETURNS, DIM_PRODUCT), (RETURN_RATES,), build)
