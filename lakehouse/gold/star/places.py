"""Where an order goes: to the place that it names, else to where its customer lived when it was placed."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.star.keys import PLACE
from lakehouse.gold.star.versions import with_version

SHIPPED_TO = tuple(f"ship_{name}" for name in PLACE)
LIVED_IN = {name: f"_lived_{name}" for name in PLACE}


def says_where() -> Column:
    """True where the order says anything of where it goes; what it leaves out is then unknown."""
    return F.coalesce(*SHIPPED_TO, "ship_postal_code").isNotNull()


def place_of_sale() -> list[Column]:
    """The parts of the place of a line that was bound to its customer's version, taken as in LIVED_IN."""
    pairs = zip(SHIPPED_TO, LIVED_IN.values(), strict=True)
    return [F.when(says_where(), F.col(to)).otherwise(F.col(lived)) for to, lived in pairs]


def places_of_sales(lines: DataFrame, customers: DataFrame) -> DataFrame:
    """The distinct places of the lines."""
    needed = lines.select("source_system", "customer_id", "ordered_at", *SHIPPED_TO, "ship_postal_code")
    bound = with_version(needed, customers, "customer_id", at=F.col("ordered_at"), take=LIVED_IN)
    return bound.select(*(part.alias(name) for name, part in zip(PLACE, place_of_sale(), strict=True))).distinct()
