"""PySpark finds what it looks up in the JVM where it was remembered."""

from __future__ import annotations

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
    assert jvm.asked == list(dict.fromkeys(LOOKED_UP.values()))


def test_pyspark_asks_by_the_names_that_are_remembered(spark: SparkSession) -> None:
    jvm = SparkContext._jvm
    asked: list[str] = []
    send = jvm._gateway_client.send_command

    def noted(command: str, *others: object, **more: object) -> object:
        asked.append(command[:3])
        return send(command, *others, **more)

    def expression() -> object:
        return F.when(F.col("a") > F.lit(1), F.concat(F.col("b"), F.lit("x"))).alias("c")

    expression()
    jvm._gateway_client.send_command = noted
    try:
        expression()
    finally:
        del jvm._gateway_client.send_command
    assert asked
    assert not [command for command in asked if command.startswith("r\n")]
