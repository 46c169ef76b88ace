"""gold.product_affinity: products that are bought together more often than chance would have it.

Most baskets hold one product, and these say nothing of pairs: plain lift, which counts them, is too high for all. So
chance is that baskets of these very sizes are filled at random. A product has as many partners as the other products of
its baskets, m; two products meet m m' / M times, where M is the sum of m over all products (the configuration model of
random graphs: Chung and Lu 2002). How unlikely a count is says the Poisson distribution, and how many pairs may be
called so Benjamini and Hochberg (1995).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from scipy import stats

from lakehouse.analytics import Affinity
from lakehouse.frames import cut_off
from lakehouse.gold._amounts import COMPLETED
from lakehouse.gold._members import write_whole
from lakehouse.lake import Lake
from lakehouse.run import Step
from lakehouse.settings import Settings
from lakehouse.tables.campaign_marts import PRODUCT_AFFINITY
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES

READS = (FACT_SALES, DIM_PRODUCT)
SOURCE = "source_system"
BASKET = [SOURCE, "order_id"]


def baskets(sales: DataFrame, products: DataFrame) -> DataFrame:
    """Grain: one product in one completed order, with `size`: the different products of the order. Merchandise only."""
    members = products.where("product_id IS NOT NULL AND is_merchandise").select("product_key", "product_id")
    lines = sales.where(F.col("order_status") == COMPLETED).join(F.broadcast(members), "product_key")
    once = lines.select(*BASKET, "product_id").distinct()
    return once.withColumn("size", F.count("*").over(Window.partitionBy(*BASKET)))


def product_counts(items: DataFrame) -> DataFrame:
    """By product: `n` baskets, `paired` of them with another product, `m` partners; and the source's totals."""
    counts = items.groupBy(SOURCE, "product_id").agg(
        F.count("*").alias("n"),
        F.count_if(F.col("size") > 1).alias("paired"),
        F.sum(F.col("size") - 1).alias("m"),
    )
    orders = items.groupBy(SOURCE).agg(
        F.sum(1 / F.col("size")).alias("_orders"), F.sum(F.col("size") - 1).alias("all_m")
    )
    return counts.join(orders.withColumn("orders", F.round("_orders").cast("bigint")).drop("_orders"), SOURCE)


def pairs(items: DataFrame, counts: DataFrame, rules: Affinity) -> DataFrame:
    """Each pair of products (`a` < `b`) that enough orders hold, with counts of both and `tests`, how many pairs could.

    Products in too few baskets are left out before baskets are joined with themselves: no pair of theirs can be
    frequent enough.
    """
    least = F.greatest(F.lit(rules.least_orders), F.ceil(F.col("orders") * rules.least_support))
    can = counts.where(F.col("paired") >= least).withColumn("least", least)
    can = can.withColumn("_k", F.count("*").over(Window.partitionBy(SOURCE)))
    can = can.withColumn("tests", F.expr("_k * (_k - 1) div 2")).drop("_k")
    kept = items.where("size > 1").join(F.broadcast(can.select(SOURCE, "product_id")), [SOURCE, "product_id"])
    left = kept.select(*BASKET, F.col("product_id").alias("a"))
    right = kept.select(*BASKET, F.col("product_id").alias("b"))
    together = left.join(right, BASKET).where("a < b").groupBy(SOURCE, "a", "b").agg(F.count("*").alias("k"))
    one = can.select(
        SOURCE,
        F.col("product_id").alias("a"),
        F.col("n").alias("n_a"),
        F.col("m").alias("m_a"),
        "orders",
        "all_m",
        "least",
        "tests",
    )
    other = can.select(SOURCE, F.col("product_id").alias("b"), F.col("n").alias("n_b"), F.col("m").alias("m_b"))
    joined = together.join(F.broadcast(one), [SOURCE, "a"]).join(F.broadcast(other), [SOURCE, "b"])
    expected = F.col("m_a").cast("double") * F.col("m_b") / F.col("all_m")
    return joined.where("k >= least").withColumn("expected", expected)


def _with_p(batches: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for rows in batches:
        yield rows.assign(p_value=stats.poisson.sf(rows["k"] - 1, rows["expected"]))


def judged(found: DataFrame, rules: Affinity) -> DataFrame:
    """Adds `p_value`, `q_value`, `is_significant` and `affinity_rank`. Pairs that are too rare count as tests that
    found nothing, so no more pairs are called significant than may be."""
    schema = ", ".join(f"{field.name} {field.dataType.simpleString()}" for field in found.schema.fields)
    rows = found.mapInPandas(_with_p, f"{schema}, p_value DOUBLE")
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


def product_affinity(found: DataFrame, products: DataFrame) -> DataFrame:
    """Grain: one product and one companion: each pair both ways, since confidence differs."""
    names = products.where("is_current AND product_id IS NOT NULL").select(SOURCE, "product_id", "product_name")
    both = F.array(
        *(
            F.struct(
                F.col(one).alias("product_id"),
                F.col(other).alias("companion_id"),
                F.col(f"n_{one}").alias("n"),
                F.col(f"n_{other}").alias("o"),
            )
            for one, other in (("a", "b"), ("b", "a"))
        )
    )
    rows = found.withColumn("_", F.explode(both)).select("*", "_.*")
    theirs = names.withColumnsRenamed({"product_id": "companion_id", "product_name": "companion_name"})
    k = F.col("k").cast("double")
    return (
        rows.join(F.broadcast(names), [SOURCE, "product_id"], "left")
        .join(F.broadcast(theirs), [SOURCE, "companion_id"], "left")
        .withColumns(
            {
                "orders_with_product": F.col("n"),
                "orders_with_companion": F.col("o"),
                "orders_together": F.col("k"),
                "support": k / F.col("orders"),
                "confidence": k / F.col("n"),
                "lift": k * F.col("orders") / F.col("n") / F.col("o"),
                "expected_orders": F.col("expected"),
                "adjusted_lift": k / F.col("expected"),
            }
        )
        .select(*PRODUCT_AFFINITY.column_names)
    )


def build(lake: Lake, settings: Settings) -> None:
    """The table whole: what chance expects depends on all orders."""
    rules, products = settings.analytics.affinity, lake.read(DIM_PRODUCT)
    items = cut_off(baskets(lake.read(FACT_SALES), products))
    found = cut_off(judged(pairs(items, product_counts(items), rules), rules))
    write_whole(lake, PRODUCT_AFFINITY, product_affinity(found, products))


STEP = Step("product_affinity", READS, (PRODUCT_AFFINITY,), build)
