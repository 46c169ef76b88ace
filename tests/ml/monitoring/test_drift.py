"""The stability index of features, by hand and over a frame."""

from __future__ import annotations

import math

import pytest
from pyspark.sql import SparkSession

from ml.monitoring.drift import Bins, drift, stability_index


def test_the_index_is_0_where_all_is_as_it_was_and_the_sum_of_the_formula_elsewhere() -> None:
    assert stability_index([0.5, 0.5], [0.5, 0.5]) == 0
    by_hand = (0.8 - 0.5) * math.log(0.8 / 0.5) + (0.2 - 0.5) * math.log(0.2 / 0.5)
    assert stability_index([0.5, 0.5], [0.8, 0.2]) == pytest.approx(by_hand)


def test_a_bin_that_emptied_is_much_and_not_infinite() -> None:
    assert 1 < stability_index([0.5, 0.5], [1.0, 0.0]) < 10


def test_a_value_at_an_edge_is_in_the_bin_above_it_and_missing_ones_have_their_own(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(1.0,), (2.0,), (2.5,), (None,)], "orders DOUBLE")
    as_there = Bins(edges=[1.5, 2.0], shares=[0.25, 0.0, 0.5, 0.25])
    assert drift(rows, {"orders": as_there}) == {"orders": pytest.approx(0)}


def test_a_feature_whose_values_went_is_an_alert(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(None,), (None,), (None,), (1.0,)], "orders DOUBLE")
    assert drift(rows, {"orders": Bins([0.9, 0.05, 0.05], edges=[2.0])})["orders"] > 0.25


def test_a_text_moves_by_its_values_and_one_never_seen_before_counts(spark: SparkSession) -> None:
    rows = spark.createDataFrame([("GB",), ("GB",), ("DE",), (None,)], "country STRING")
    as_there = Bins([0.5, 0.25, 0.25], values=["GB", "DE"])
    assert drift(rows, {"country": as_there}) == {"country": pytest.approx(0)}
    abroad = spark.createDataFrame([("GB",), ("FR",), ("FR",), ("DE",)], "country STRING")
    assert drift(abroad, {"country": as_there})["country"] > 0.25


def test_a_feature_that_there_is_no_more_and_a_day_without_customers_say_nothing(spark: SparkSession) -> None:
    rows = spark.createDataFrame([], "orders DOUBLE")
    assert drift(rows, {"orders": Bins([0.5, 0.5, 0.0], edges=[1.0])}) == {}
    one = spark.createDataFrame([(1.0,)], "orders DOUBLE")
    assert drift(one, {"gone": Bins([0.5, 0.5, 0.0], edges=[1.0])}) == {}
