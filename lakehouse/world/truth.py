"""What is true of a shop, written down beside its files for those who check results. The pipeline never reads it."""

from __future__ import annotations

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.world import customer_rows, order_rows
from lakehouse.world.clock import YEAR, black_friday, peak_of, season_of, week_of
from lakehouse.world.expected import expected_campaign_orders, expected_orders
from lakehouse.world.lines import spend_level
from lakehouse.world.order_rows import campaign_code, product_id
from lakehouse.world.plant import with_missing
from lakehouse.world.returns import propensities
from lakehouse.world.simulate import Tables
from lakehouse.world.texts import customer_id, instant, order_id
from lakehouse.world.world import World

BLACK_FRIDAY_DAYS = 4


def write_truth(tables: Tables, world: World, *, missing: float) -> None:
    """The tables of truth, from those of the shop's life, which are truth too."""
    lines, customers = tables.read("order_lines"), tables.read("customers")
    tables.write("true_customers", true_customers(customers, world))
    tables.write("true_lines", true_lines(lines, world))
    tables.write("true_touches", true_touches(tables.read("touches"), world))
    tables.write("true_campaigns", true_campaigns(lines, tables, world))
    tables.write("true_missing", true_missing(customers, lines, world, missing))
    tables.write("true_days", true_days(tables, world))
    tables.write("true_pairs", true_pairs(tables.spark, world))
    tables.write("true_returns", true_returns(tables.spark, world))
    tables.write("true_cohorts", true_cohorts(tables.read("true_lines")))


def true_customers(customers: DataFrame, world: World) -> DataFrame:
    """One customer: hidden rate (orders in a mean month of the span), probability to drop out after a repeat order,
    instant of the last order of all (NULL where it lies beyond what was made), and expected gross value of a line.
    """
    level = spend_level(world, F.col("customer"))
    end = world.purchases.on(world.until_day)
    gone = F.when(F.col("gone") < end, instant(world, world.purchases.day_at(F.col("gone"))))
    return customers.select(
        customer_id(F.col("customer")).alias("customer_id"),
        (F.col("rate") * (YEAR / 12)).alias("orders_a_month"),
        F.col("drop").alias("drop_out_probability"),
        gone.alias("dropped_out_at"),
        instant(world, F.col("first_day")).alias("first_order_at"),
        (level * world.profile.spend.line_value).alias("expected_line_value"),
        F.col("first_day").isNotNull().alias("has_ordered"),
    )


def true_lines(lines: DataFrame, world: World) -> DataFrame:
    """One order line as meant: its amounts, and by which campaign the order was caused, reached or named."""
    return lines.select(
        order_id(F.col("customer"), F.col("event")).alias("order_id"),
        F.col("line").alias("line_number"),
        customer_id(F.col("customer")).alias("customer_id"),
        product_id(world, F.col("product")).alias("product_id"),
        instant(world, F.col("at")).alias("ordered_at"),
        world.date_of(F.col("day")).alias("order_date"),
        F.col("status").alias("order_status"),
        "quantity",
        "gross",
        (F.col("gross") - F.col("discount") - F.col("quantity") * F.col("unit_cost"))
        .cast("decimal(12,2)")
        .alias("margin"),
        campaign_code(world.campaigns, F.col("cause")).alias("caused_by"),
        campaign_code(world.campaigns, F.col("contact")).alias("contacted_by"),
        campaign_code(world.campaigns, F.col("coupon")).alias("names"),
    )


def true_touches(touches: DataFrame, world: World) -> DataFrame:
    """One contact of a campaign with a customer, or one customer held out."""
    return touches.select(
        campaign_code(world.campaigns, F.col("campaign")).alias("campaign_id"),
        customer_id(F.col("customer")).alias("customer_id"),
        instant(world, F.col("touch")).alias("touched_at"),
        "is_holdout",
    )


def true_missing(customers: DataFrame, lines: DataFrame, world: World, share: float) -> DataFrame:
    """One kind of row: values of its nullable attributes, and how many of them are empty."""
    parts = (
        ("customers", customers.where(F.col("signed_up") < world.until_day), customer_rows.NULLABLE, ("customer",)),
        ("order_lines", lines, order_rows.NULLABLE, ("customer", "event")),
    )
    counted = [
        with_missing(rows.withColumns({name: F.lit("") for name in names}), names, share, world.chance, *ids).agg(
            F.lit(kind).alias("kind"),
            F.sum(F.size("_missing")).alias("missing"),
            (F.count("*") * len(names)).alias("cells"),
        )
        for kind, rows, names, ids in parts
    ]
    return counted[0].unionByName(counted[1])


