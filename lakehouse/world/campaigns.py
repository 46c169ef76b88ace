"""Campaigns: who is on which list, who of those is held out, and when each is contacted."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world.campaign_plan import WAVES, Campaign
from lakehouse.world.chance import numbers
from lakehouse.world.world import World


def bought_before(world: World, day: Column) -> Column:
    """Bit mask of the campaigns for which an order on that day makes a recent buyer."""
    recent = world.profile.campaigns.recent_days
    masks = [
        sum(1 << one.place for one in world.campaigns if one.starts - recent <= day_number < one.starts)
        for day_number in range(world.until_day)
    ]
    return F.get(numbers(masks, "bigint"), day.cast("int"))


def starts_of(campaigns: tuple[Campaign, ...], place: Column) -> Column:
    return F.get(numbers([one.starts for one in campaigns] or [0], "int"), place)


def is_listed(world: World, place: Column, starts: Column) -> Column:
    """Whether a customer is on a list. Reads `customer`, `signed_up` and `recent`.

    Lists are drawn independently of each other, and so is who is held out.
    """
    plan = world.profile.campaigns
    # Sail reads the bit also where there is no campaign, which callers ask for first.
    was_recent = F.getbit(F.col("recent"), F.greatest(place, F.lit(0))) == 1
    likely = F.when(was_recent, plan.ordinary_chance * plan.recent_weight).otherwise(plan.ordinary_chance)
    return (F.col("signed_up") < starts) & (world.chance.uniform("listed", F.col("customer"), place) < likely)


def is_held_out(world: World, place: Column) -> Column:
    return world.chance.uniform("held out", F.col("customer"), place) < world.profile.campaigns.held_out


def touch_time(world: World, place: Column, starts: Column) -> Column:
    """Time in days of the contact: from six to eight in the morning, on the first day or the day after."""
    draw = world.chance.uniform("touched", F.col("customer"), place)
    return starts + F.floor(draw * WAVES) + 0.25 + (draw * WAVES - F.floor(draw * WAVES)) / 12


def touches(customers: DataFrame, world: World) -> DataFrame:
    """One row for each customer on each list: `campaign` (place), `touch` (time in days) and `is_holdout`.

    Takes `customer`, `signed_up` (day) and `recent` (mask of the campaigns before which the customer bought); other
    columns stay.
    """
    places = numbers([one.place for one in world.campaigns], "int")
    place = F.col("campaign")
    starts = starts_of(world.campaigns, place)
    return (
        customers.withColumn("campaign", F.explode(places))
        .where(is_listed(world, place, starts))
        .withColumn("touch", touch_time(world, place, starts))
        .withColumn("is_holdout", is_held_out(world, place))
    )


def contact_of(world: World, at: Column) -> Column:
    """Place of the last campaign that contacted the customer within its days before a time; NULL where none did.

    Reads what `is_listed` does.
    """
    begun = [sum(one.starts <= day for one in world.campaigns) for day in range(world.until_day)]
    newest = F.get(numbers(begun, "int"), F.floor(at).cast("int")) - 1
    # Lists are contacted more than half of their days apart: the one before the newest may still work.
    return F.coalesce(*(F.when(_reached(world, newest - back, at), newest - back) for back in (0, 1)))


def _reached(world: World, place: Column, at: Column) -> Column:
    starts = starts_of(world.campaigns, place)
    since = at - touch_time(world, place, starts)
    listed = is_listed(world, place, starts) & ~is_held_out(world, place)
    return (place >= 0) & (since >= 0) & (since < world.profile.campaigns.days) & listed
