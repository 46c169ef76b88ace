"""The shop's small files: products with their prices over time, campaigns and what they cost day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.world.campaign_plan import WAVES
from lakehouse.world.mix import ALWAYS
from lakehouse.world.texts import customer_id, instant_text
from lakehouse.world.world import World

PRODUCT_COLUMNS = (
    "product_id", "product_name", "category", "subcategory", "brand", "unit_cost", "list_price", "currency",
    "is_merchandise", "updated_at",
)  # fmt: skip
CAMPAIGN_COLUMNS = (
    "campaign_id", "campaign_name", "campaign_channel", "started_on", "ended_on", "budget", "currency", "updated_at",
)  # fmt: skip
SPEND_COLUMNS = ("campaign_id", "spend_date", "amount", "currency", "impressions", "clicks", "updated_at")
TOUCH_COLUMNS = ("touch_id", "campaign_id", "customer_id", "touched_at", "is_holdout")
Row = tuple[str | int | None, ...]
_BEFORE = -30
"""Day of the first version of what was sold before the span."""
_LETTERS = "ABCDEFGHKLMNPRSTUVWX"


def _rows(spark: SparkSession, rows: Sequence[Row], numbers: Sequence[str], columns: Sequence[str]) -> DataFrame:
    schema = ", ".join([*(f"{name} INT" for name in numbers), *(f"{name} STRING" for name in columns)])
    return spark.createDataFrame(list(rows), schema)


def product_rows(spark: SparkSession, world: World) -> DataFrame:
    """One row for each version of each product, beside `product` and `day` (before the span: negative)."""
    return _rows(spark, list(_product_versions(world)), ("product", "day"), PRODUCT_COLUMNS)


def _product_versions(world: World) -> Iterator[Row]:
    catalogue = world.catalogue
    for product in range(catalogue.size):
        first = int(catalogue.sold.launched[product])
        changes = [int(one[product]) for one in catalogue.changes]
        days = [first if first >= 0 else _BEFORE, *(day for day in changes if first < day < ALWAYS)]
        for day in days:
            if day < world.until_day:
                yield (product, day, *_product(world, product, _price_on(world, product, day), day))


def _price_on(world: World, product: int, day: int) -> int:
    return int(sum(day >= changes[product] for changes in world.catalogue.changes))


def _product(world: World, product: int, price: int, day: int) -> tuple[str, ...]:
    catalogue = world.catalogue
    category = catalogue.categories[catalogue.category[product]]
    number = int(catalogue.variant[product])
    brand = category.brands[number % len(category.brands)]
    noun = category.nouns[number // 3 % len(category.nouns)]
    model = f"{_LETTERS[number // 50 % 20]}{_LETTERS[number // 7 % 20]}{number:03d}"
    return (
        f"P{number + 1:05d}",
        f"{brand} {noun} {model}",
        category.name,
        category.subcategories[number // 2 % len(category.subcategories)],
        brand,
        f"{catalogue.costs[price, product]:.2f}",
        f"{catalogue.prices[price, product]:.2f}",
        world.profile.currency,
        "true",
        _midnight(world, day),
    )


def _midnight(world: World, day: int) -> str:
    """The start of a day by the shop's clocks, in UTC."""
    local = datetime.combine(world.day(day), time(), ZoneInfo(world.profile.time_zone))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def campaign_rows(spark: SparkSession, world: World) -> DataFrame:
    """One row for each campaign, beside `campaign` and `day` (its start)."""
    plan = world.profile.campaigns
    rows: list[Row] = [
        (
            one.place,
            one.starts,
            one.code,
            f"{one.name} {world.day(one.starts).year}",
            one.channel,
            world.day(one.starts).isoformat(),
            world.day(one.starts + WAVES - 1 + plan.days).isoformat(),
            f"{round(one.spend, -3):.2f}",
            world.profile.currency,
            _midnight(world, one.starts),
        )
        for one in world.campaigns
    ]
    return _rows(spark, rows, ("campaign", "day"), CAMPAIGN_COLUMNS)


def spend_rows(spark: SparkSession, world: World) -> DataFrame:
    """One row for each campaign and day of its spend (which add up to it), beside `campaign` and `day`."""
    return _rows(spark, list(_spend(world)), ("campaign", "day"), SPEND_COLUMNS)


def _spend(world: World) -> Iterator[Row]:
    days = world.profile.campaigns.days
    falling = np.exp(-np.arange(days) / 8)
    for one in world.campaigns:
        total = Decimal(str(one.spend))
        amounts = [Decimal(f"{one.spend * share:.2f}") for share in falling / falling.sum()]
        amounts[0] += total - sum(amounts)
        for place, amount in enumerate(amounts):
            day = one.starts + place
            if day < world.until_day:
                shown = int(amount * 40)
                yield (one.place, day, one.code, world.day(day).isoformat(), str(amount), world.profile.currency,
                       str(shown), str(shown // 45), _midnight(world, day + 1))  # fmt: skip


def touch_days(touches: DataFrame, world: World) -> DataFrame:
    """Adds `day`, on which the list is done, to the contacts and the customers held out of the table touches."""
    ends = F.get(F.array(*(F.lit(one.starts + WAVES - 1) for one in world.campaigns)), F.col("campaign"))
    return touches.where(F.col("touch") < world.until_day).withColumn("day", ends)


def touch_rows(touches: DataFrame, world: World) -> DataFrame:
    """Adds the columns of the file."""
    code = F.get(F.array(*(F.lit(one.code) for one in world.campaigns)), F.col("campaign"))
    return touches.withColumns(
        {
            "touch_id": F.concat_ws("-", code, customer_id(F.col("customer"))),
            "campaign_id": code,
            "customer_id": customer_id(F.col("customer")),
            "touched_at": instant_text(world, F.col("touch")),
            "is_holdout": F.col("is_holdout").cast("string"),
        }
    )
