"""The life of the shop, table by table: customers, organic orders, lists, all orders, lines, returns.

Each table is written before the next is made of it. Spark then plans each in a moment, and what is written is also the
truth that results are held against.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.world.campaigns import touches
from lakehouse.world.lines import order_lines
from lakehouse.world.orders import (
    extra_events,
    orders,
    organic_events,
    recent_buyers,
    with_first_order,
    with_hidden_life,
)
from lakehouse.world.world import World

NO_ROWS = "no_rows"
"""Name of the file of a table without rows, where the engine writes none."""


@dataclass(frozen=True)
class Tables:
    """The tables of a life, below a folder."""

    spark: SparkSession
    folder: Path

    def write(self, name: str, rows: DataFrame) -> DataFrame:
        self.put(name, rows)
        return self.read(name)

    def put(self, name: str, rows: DataFrame) -> None:
        """Writes a table; one of no rows has a file too, which says its columns."""
        rows.write.mode("overwrite").parquet(self.path(name))
        folder = self.folder / name
        if next(folder.glob("*.parquet"), None) is None:
            folder.mkdir(parents=True, exist_ok=True)
            pq.write_table(rows.limit(0).toArrow(), folder / f"{NO_ROWS}.parquet")

    def read(self, name: str) -> DataFrame:
        return self.spark.read.parquet(self.path(name))

    def path(self, name: str) -> str:
        return str(self.folder / name)


def simulate(world: World, tables: Tables, tell: Callable[[str], None]) -> None:
    """Writes the tables customers, organic, touches, orders and order_lines."""
    tell("customers")
    everyone = with_first_order(world.everyone(tables.spark), world)
    customers = tables.write("customers", with_hidden_life(everyone, world))
    tell("orders")
    arrived = customers.where("first_day IS NOT NULL")
    organic = tables.write("organic", organic_events(arrived, world).select("customer", "event", "at"))
    events = organic.withColumn("cause", F.lit(None).cast("int"))
    masks = customers.select("customer", "signed_up").join(recent_buyers(organic, world), "customer", "left")
    masks = masks.na.fill(0, ["recent"])
    listed = tables.write("touches", touches(masks, world).select("customer", "campaign", "touch", "is_holdout"))
    reached = listed.where("NOT is_holdout").join(arrived, "customer")
    events = events.unionByName(extra_events(reached, world).select("customer", "event", "at", "cause"))
    made = tables.write("orders", orders(events.join(masks, "customer"), world))
    tell("order lines")
    tables.write("order_lines", order_lines(made, world))
