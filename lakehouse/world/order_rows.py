"""Order lines and returns as the shop writes them down."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world.campaigns import Campaign
from lakehouse.world.chance import numbers
from lakehouse.world.people import make_people
from lakehouse.world.texts import customer_id, instant, numbered, order_id
from lakehouse.world.world import World

COLUMNS = (
    "order_id", "line_number", "customer_id", "product_id", "ordered_at", "order_status", "payment_method",
    "sales_channel", "campaign_id", "quantity", "unit_price", "discount", "currency", "promised_at", "delivered_at",
    "ship_country_name", "ship_region", "ship_city", "updated_at",
)  # fmt: skip
RETURN_COLUMNS = (
    "return_id", "order_id", "line_number", "customer_id", "product_id", "returned_at", "quantity", "refund_amount",
    "currency", "reason", "updated_at",
)  # fmt: skip
NULLABLE = ("payment_method", "sales_channel")


def product_id(world: World, product: Column) -> Column:
    return numbered("P", 5, F.get(numbers(world.catalogue.variant + 1, "int"), product))


def campaign_code(campaigns: Sequence[Campaign], place: Column) -> Column:
    codes = [F.lit(one.code) for one in campaigns]
    return F.get(F.array(*codes), place) if codes else F.lit(None).cast("string")


def line_rows(lines: DataFrame, world: World) -> DataFrame:
    """The file's columns, typed, beside `customer`, `event`, `line` and `day`. Takes the table order_lines.

    The shop exports an order when it is delivered, and one that is not the day after it was placed.
    """
    people, chance, customer = make_people(), world.chance, F.col("customer")
    country = people.country(chance, customer)
    place = people.city(chance.uniform("city", customer, F.lit(0)), country)
    exported = F.coalesce(F.col("delivered"), F.col("at") + 1)
    return lines.withColumn("place", place).select(
        "customer",
        "event",
        "line",
        "day",
        order_id(customer, F.col("event")).alias("order_id"),
        F.col("line").alias("line_number"),
        customer_id(customer).alias("customer_id"),
        product_id(world, F.col("product")).alias("product_id"),
        instant(world, F.col("at")).alias("ordered_at"),
        F.col("status").alias("order_status"),
        F.col("payment").alias("payment_method"),
        F.col("channel").alias("sales_channel"),
        campaign_code(world.campaigns, F.col("coupon")).alias("campaign_id"),
        "quantity",
        "unit_price",
        "discount",
        F.lit(world.profile.currency).alias("currency"),
        instant(world, F.col("promised")).alias("promised_at"),
        instant(world, F.col("delivered")).alias("delivered_at"),
        F.get(F.array(*(F.lit(one.name) for one in people.countries)), country).alias("ship_country_name"),
        F.get("place", F.lit(1)).alias("ship_region"),
        F.get("place", F.lit(0)).alias("ship_city"),
        instant(world, exported).alias("updated_at"),
    )


def return_rows(returned: DataFrame, world: World) -> DataFrame:
    """The file's columns, typed, beside `customer`, `event`, `line` and `day`. Takes what `returned_lines` gives."""
    order = order_id(F.col("customer"), F.col("event"))
    return returned.select(
        "customer",
        "event",
        "line",
        F.floor("back").cast("int").alias("day"),
        F.concat_ws("-", F.regexp_replace(order, "^O", "R"), F.col("line")).alias("return_id"),
        order.alias("order_id"),
        F.col("line").alias("line_number"),
        customer_id(F.col("customer")).alias("customer_id"),
        product_id(world, F.col("product")).alias("product_id"),
        instant(world, F.col("back")).alias("returned_at"),
        F.col("returned").alias("quantity"),
        F.col("refund").alias("refund_amount"),
        F.lit(world.profile.currency).alias("currency"),
        "reason",
        instant(world, F.col("back") + 0.01).alias("updated_at"),
    )
