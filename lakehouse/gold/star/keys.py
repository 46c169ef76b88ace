"""Keys of the star: hashes of business keys, so that every rebuild gives the same ones."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.frames import surrogate_key
from lakehouse.tables.types import FIRST_INSTANT, LAST_INSTANT

PLACE = ("country_code", "country_name", "region", "city")


def first_instant() -> Column:
    """Start of the earliest version of every member, and of the inferred one that stands in for it."""
    return F.lit(FIRST_INSTANT).cast("timestamp")


def last_instant() -> Column:
    """End of the version that is valid now."""
    return F.lit(LAST_INSTANT).cast("timestamp")


def version_key(member_id: Column, valid_from: Column) -> Column:
    """Key of one version of a customer or product. Without a known version it is that of the inferred member."""
    return surrogate_key(F.col("source_system"), member_id, F.coalesce(valid_from, first_instant()))


def member_key(member_id: Column) -> Column:
    """Key of a customer or product through all versions, or of a campaign; NULL is the unknown one, or none."""
    return surrogate_key(F.col("source_system"), member_id)


def geography_key(country_code: Column, country_name: Column, region: Column, city: Column) -> Column:
    """Key of a place; four NULLs are the unknown place."""
    return surrogate_key(country_code, country_name, region, city)


def date_key(day: Column) -> Column:
    """The day as yyyymmdd."""
    return F.year(day) * 10000 + F.month(day) * 100 + F.dayofmonth(day)
