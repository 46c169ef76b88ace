"""Order lines and returns as the shop writes them down."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world.campaign_plan import Campaign
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
    """Adds the file's columns, typed. Takes the table order_lines.

    The shop exports an order when it is delivered, and one that is not the day after it was placed.
    """
    people, chance, customer = make_people(), world.chance, F.col("customer")
    country = people.country(chance, customer)
    place = people.city(chance.uniform("city", customer, F.lit(0)), country)
    exported = F.coalesce(F.col("delivered"), F.col("at") + 1)
    return lines.withColumn("place", place).withColumns(
        {
            "order_id": order_id(customer, F.col("event")),
            "line_number": F.col("line"),
            "customer_id": customer_id(customer),
            "product_id": product_id(world, F.col("product")),
            "ordered_at": instant(world, F.col("at")),
            "order_status": F.col("status"),
            "payment_method": F.col("payment"),
            "sales_channel": F.col("channel"),
            "campaign_id": campaign_code(world.campaigns, F.col("coupon")),
            "currency": F.lit(world.profile.currency),
            "promised_at": instant(world, F.col("promised")),
            "delivered_at": instant(world, F.col("delivered")),
            "ship_country_name": F.get(F.array(*(F.lit(one.name) for one in people.countries)), country),
            "ship_region": F.get("place", F.lit(1)),
            "ship_city": F.get("place", F.lit(0)),
            "updated_at": instant(world, exported),
        }
    )


def return_days(returned: DataFrame) -> DataFrame:
    """Adds `day`, on which the line came back."""
    return returned.withColumn("day", F.floor("back").cast("int"))


def return_rows(returned: DataFrame, world: World) -> DataFrame:
    """Adds the file's columns, typed. Takes what `returned_lines` gives."""
    order = order_id(F.col("customer"), F.col("event"))
    return returned.withColumns(
        {
            "return_id": F.concat_ws("-", F.regexp_replace(order, "^O", "R"), F.col("line")),
            "order_id": order,
            "line_number": F.col("line"),
            "customer_id": customer_id(F.col("customer")),
            "product_id": product_id(world, F.col("product")),
            "returned_at": instant(world, F.col("back")),
            "quantity": F.col("returned"),
            "refund_amount": F.col("refund"),
            "currency": F.lit(world.profile.currency),
            "updated_at": instant(world, F.col("back") + 0.01),
        }
    )
