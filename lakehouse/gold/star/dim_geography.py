"""gold.dim_geography: the places that sales use, and the unknown one."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.refresh import NET, counted, in_months, is_full, months_of, weight
from lakehouse.gold.star.keys import PLACE, geography_key
from lakehouse.gold.star.places import places_of_sales
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_GEOGRAPHY, FACT_SALES
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES

KEY = ["geography_key"]


def dim_geography(places: DataFrame) -> DataFrame:
    """Grain: one place (country_code, country_name, region, city)."""
    return places.select(geography_key(*(F.col(name) for name in PLACE)).alias("geography_key"), *PLACE)


def unknown_place(like: DataFrame) -> DataFrame:
    """The place of which nothing is known, in the session of `like`."""
    return like.sparkSession.range(1).select(*(F.lit(None).cast("string").alias(name) for name in PLACE))


def build(lake: Lake, settings: Settings) -> None:
    """Comes after the sales: a place that they use more than before may be new, one that they use less may be gone."""
    present = lake.read(DIM_GEOGRAPHY)
    if is_full(lake, DIM_GEOGRAPHY, (FACT_SALES,)):
        places = places_of_sales(lake.read(ORDER_LINES), lake.read(CUSTOMERS)).unionByName(unknown_place(present))
        lake.replace_all(DIM_GEOGRAPHY, dim_geography(places.distinct()))
    elif (changed := lake.changes(FACT_SALES).rows) is not None:
        net = changed.groupBy(*KEY).agg(F.sum(weight()).alias(NET)).where(F.col(NET) != 0)
        with counted(net) as changes:
            if changes is None:
                return
            new = changes.where(F.col(NET) > 0).join(present, KEY, "leftanti").select(*KEY)
            fewer = changes.where(F.col(NET) < 0).select(*KEY)
            fewer = fewer.join(dim_geography(unknown_place(present)), KEY, "leftanti")
            gone = fewer if fewer.isEmpty() else fewer.join(lake.read(FACT_SALES), KEY, "leftanti")
            months = months_of(changed.join(new, KEY, "leftsemi").select("order_month"))
            if months or not gone.isEmpty():
                lines = lake.read(ORDER_LINES).where(in_months("order_month", months) if months else "false")
                rows = dim_geography(places_of_sales(lines, lake.read(CUSTOMERS))).join(new, KEY, "leftsemi")
                lake.replace_keys(DIM_GEOGRAPHY, rows, new.unionByName(gone))


STEP = Step("dim_geography", (FACT_SALES, ORDER_LINES, CUSTOMERS), (DIM_GEOGRAPHY,), build)
