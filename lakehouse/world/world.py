"""Everything that is known of a shop before any row of it is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.world.campaign_plan import Campaign, make_campaigns
from lakehouse.world.catalogue import Catalogue, make_catalogue
from lakehouse.world.chance import Chance
from lakehouse.world.clock import Clock, arrival_clock, purchase_clock
from lakehouse.world.profile import Profile

_CUSTOMERS_PER_TASK = 250_000


@dataclass(frozen=True)
class World:
    """A profile at a scale and a seed, seen up to a day."""

    profile: Profile
    seed: int
    scale: float
    until: date
    """The first day of which nothing is known."""

    @property
    def customers(self) -> int:
        return round(self.profile.customers * self.scale)

    @property
    def until_day(self) -> int:
        return (self.until - self.profile.start).days

    @cached_property
    def chance(self) -> Chance:
        return Chance(self.seed)

    @cached_property
    def catalogue(self) -> Catalogue:
        return make_catalogue(self.profile, self.chance)

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Campaigns that start before `until`."""
        return tuple(one for one in make_campaigns(self.profile, self.chance) if one.starts < self.until_day)

    @cached_property
    def arrivals(self) -> Clock:
        return arrival_clock(self.profile, self._clock_days)

    @cached_property
    def purchases(self) -> Clock:
        return purchase_clock(self.profile, self._clock_days)

    @property
    def _clock_days(self) -> int:
        # Campaigns that start late work beyond the span.
        return max(self.profile.days, self.until_day) + self.profile.campaigns.days + 5

    def everyone(self, spark: SparkSession) -> DataFrame:
        """`customer`: the numbers of all customers, from 0."""
        tasks = max(2, self.customers // _CUSTOMERS_PER_TASK)
        return spark.range(0, self.customers, 1, tasks).withColumnRenamed("id", "customer")

    def date_of(self, day: Column) -> Column:
        """The date of a day number."""
        return F.date_add(F.lit(self.profile.start), day.cast("int"))

    def day(self, number: int) -> date:
        return self.profile.start + timedelta(days=number)
