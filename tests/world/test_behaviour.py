"""The shop behaves as its profile says: what is planted can be found again in what is sold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.world.lines import spend_level
from lakehouse.world.orders import FIRST
from lakehouse.world.profile import Profile
from lakehouse.world.returns import returned_lines
from lakehouse.world.simulate import Tables, simulate
from lakehouse.world.world import World


@pytest.fixture(scope="module")
def world(tiny: Profile) -> World:
    """Some thousand buyers and two campaigns that double purchases; nothing of it comes in files."""
    campaigns = tiny.campaigns.model_copy(update={"effects": (1.0,), "recent_days": 40})
    profile = tiny.model_copy(update={"customers": 12_000, "affinity_pairs": 8, "campaigns": campaigns})
    return World(profile, 42, 1.0, profile.end)


@pytest.fixture(scope="module")
def life(spark: SparkSession, world: World, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    tables = Tables(spark, Path(tmp_path_factory.mktemp("life")))
    simulate(world, tables, lambda _: None)
    return tables


@pytest.fixture(scope="module")
def lines(life: Tables) -> DataFrame:
    return life.read("order_lines")


def share(rows: DataFrame, condition: str) -> tuple[float, int]:
    """Share of the rows for which a condition holds, and their number."""
    [(found, number)] = rows.agg(F.avg(F.expr(condition).cast("int")), F.count("*")).collect()
    return found, number


def assert_near(found: tuple[float, int], wanted: float) -> None:
    """Within four standard deviations of a share of so many draws."""
    assert found[0] == pytest.approx(wanted, abs=4 * np.sqrt(wanted * (1 - wanted) / found[1]))


def test_as_many_customers_order_as_the_profile_says(world: World, life: Tables) -> None:
    found = share(life.read("customers"), "first_day IS NOT NULL")
    assert found[0] == pytest.approx(world.profile.arrival.share, abs=0.005)


def test_nobody_orders_before_signing_up_or_after_the_last_order(world: World, life: Tables) -> None:
    orders = life.read("organic").join(life.read("customers"), "customer")
    last_day = world.purchases.day_at(F.col("gone"))
    gone = F.col("gone") < world.purchases.on(world.until_day)
    assert orders.where("floor(at) < signed_up OR floor(at) < floor(first_day)").isEmpty()
    assert orders.where(gone & (F.floor("at") > F.floor(last_day))).isEmpty()


def test_orders_have_numbers_of_their_own(life: Tables) -> None:
    orders = life.read("orders")
    assert orders.select("customer", "event").distinct().count() == orders.count()


def test_an_order_has_as_many_lines_and_completes_as_often_as_the_profile_says(world: World, lines: DataFrame) -> None:
    spend = world.profile.spend
    orders = lines.groupBy("customer", "event").agg(F.count("*").alias("lines"), F.first("status").alias("status"))
    [(mean, number)] = orders.agg(F.avg("lines"), F.count("*")).collect()
    assert mean == pytest.approx(1 + spend.more_lines, abs=4 * 0.7 / np.sqrt(number) + 0.03)
    assert_near(share(orders, "status = 'completed'"), spend.completed)
    assert_near(share(lines, "discount > 0"), spend.discount_share)


def test_amounts_are_exact(lines: DataFrame) -> None:
    assert lines.where("gross <> quantity * unit_price OR discount > gross OR unit_cost >= unit_price").isEmpty()


def test_companions_are_bought_along_at_the_promised_probability(world: World, lines: DataFrame) -> None:
    sold = world.catalogue.sold
    baskets = lines.groupBy("customer", "event").agg(F.collect_set("product").alias("products"))
    rows = [row["products"] for row in baskets.collect()]
    wanted = found = variance = 0.0
    for lead, companion, probability in zip(sold.leads, sold.companions, sold.companion_chance, strict=True):
        opened = [products for products in rows if lead in products]
        found += sum(companion in products for products in opened)
        wanted += probability * len(opened)
        variance += probability * (1 - probability) * len(opened)
    assert wanted > 30
    # A companion may also be there by chance: some in a hundred baskets.
    assert -4 * np.sqrt(variance) < found - wanted < 4 * np.sqrt(variance) + 0.05 * wanted


def test_who_is_held_out_is_a_draw_of_its_own(world: World, life: Tables) -> None:
    touches = life.read("touches")
    held_out = world.profile.campaigns.held_out
    assert_near(share(touches, "is_holdout"), held_out)
    buyers = life.read("organic").select("customer").distinct()
    assert_near(share(touches.join(buyers, "customer"), "is_holdout"), held_out)
    [one, other] = (touches.where(F.col("campaign") == place) for place in (0, 1))
    both = one.join(other.where("is_holdout").select("customer"), "customer")
    assert_near(share(both, "is_holdout"), held_out)


def test_lists_are_drawn_independently_of_each_other(world: World, life: Tables) -> None:
    first, second = world.campaigns
    listed = life.read("touches").groupBy("customer").agg(F.collect_set("campaign").alias("on"))
    # Those who never bought are equally likely to be on each list.
    others = life.read("customers").where(f"first_day IS NULL AND signed_up < {first.starts}")
    rows = others.join(listed, "customer", "left").selectExpr(
        f"coalesce(array_contains(on, {first.place}), false) AS a",
        f"coalesce(array_contains(on, {second.place}), false) AS b",
    )
    chance = world.profile.campaigns.ordinary_chance
    assert_near(share(rows, "a"), chance)
    assert_near(share(rows.where("a"), "b"), chance)


def test_recent_buyers_are_listed_more_often(world: World, life: Tables) -> None:
    plan, campaign = world.profile.campaigns, world.campaigns[1]
    recent = life.read("organic").where(F.col("at").between(campaign.starts - plan.recent_days, campaign.starts))
    listed = life.read("touches").where(F.col("campaign") == campaign.place).withColumn("listed", F.lit(True))
    rows = recent.select("customer").distinct().join(listed, "customer", "left")
    assert_near(share(rows, "coalesce(listed, false)"), plan.ordinary_chance * plan.recent_weight)


def test_a_campaign_adds_orders_of_the_contacted_alone_while_it_works(world: World, life: Tables) -> None:
    days = world.profile.campaigns.days
    touches = life.read("touches").withColumnRenamed("campaign", "cause")
    extra = life.read("orders").where("cause IS NOT NULL").join(touches, ["customer", "cause"], "left")
    assert extra.where(f"touch IS NULL OR is_holdout OR at <= touch OR floor(at) > floor(touch) + {days}").isEmpty()
    in_time = touches.where("NOT is_holdout").join(life.read("organic").where(f"event <> {FIRST}"), "customer")
    organic = in_time.where(f"at > touch AND at < touch + {days}").count()
    # An effect of 1: as many orders again as the contacted place by themselves, their first ones aside.
    assert extra.count() / organic == pytest.approx(1, abs=0.3)


def test_late_deliveries_come_back_more_often(world: World, lines: DataFrame) -> None:
    plan = world.profile.returns
    ids = ["customer", "event", "line"]
    returned = returned_lines(lines, world).select(*ids, F.lit(True).alias("back"))
    early_enough = lines.where(f"status = 'completed' AND day < {world.until_day - 40}")
    rows = early_enough.join(returned, ids, "left").withColumn("back", F.coalesce("back", F.lit(False)))
    in_time, late = (share(rows.where(which), "back")[0] for which in ("NOT is_late", "is_late"))
    assert late / in_time == pytest.approx(plan.late_factor, rel=0.35)


def test_without_campaigns_nobody_is_listed_and_no_order_has_a_cause(
    spark: SparkSession, smallest: Profile, tmp_path: Path
) -> None:
    profile = smallest.model_copy(update={"campaigns": smallest.campaigns.model_copy(update={"number": 0})})
    tables = Tables(spark, tmp_path)
    simulate(World(profile, 42, 1.0, profile.end), tables, lambda _: None)
    assert tables.read("touches").isEmpty()
    assert tables.read("orders").where("cause IS NOT NULL OR contact IS NOT NULL OR coupon IS NOT NULL").isEmpty()
    assert not tables.read("orders").isEmpty()


def test_high_spenders_buy_dearer_products_and_low_ones_not_all_the_same(
    world: World, life: Tables, lines: DataFrame
) -> None:
    level = spend_level(world, F.col("customer"))
    values = lines.select(level.alias("level"), "gross", "product").withColumn("group", F.expr("level > 1"))
    means = {row["group"]: row for row in values.groupBy("group").agg(F.avg("level"), F.avg("gross")).collect()}
    low, high = means[False], means[True]
    assert float(high[2]) / float(low[2]) == pytest.approx(high[1] / low[1], rel=0.12)
    [(most,)] = lines.groupBy("product").count().agg(F.max("count")).collect()
    assert most / lines.count() < 2 * world.catalogue.mix.max()
