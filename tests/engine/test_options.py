"""Options of a session that hold for a while are what they were before, afterwards."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from lakehouse.engine.spark.options import interpreted, options

SET, UNSET = "spark.sql.shuffle.partitions", "lakehouse.tests.nobody.sets.this"


def test_options_hold_within_and_are_as_before_afterwards(spark: SparkSession) -> None:
    before = spark.conf.get(SET)
    with options(spark, {SET: "7", UNSET: "x"}):
        assert (spark.conf.get(SET), spark.conf.get(UNSET)) == ("7", "x")
    assert (spark.conf.get(SET), spark.conf.get(UNSET, None)) == (before, None)


def test_an_error_leaves_no_option_behind(spark: SparkSession) -> None:
    before = spark.conf.get(SET)
    with pytest.raises(ZeroDivisionError), options(spark, {SET: "7", UNSET: "x"}):
        raise ZeroDivisionError
    assert (spark.conf.get(SET), spark.conf.get(UNSET, None)) == (before, None)


def test_an_option_that_cannot_be_set_leaves_those_before_it_as_they_were(spark: SparkSession) -> None:
    before = spark.conf.get(SET)
    with pytest.raises(Exception, match="driver"), options(spark, {SET: "7", "spark.driver.memory": "1g"}):
        pytest.fail("the memory of a driver that runs cannot be set")
    assert spark.conf.get(SET) == before


def test_interpreted_plans_run_in_one_partition_and_only_meanwhile(spark: SparkSession) -> None:
    names = ("spark.sql.codegen.wholeStage", "spark.sql.codegen.factoryMode", SET)
    before = [spark.conf.get(name) for name in names]
    with interpreted(spark):
        assert [spark.conf.get(name) for name in names] == ["false", "NO_CODEGEN", "1"]
        assert spark.range(10).repartition("id").rdd.getNumPartitions() == 1
    assert [spark.conf.get(name) for name in names] == before
