"""gold.product_affinity: products that are bought together more often than chance would have it.

Most baskets hold one product, and these say nothing of pairs: plain lift, which counts them, is too high for all. So
chance is that baskets of these very sizes are filled at random. A product has as many partners as the other products of
its baskets, m. Customers lean to cheap or to dear products, whatever these are, so products of like price meet more
often than others: of the K partners that products of one price class have, W are of another class, with K' partners.
Two products meet m m' W / (K K') times (the degree-corrected block model: Karrer and Newman 2011,
https://doi.org/10.1103/PhysRevE.83.016107); with a single class that is m m' / K, the configuration model. Prices are
those of products, not of baskets: classes of baskets would be an outcome of what is to be judged. How unlikely a count
is says the Poisson distribution, and how many pairs may be called so Benjamini and Hochberg (1995).

Only whole months count. All of them bear on every pair, so the table is made anew when one of them changed, or one more
is over; the days of a running month cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql.pandas.functions import pandas_udf
from scipy import stats

from lakehouse.frames import checkpointed, union
from lakehouse.gold.amounts import COMPLETED, converted_sources
from lakehouse.gold.days import days_sold
from lakehouse.gold.products.baskets import (
    SOURCE,
    baskets,
    last_whole_months,
    meeting_rates,
    met,
    product_counts,
    with_price_class,
)
from lakehouse.gold.refresh import is_full, net_changed, restated
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.settings.marts import Affinity
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from lakehouse.tables.gold.products import PRODUCT_AFFINITY
from lakehouse.tables.gold.sales import MART_CURRENCIES

READS = (FACT_SALES, DIM_PRODUCT, MART_CURRENCIES)
LINE = ["order_id", "product_key", "order_status", "order_date", "quantity", "gross_revenue", "reporting_rate"]
"""What of a line may matter."""


def eligible(counts: DataFrame, rules: Affinity) -> DataFrame:
    """Products that may be in a frequent pair, with `least`, the orders that it needs, and `tests`, how many could be.

    Products in too few baskets are left out before pairs are made: no pair of theirs can be frequent enough.
    """
    least = F.greatest(F.lit(rules.least_orders), F.ceil(F.col("orders") * rules.least_support))
    can = counts.where(F.col("paired") >= least).withColumn("least", least)
    can = can.withColumn("_k", F.count("*").over(Window.partitionBy(SOURCE)))
    return can.withColumn("tests", F.expr("_k * (_k - 1) div 2")).drop("_k")


def pairs(items: DataFrame, can: DataFrame, rates: DataFrame) -> DataFrame:
    """Pairs of products (`a` < `b`) that enough orders hold, and more than expected: with `k`, `expected`, `tests`."""
    product, m, price_class = F.col("product"), F.col("m"), F.col("price_class")
    one = can.select(SOURCE, product.alias("a"), m.alias("m_a"), price_class.alias("class_a"), "least", "tests")
    other = can.select(product.alias("b"), m.alias("m_b"), price_class.alias("class_b"))
    expected = F.col("m_a").cast("double") * F.col("m_b") * F.col("rate")
    return (
        met(items, can)
        .join(F.broadcast(one), "a")
        .where("k >= least")
        .join(F.broadcast(other), "b")
        .join(F.broadcast(rates), [SOURCE, "class_a", "class_b"])
        .select(SOURCE, "a", "b", "k", "tests", expected.alias("expected"))
        .where("k > expected")
    )


def at_least(k: pd.Series, expected: pd.Series) -> pd.Series:
    """Poisson probability of a count of at least k."""
    return pd.Series(stats.poisson.sf(k - 1, expected))


def judged(found: DataFrame, rules: Affinity) -> DataFrame:
    """Adds `p_value`, `q_value`, `is_significant` and `affinity_rank`. Pairs that are too rare, or no more often
    together than expected, count as tests that found nothing, so no more are called significant than may be."""
    # The stubs ask for a functionType, which Spark no longer wants.
    tail = pandas_udf(at_least, "double")  # type: ignore[call-overload]
    rows = found.withColumn("p_value", tail("k", "expected"))
    best = Window.partitionBy(SOURCE).orderBy("p_value")
    # Equals count as the last of them.
    up_to = F.count("*").over(best.rangeBetween(Window.unboundedPreceding, Window.currentRow))
    rows = rows.withColumn("affinity_rank", F.rank().over(best)).withColumn(
        "_q", F.col("p_value") * F.col("tests") / up_to
    )
    # The worse ones come first here: Spark works a frame out anew for every row where it begins with that row.
    worst = Window.partitionBy(SOURCE).orderBy(F.desc("p_value"))
    and_worse = worst.rangeBetween(Window.unboundedPreceding, Window.currentRow)
    q_value = F.least(F.lit(1.0), F.min("_q").over(and_worse))
    return rows.withColumn("q_value", q_value).withColumn(
        "is_significant", F.col("q_value") <= rules.false_discovery_rate
    )


def companions(found: DataFrame, rules: Affinity) -> DataFrame:
    """Each pair both ways, as `product` and `companion`, since confidence differs; the best companions of a product."""
    both = F.array(
        *(
            F.struct(F.col(one).alias("product"), F.col(other).alias("companion"))
            for one, other in (("a", "b"), ("b", "a"))
        )
    )
    rows = found.select("*", F.inline(both)).drop("a", "b")
    # Of pairs that are all but impossible by chance, with p-values of 0, the liftiest come first.
    best = Window.partitionBy("product").orderBy("affinity_rank", F.col("expected") / F.col("k"), "companion")
    return rows.withColumn("_place", F.row_number().over(best)).where(f"_place <= {rules.most_companions}")


def product_affinity(found: DataFrame, counts: DataFrame, products: DataFrame) -> DataFrame:
    """Grain: one product and one companion. `found` are pairs as `judged` gives them."""
    ids = products.where("is_current").select(F.col("product_durable_key").alias("product"), "product_id")
    one = counts.join(ids, "product").select("product", "product_id", "n", "orders")
    other = one.select(
        *(F.col(name).alias(alias) for name, alias in (("product", "companion"), ("product_id", "companion_id"))),
        F.col("n").alias("o"),
    )
    k = F.col("k").cast("double")
    figures = {
        "orders_with_product": F.col("n"),
        "orders_with_companion": F.col("o"),
        "orders_together": F.col("k"),
        "support": k / F.col("orders"),
        "confidence": k / F.col("n"),
        "lift": k * F.col("orders") / F.col("n") / F.col("o"),
        "expected_orders": F.col("expected"),
        "adjusted_lift": k / F.col("expected"),
    }
    rows = found.join(F.broadcast(one), "product").join(F.broadcast(other), "companion").withColumns(figures)
    return rows.select(*PRODUCT_AFFINITY.column_names)


def worked_out(lake: Lake, rules: Affinity, sources: Sequence[str] | None = None) -> DataFrame:
    """The rows of these sources, or of all."""
    sales, products = lake.read(FACT_SALES), lake.read(DIM_PRODUCT)
    if sources is not None:
        sales = sales.where(F.col(SOURCE).isin(list(sources)))
    last = last_whole_months(days_sold(lake), lake.as_of)
    items = checkpointed(baskets(sales, products, last, converted=converted_sources(lake)))
    return affinity_of(items, products, rules)


def affinity_of(items: DataFrame, products: DataFrame, rules: Affinity) -> DataFrame:
    """The table, from `baskets`."""
    counts = checkpointed(with_price_class(product_counts(items), rules.price_classes, rules.products_per_class))
    rates = checkpointed(meeting_rates(items, counts))
    found = checkpointed(companions(judged(pairs(items, eligible(counts, rules), rates), rules), rules))
    return product_affinity(found, counts, products)


# ── what to work out again ─────────────────────────────────────────────────────────────────────────────────────────


def touched_sources(lake: Lake) -> list[str]:
    """Sources that are no more as they were published: in lines of whole months, in what counts as merchandise, or in
    which months are whole. There are few sources."""
    found: list[DataFrame] = []
    lines = net_changed(lake, FACT_SALES, [SOURCE, *LINE])
    if lines is not None or lake.as_of_moved:
        found += _of_facts(lake, lines)
    products = restated(lake, DIM_PRODUCT, ["is_merchandise"])
    if products is not None:
        found.append(lake.read(DIM_PRODUCT).join(products, products.columns, "leftsemi").select(SOURCE))
    return sorted({row[0] for row in union(found).distinct().collect()}) if found else []


def _of_facts(lake: Lake, lines: DataFrame | None) -> Iterator[DataFrame]:
    assert lake.publication is not None  # else everything is worked out
    now = last_whole_months(days_sold(lake), lake.as_of)
    before = last_whole_months(days_sold(lake, published=True), lake.publication.as_of)
    both = now.join(before.withColumnRenamed("last_month", "_before"), SOURCE, "full")
    yield both.where(~F.col("last_month").eqNullSafe(F.col("_before"))).select(SOURCE)
    if lines is not None:
        counted: Column = (F.col("order_status") == COMPLETED) & (F.trunc("order_date", "month") <= F.col("last_month"))
        yield lines.join(F.broadcast(now), SOURCE).where(counted).select(SOURCE)


def build(lake: Lake, settings: Settings) -> None:
    rules = settings.analytics.affinity
    if is_full(lake, PRODUCT_AFFINITY, READS) or lake.changes(MART_CURRENCIES):
        lake.replace_all(PRODUCT_AFFINITY, worked_out(lake, rules))
        return
    if sources := touched_sources(lake):
        present = lake.read(PRODUCT_AFFINITY).where(F.col(SOURCE).isin(sources))
        lake.replace_rows(PRODUCT_AFFINITY, worked_out(lake, rules, sources), present)


STEP = Step("product_affinity", READS, (PRODUCT_AFFINITY,), build, follows_as_of=True)
"""Days of a running month change nothing, but which months are over follows the day."""
