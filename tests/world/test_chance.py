"""Draws are hashes: the same each time, uniform, and independent of each other."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as F
from scipy import stats

from lakehouse.world.chance import Chance, by_wait, count_of, interpolated, place_in, waits
from lakehouse.world.orders import with_poisson_times

NUMBER = 8_000
CHANCE = Chance(7)


def ids() -> Column:
    return F.col("id")


def drawn(spark: SparkSession, *draws: Column) -> NDArray[np.float64]:
    """One row of numbers for each draw, for the ids from 0."""
    named = [draw.cast("double").alias(f"draw_{place}") for place, draw in enumerate(draws)]
    collected = spark.range(NUMBER).select("id", *named).orderBy("id").collect()
    return np.array([row[1:] for row in collected]).T


def test_a_draw_is_uniform_and_belongs_to_its_seed_name_and_ids(spark: SparkSession) -> None:
    draws = [
        CHANCE.uniform("a", ids()),
        CHANCE.uniform("b", ids()),
        Chance(8).uniform("a", ids()),
        CHANCE.uniform("a", ids(), F.lit(0)),
    ]
    found = drawn(spark, *draws, CHANCE.uniform("a", ids()))
    assert (found[0] == found[-1]).all()
    for one in found[:-1]:
        assert stats.kstest(one, "uniform").pvalue > 0.001
    assert np.abs(np.corrcoef(found[:-1]) - np.eye(len(draws))).max() < 4 / np.sqrt(NUMBER)


def test_spread_draws_are_uniform_in_every_stretch_of_numbers(spark: SparkSession) -> None:
    [one, two] = drawn(spark, CHANCE.spread(1, ids()), CHANCE.spread(2, ids()))
    for first in range(0, NUMBER, 1000):
        stretch = slice(first, first + 1000)
        in_quarters, _, _ = np.histogram2d(one[stretch], two[stretch], bins=4, range=[(0, 1), (0, 1)])
        # Independent draws would scatter by 8 about 62.
        assert np.abs(in_quarters - 1000 / 16).max() < 12


def test_spread_draws_belong_to_their_seed_and_their_dimension(spark: SparkSession) -> None:
    draws = [CHANCE.spread(1, ids()), Chance(8).spread(1, ids()), CHANCE.spread(2, ids()), CHANCE.spread(1, ids())]
    [one, other_seed, other_dimension, again] = drawn(spark, *draws)
    assert (one == again).all()
    assert (one != other_seed).all()
    assert (one != other_dimension).mean() > 0.99


def test_draws_of_the_driver_belong_to_their_seed_and_name() -> None:
    one, again = (CHANCE.generator("a").random(9) for _ in range(2))
    assert (one == again).all()
    others = [CHANCE.generator("b").random(9), Chance(8).generator("a").random(9)]
    assert all((one != other).all() for other in (*others, CHANCE.generator("ab").random(9)))


def test_a_variate_by_its_wait_has_its_distribution(spark: SparkSession) -> None:
    wanted = stats.gamma(0.75, scale=2)
    [found] = drawn(spark, by_wait(wanted.isf(np.exp(-waits())), CHANCE.wait("gamma", ids())))
    assert stats.kstest(found, wanted.cdf).pvalue > 0.001


def test_places_come_by_their_weights(spark: SparkSession) -> None:
    [places, counts] = drawn(
        spark,
        place_in(CHANCE.uniform("p", ids()), [5, 0, 3, 2]),
        count_of(CHANCE.uniform("c", ids()), np.array([0.2, 0.8])),
    )
    assert np.bincount(places.astype(int)) / NUMBER == pytest.approx([0.5, 0.0, 0.3, 0.2], abs=0.02)
    assert counts.mean() == pytest.approx(0.8, abs=0.02)


def test_a_table_is_read_along_straight_lines_and_stands_still_beyond_its_ends(spark: SparkSession) -> None:
    at = (-1.0, 0.0, 0.25, 0.5, 1.0, 9.0)
    table = np.array([2.0, 4.0, 8.0])
    values = drawn(spark, *(interpolated(table, 0.5, F.lit(one)) for one in at))[:, 0]
    assert values == pytest.approx([2, 2, 3, 4, 8, 8])


def test_events_of_a_longer_stretch_begin_with_those_of_a_shorter_one(spark: SparkSession) -> None:
    rows = spark.range(400)

    def events(length: float) -> set[tuple[int, int, float]]:
        times = with_poisson_times(rows, F.lit(length), CHANCE, "events", ids())
        return {(row["id"], row["nth"], row["x"]) for row in times.collect()}

    shorter, longer = events(3.3), events(7.0)
    assert {one for one in longer if one[2] < 3.3} == shorter
    assert len({one[:2] for one in longer}) == len(longer)


def test_events_come_at_rate_one_and_anywhere(spark: SparkSession) -> None:
    times = with_poisson_times(spark.range(2_000), F.lit(3.3), CHANCE, "events", ids()).select("id", "x").collect()
    assert stats.kstest([row["x"] / 3.3 for row in times], "uniform").pvalue > 0.001
    counts = np.bincount([row["id"] for row in times], minlength=2_000)
    assert counts.mean() == pytest.approx(3.3, abs=0.15)
    assert counts.var() == pytest.approx(3.3, abs=0.4)
