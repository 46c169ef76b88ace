"""The clocks of the shop: season, growth and peaks, the same for a longer span."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.world.clock import arrival_clock, black_friday, purchase_clock, season_by_day, season_of, week_of
from lakehouse.world.profile import Profile, load_profile

SEED = load_profile("seed")


@pytest.mark.parametrize("day", [date(2022, 11, 25), date(2023, 11, 24), date(2024, 11, 29), date(2019, 11, 29)])
def test_black_friday_is_the_day_after_the_fourth_thursday(day: date) -> None:
    assert black_friday(day.year) == day


@pytest.mark.parametrize(
    ("day", "factor"),
    [
        (date(2023, 11, 19), 1),
        (date(2023, 11, 20), 1.42),
        (date(2023, 11, 24), 2.2),
        (date(2023, 11, 27), 2.2),
        (date(2023, 11, 28), 1),
        (date(2023, 12, 4), 1.5),
        (date(2023, 12, 22), 1.5),
        (date(2023, 12, 24), 0.75),
        (date(2024, 1, 7), 0.75),
        (date(2024, 1, 8), 1),
    ],
)
def test_peaks_last_as_long_as_they_say_also_over_new_year(day: date, factor: float) -> None:
    without = SEED.season.model_copy(update={"peaks": ()})
    assert season_of(SEED.season, day) == pytest.approx(season_of(without, day) * factor)


def test_the_week_has_a_mean_of_one() -> None:
    week = [week_of(SEED.season, date(2023, 5, 1) + timedelta(days=day)) for day in range(7)]
    assert np.mean(week) == pytest.approx(1)
    assert week.index(max(week)) == 5


def test_the_stationary_shop_has_no_season_and_no_growth() -> None:
    stationary = load_profile("stationary")
    assert (season_by_day(stationary, 400) == 1).all()
    assert np.diff(purchase_clock(stationary, 400).elapsed) == pytest.approx(1)
    assert np.ptp(np.diff(arrival_clock(stationary, 400).elapsed)) == pytest.approx(0, abs=1e-9)


def test_a_longer_look_only_adds_to_the_end() -> None:
    for clock in (purchase_clock, arrival_clock):
        assert (clock(SEED, 900).elapsed[: SEED.days + 1] == clock(SEED, SEED.days).elapsed).all()


def test_within_the_span_the_declared_share_of_customers_orders_for_the_first_time() -> None:
    clock = arrival_clock(SEED, SEED.days)
    assert clock.end / 3_000 == pytest.approx(SEED.arrival.share)
    assert purchase_clock(SEED, SEED.days).end == pytest.approx(SEED.days)


def test_times_survive_the_way_to_operational_time_and_back(spark: SparkSession) -> None:
    profile: Profile = SEED
    clock = purchase_clock(profile, profile.days)
    day = F.col("id") / 3
    back = clock.day_at(clock.at(day)).alias("back")
    rows = spark.range(3 * profile.days).select(day.alias("day"), back).collect()
    # The way back is given every half operational day.
    assert max(abs(row["back"] - row["day"]) for row in rows) < 0.5
