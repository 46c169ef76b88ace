"""PySpark finds what it looks up in the JVM where it was remembered."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pyspark import SparkContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.engine.spark.jvm_lookups import LOOKED_UP, CachedClass, remember_lookups


class Counting:
    """A class of the JVM, or the JVM itself, that counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> object:
        self.asked.append(name)
        return Counting()


def test_a_member_is_looked_up_once() -> None:
    java_class = Counting()
    remembered = CachedClass(java_class)
    assert remembered.col is remembered.col
    assert java_class.asked == ["col"]


def test_a_jvm_that_remembers_already_is_left_alone() -> None:
    jvm = Counting()
    remember_lookups(jvm)
    remember_lookups(jvm)
    assert [name for name in jvm.asked if name != "java"] == list(dict.fromkeys(LOOKED_UP.values()))


def messages(work: Callable[[], object]) -> list[str]:
    """What the JVM is asked by work that was done once before; what it may forget is not counted."""
    client = SparkContext._jvm._gateway_client  # type: ignore[union-attr]
    asked: list[str] = []
    send = client.send_command

    def noted(command: str, *others: object, **more: object) -> object:
        asked.append(command)
        return send(command, *others, **more)

    work()
    client.send_command = noted
    try:
        work()
    finally:
        del client.send_command
    return [command for command in asked if not command.startswith("m\n")]


def test_pyspark_asks_by_the_names_that_are_remembered(spark: SparkSession) -> None:
    asked = messages(lambda: F.when(F.col("a") > F.lit(1), F.concat(F.col("b"), F.lit("x"))).alias("c"))
    assert asked
    assert not [command for command in asked if command.startswith("r\n")]


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 20, 21])
def test_a_list_of_any_length_goes_over_in_few_messages_and_in_order(spark: SparkSession, number: int) -> None:
    names = [f"c{place}" for place in range(number)]
    rows = spark.range(1).select(*(F.lit(place).alias(name) for place, name in enumerate(["last", *names])))
    columns = [rows[name] for name in names]
    assert rows.select(*columns).columns == names
    assert rows.select(columns).columns == names
    assert rows.select(*names, "last").columns == [*names, "last"]
    assert len(messages(lambda: rows.select(*columns))) <= 3 + (2 * -(-number // 10) if number > 10 else 0)
