"""gold.customer_concentration: how much of the revenue the best customers bring, and Gini's coefficient of it."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.customers.ranks import with_totals_below

GROUP = ["source_system", "currency"]


def customer_concentration(totals: DataFrame) -> DataFrame:
    """Grain: one percentage of the customers, best first, of one source in one currency.

    From revenue grouped by its value: n customers brought v each. Among equals the curve is a straight line.
    Gini = 1 - sum of n/N (2 B + n v)/R, where B is what all poorer customers brought together, N the number of
    customers and R their revenue: twice the area between the Lorenz curve and the diagonal (Gini 1912).
    """
    n, worth, poorer, less = F.col("n"), F.col("_worth"), F.col("_below_n"), F.col("_below__worth")
    values = totals.groupBy(*GROUP, "net_revenue").agg(
        F.count("*").alias("n"), F.sum("net_revenue").cast("decimal(28,4)").alias("_worth")
    )
    below = with_totals_below(values, GROUP, "net_revenue", ["n", "_worth"])
    whole = Window.partitionBy(*GROUP)
    below = below.withColumns({"_n": F.sum("n").over(whole), "_all": F.sum("_worth").over(whole).cast("double")})
    # Added up as decimals: a sum of doubles hangs on the order in which it is taken.
    slabs = F.sum(n.cast("decimal(12,0)") * (2 * less + worth)).cast("double")
    area = F.try_divide(slabs, F.max("_n").cast("double") * F.max("_all"))
    ginis = below.groupBy(*GROUP).agg((1 - area).alias("gini"))

    # The richest p % end at the customer who has N (100 - p) % below him: p lies in the group of equals where that
    # many customers and no more are poorer. In whole numbers, for shares of a percent would not meet exactly.
    least = F.ceil((100 * (F.col("_n") - poorer - n)).cast("decimal(28,0)") / F.col("_n"))
    most = F.ceil((100 * (F.col("_n") - poorer)).cast("decimal(28,0)") / F.col("_n")) - 1
    most = F.when(poorer == 0, F.lit(100)).otherwise(most)
    first = F.greatest(least, F.lit(1)).cast("int")
    percents = F.when(first <= most, F.sequence(first, most.cast("int")))
    poorest = F.col("_n") * (100 - F.col("customer_percent")) / 100
    brought = less.cast("double") + (poorest - poorer) * F.col("net_revenue").cast("double")
    curve = below.withColumn("customer_percent", F.explode(percents)).withColumn(
        "revenue_share", 1 - F.try_divide(brought, F.col("_all"))
    )
    return curve.join(F.broadcast(ginis), GROUP).withColumn("customers", F.col("_n"))
