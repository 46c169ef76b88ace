"""What is in an order: its products, quantities, prices and discounts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from scipy import stats

from lakehouse.world.catalogue import QUANTITIES, SLOTS, Catalogue
from lakehouse.world.chance import Numbers, by_wait, count_of, interpolated, numbers, place_in, waits
from lakehouse.world.mix import ALWAYS, RAMP_DOWN_DAYS, RAMP_UP_DAYS, TRIES
from lakehouse.world.orders import LEVEL
from lakehouse.world.world import World

_MOST_MORE_LINES = 9
TILT_STEP = 0.05
_HIGHEST_LEVEL = 5.0
STATUSES = ("completed", "pending", "cancelled", "refunded")
PAYMENTS, PAYMENT_WEIGHTS = ("card", "paypal", "bank_transfer", "klarna", "gift_card"), (52, 24, 9, 11, 4)
CHANNELS, CHANNEL_WEIGHTS = ("web", "app", "phone"), (58, 38, 4)


def spend_level(world: World, customer: Column) -> Column:
    """What the customer spends on a line against the mean of all: Gamma with mean 1."""
    shape = world.profile.spend.level_cv**-2
    return by_wait(
        stats.gamma(shape, scale=1 / shape).isf(np.exp(-waits())), -F.log(world.chance.spread(LEVEL, customer))
    )


def tilts(catalogue: Catalogue) -> Numbers:
    """The slope k at which prices drawn with density exp(k x) over their ranks x have a mean of level x the plain mean.

    Given at levels 0, TILT_STEP, …: below 0 draws lean to cheap products. The catalogue's own range bounds it.
    """
    value = (catalogue.prices[0] * catalogue.mean_quantity)[catalogue.slots]
    draws = (np.arange(4096) + 0.5) / 4096
    slopes = np.linspace(-60, 60, 480)
    means = np.array(
        [value[(np.log1p(draws * np.expm1(slope)) / slope * SLOTS).astype(int)].mean() for slope in slopes]
    )
    levels = np.arange(0, _HIGHEST_LEVEL + TILT_STEP, TILT_STEP)
    return np.asarray(np.interp(levels * value.mean(), means, slopes), dtype=np.float64)


def tilted(draw: Column, slope: Column) -> Column:
    """A uniform draw as one with density exp(slope x) between 0 and 1."""
    return F.when(slope == 0, draw).otherwise(F.log1p(draw * F.expm1(slope)) / slope)


def with_basket(orders: DataFrame, world: World) -> DataFrame:
    """Adds what a whole order shares: `day`, `tilt`, `first_product`, `has_companion`, `more_lines`."""
    chance, ids = world.chance, (F.col("customer"), F.col("event"))
    catalogue = world.catalogue
    companion_chance = np.zeros(catalogue.size)
    companion_chance[catalogue.sold.leads] = catalogue.sold.companion_chance
    more = stats.poisson(world.profile.spend.more_lines).pmf(np.arange(_MOST_MORE_LINES))
    tilt = interpolated(tilts(catalogue), TILT_STEP, spend_level(world, F.col("customer")))
    baskets = orders.withColumn("tilt", tilt).withColumn("day", F.floor("at").cast("int"))
    baskets = with_product_drawn(baskets, world, "first_product", F.lit(1), may_lead=True)
    follows = chance.uniform("companion", *ids) < F.get(numbers(companion_chance), F.col("first_product"))
    return baskets.withColumn("has_companion", follows).withColumn(
        "more_lines", count_of(chance.uniform("lines", *ids), more)
    )


def with_product_drawn(rows: DataFrame, world: World, name: str, line: Column, *, may_lead: bool) -> DataFrame:
    """Adds a product by popularity, leaning to the customer's prices, that is sold on the day. Reads `tilt` and `day`.

    Products that lead a pair only open a basket: so the share of baskets in which the companion follows is known.
    """
    catalogue, chance = world.catalogue, world.chance
    ids = F.col("customer"), F.col("event"), line
    slots = numbers(catalogue.slots, "int")
    for number in range(TRIES):
        draw = tilted(chance.uniform(f"product {number}", *ids), F.col("tilt"))
        slot = F.least(F.floor(draw * SLOTS).cast("int"), F.lit(SLOTS - 1))
        rows = rows.withColumn(f"_try_{number}", F.get(slots, slot))
    found = F.get(numbers(catalogue.sold.stand_in, "int"), F.col(f"_try_{TRIES - 1}"))
    for number in reversed(range(TRIES)):
        product = F.col(f"_try_{number}")
        taken = chance.uniform(f"taken {number}", *ids) < _demand(catalogue, product, F.col("day"), may_lead)
        found = F.when(taken, product).otherwise(found)
    return rows.withColumn(name, found).drop(*(f"_try_{number}" for number in range(TRIES)))


def _demand(catalogue: Catalogue, product: Column, day: Column, may_lead: bool) -> Column:
    """Share of its full demand that a product has on a day: it grows after the launch and falls before the end."""
    launched, ended = catalogue.sold.launched, catalogue.sold.ended
    if not may_lead:
        launched = np.where(catalogue.sold.is_lead, ALWAYS, launched)
    since = day - F.get(numbers(np.where(launched < 0, -ALWAYS, launched), "int"), product)
    left = F.get(numbers(ended, "int"), product) - day
    return F.least(since / float(RAMP_UP_DAYS), left / float(RAMP_DOWN_DAYS))


def order_lines(orders: DataFrame, world: World) -> DataFrame:
    """One row for each line of each order, with `line`, `product` (place), `quantity`, `unit_price`, `unit_cost`,
    `discount` (amount), `gross` and what the order says of itself."""
    catalogue = world.catalogue
    companion = np.zeros(catalogue.size, dtype=np.int64)
    companion[catalogue.sold.leads] = catalogue.sold.companions
    baskets = with_basket(orders, world)
    number_of_lines = 1 + F.col("more_lines") + F.col("has_companion").cast("int")
    lines = baskets.withColumn("line", F.explode(F.sequence(F.lit(1), number_of_lines)))
    lines = with_product_drawn(lines, world, "_drawn", F.col("line"), may_lead=False)
    is_companion = F.col("has_companion") & (F.col("line") == F.col("more_lines") + 2)
    product = (
        F.when(F.col("line") == 1, F.col("first_product"))
        .when(is_companion, F.get(numbers(companion, "int"), F.col("first_product")))
        .otherwise(F.col("_drawn"))
    )
    lines = lines.withColumn("product", product)
    lines = lines.drop("tilt", "first_product", "has_companion", "more_lines", "_drawn")
    return with_amounts(lines, world).transform(lambda rows: with_order_facts(rows, world))


def _at_day(catalogue: Catalogue, values: Numbers) -> Column:
    """Price or cost of `product` on `day`."""
    product, day = F.col("product"), F.col("day")
    first, second, third = (F.get(numbers(one), product) for one in values)
    once, twice = (F.get(numbers(one, "int"), product) for one in catalogue.changes)
    return F.when(day >= twice, third).when(day >= once, second).otherwise(first)


def with_amounts(lines: DataFrame, world: World) -> DataFrame:
    """Adds `quantity`, `unit_price`, `unit_cost`, `gross` and `discount`, exact to the penny."""
    catalogue, money = world.catalogue, "decimal(12,2)"
    ids = F.col("customer"), F.col("event"), F.col("line")
    draw = world.chance.uniform("quantity", *ids)
    few, many = (place_in(draw, shares) + 1 for shares in (QUANTITIES[1], QUANTITIES[0]))
    is_dear = F.get(numbers(catalogue.price_band, "int"), F.col("product")) == 1
    rate = F.get(
        numbers([0.05, 0.1, 0.15, 0.2, 0.25]), F.floor(world.chance.uniform("rate of discount", *ids) * 5).cast("int")
    )
    has_discount = world.chance.uniform("discount", *ids) < world.profile.spend.discount_share
    return (
        lines.withColumn("quantity", F.when(is_dear, few).otherwise(many))
        .withColumn("unit_price", _at_day(catalogue, catalogue.prices).cast(money))
        .withColumn("unit_cost", _at_day(catalogue, catalogue.costs).cast(money))
        .withColumn("gross", (F.col("quantity") * F.col("unit_price")).cast(money))
        .withColumn("discount", F.when(has_discount, _as_written(F.col("gross") * rate)).otherwise("0").cast(money))
    )


def _as_written(number: Column) -> Column:
    """A double as a text, for a decimal of it: Spark rounds what is written, Sail what lies next to it in binary."""
    return number.cast("string")


def with_order_facts(lines: DataFrame, world: World) -> DataFrame:
    """Adds `status`, `payment`, `channel`, and `promised` and `delivered` (times in days; NULL where not sent)."""
    chance, ids, spend = world.chance, (F.col("customer"), F.col("event")), world.profile.spend
    refunded = max(0.0, 1 - spend.completed - spend.pending - spend.cancelled)
    status = place_in(chance.uniform("status", *ids), (spend.completed, spend.pending, spend.cancelled, refunded))
    promised = F.floor("at") + F.lit(3) + F.floor(chance.uniform("promised", *ids) * 3)
    lateness = chance.uniform("late", *ids)
    is_late = lateness < world.profile.returns.late_share
    delay = F.when(is_late, 1 + F.floor(lateness / world.profile.returns.late_share * 9)).otherwise(
        -F.floor(chance.uniform("early", *ids) * 3)
    )
    was_sent = F.col("status").isin("completed", "refunded")
    hour = 0.35 + chance.uniform("delivery hour", *ids) * 0.4
    return (
        lines.withColumn("status", _named(STATUSES, status))
        .withColumn("payment", _named(PAYMENTS, place_in(chance.uniform("payment", *ids), PAYMENT_WEIGHTS)))
        .withColumn("channel", _named(CHANNELS, place_in(chance.uniform("channel", *ids), CHANNEL_WEIGHTS)))
        .withColumn("promised", promised)
        .withColumn("is_late", is_late)
        .withColumn("delivered", F.when(was_sent, promised + delay + hour))
    )


def _named(names: Sequence[str], place: Column) -> Column:
    return F.get(F.array(*map(F.lit, names)), place)