def true_campaigns(lines: DataFrame, tables: Tables, world: World) -> DataFrame:
    """One campaign: who was contacted, what its contacts truly added (completed orders), and what naive attribution
    credits it with."""
    schema = "campaign INT, campaign_id STRING, started_on DATE, effect DOUBLE, spend DOUBLE"
    plain = [(one.place, one.code, world.day(one.starts), one.effect, one.spend) for one in world.campaigns]
    campaigns = tables.spark.createDataFrame(plain, schema)
    if not plain:
        return campaigns
    counted = (
        tables.read("touches")
        .groupBy("campaign")
        .agg(F.count_if(~F.col("is_holdout")).alias("contacted"), F.count_if("is_holdout").alias("held_out"))
    )
    completed = lines.where("status = 'completed'")
    added = completed.groupBy(F.col("cause").alias("campaign")).agg(
        F.count_distinct("customer", "event").alias("incremental_orders"),
        F.sum("gross").alias("incremental_value"),
        F.sum(F.col("gross") - F.col("discount")).alias("incremental_revenue"),
        F.sum(F.col("gross") - F.col("discount") - F.col("quantity") * F.col("unit_cost")).alias("incremental_margin"),
    )
    credited = completed.groupBy(F.col("contact").alias("campaign")).agg(F.sum("gross").alias("naive_value"))
    joined = campaigns.join(counted, "campaign", "left").join(added, "campaign", "left")
    return joined.join(credited, "campaign", "left").drop("campaign")


def true_days(tables: Tables, world: World) -> DataFrame:
    """One day: season with its peaks, the peaks alone, pattern of the week, growth of rates of purchase and of arrivals
    since the first day, and the completed orders to expect, of their own and by campaigns."""
    profile = world.profile
    customers = tables.read("customers")
    own = expected_orders(world, world.customers)
    added = expected_campaign_orders(world, tables.read("touches"), customers)
    rows = []
    for number in range(world.until_day):
        day, years = world.day(number), (number + 0.5) / YEAR
        growth = float(np.exp(profile.purchase.growth * years)), float(np.exp(profile.arrival.growth * years))
        peak = peak_of(profile.season, day)
        is_sale = 0 <= (day - black_friday(day.year)).days < BLACK_FRIDAY_DAYS
        season = season_of(profile.season, day), peak, is_sale, week_of(profile.season, day)
        rows.append((day, *season, *growth, float(own[number]), float(added[number])))
    return tables.spark.createDataFrame(
        rows,
        "day DATE, season DOUBLE, peak DOUBLE, is_black_friday BOOLEAN, week DOUBLE, growth_of_rates DOUBLE,"
        " growth_of_arrivals DOUBLE, expected_orders DOUBLE, expected_campaign_orders DOUBLE",
    )


def true_pairs(spark: SparkSession, world: World) -> DataFrame:
    """One pair of products: the probability that the companion is bought along where the leading one is bought."""
    catalogue = world.catalogue
    rows = [
        (f"P{catalogue.variant[lead] + 1:05d}", f"P{catalogue.variant[other] + 1:05d}", float(chance))
        for lead, other, chance in zip(
            catalogue.sold.leads, catalogue.sold.companions, catalogue.sold.companion_chance, strict=True
        )
    ]
    return spark.createDataFrame(rows, "product_id STRING, companion_id STRING, probability DOUBLE")


def true_returns(spark: SparkSession, world: World) -> DataFrame:
    """One product: the probability that a completed line comes back, delivered in time and late."""
    catalogue, plan = world.catalogue, world.profile.returns
    rows = [
        (f"P{variant + 1:05d}", catalogue.categories[category].name, float(share), float(share * plan.late_factor))
        for variant, category, share in zip(
            catalogue.variant, catalogue.category, propensities(catalogue, plan), strict=True
        )
    ]
    return spark.createDataFrame(rows, "product_id STRING, category STRING, in_time DOUBLE, late DOUBLE")


def true_cohorts(lines: DataFrame) -> DataFrame:
    """One cohort (month of the first completed order) in one month after: customers with a completed order."""
    completed = lines.where("order_status = 'completed'").select(
        "customer_id", F.trunc("order_date", "month").alias("month")
    )
    first = completed.groupBy("customer_id").agg(F.min("month").alias("cohort_month"))
    months = F.months_between("month", "cohort_month").cast("int").alias("month_number")
    return (
        completed.distinct()
        .join(first, "customer_id")
        .groupBy("cohort_month", months)
        .agg(F.count("*").alias("customers"))
    )
