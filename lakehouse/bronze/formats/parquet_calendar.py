"""Times and days that a Spark of old wrote by the calendar of before 1582, as its file says, in that of today.

Spark ships what lies between the two as a table for each time zone, which this reads: the same times come out.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from pyarrow import parquet

from lakehouse.sources.parquet.shapes import WRITTEN_BY_SPARK

OLD_CALENDAR = {
    "INT96": (b"3.1.0", b"org.apache.spark.legacyINT96"),
    "INT64": (b"3.0.0", b"org.apache.spark.legacyDateTime"),
    "INT32": (b"3.0.0", b"org.apache.spark.legacyDateTime"),
}
"""Physical type -> the Spark before which old times are of another calendar, and what a later one says if they are."""
ZONE = b"org.apache.spark.timeZone"
_TABLE = "julian-gregorian-rebase-micros.json"
_MICROS = 1_000_000
_DAY = 86_400
# Where the distance between the calendars changes, in days since 1970, and what is to be added from there on.
_DAYS = (-719164, -682945, -646420, -609895, -536845, -500320, -463795, -390745, -354220, -317695, -244645, -208120)
_SWITCHES = np.array([*_DAYS, -171595, -141427])
_DIFFERENCES = np.array([2, 1, 0, -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, 0])

Counts = np.ndarray


@dataclass(frozen=True)
class Rebase:
    """What turns counts since 1970 of a column into those that were meant."""

    micros: Callable[[Counts], Counts] | None = None
    """Of instants, in microseconds."""
    days: Callable[[Counts], Counts] | None = None


def rebase_of(file: parquet.ParquetFile, place: int) -> Rebase:
    """That of the column at a place among the columns of the file, by what Spark says of its file."""
    footer = file.metadata.metadata or {}
    name = file.schema_arrow.names[place]
    leaves = [one for one in map(file.schema.column, range(len(file.schema))) if one.path.split(".")[0] == name]
    if not any(is_of_old(footer, leaf.physical_type) for leaf in leaves):
        return Rebase()
    zone = footer.get(ZONE, b"UTC").decode()
    return Rebase(lambda counts: _micros(counts, zone), _days_of_today)


def is_of_old(footer: Mapping[bytes, bytes], physical_type: str) -> bool:
    """Whether a column of that type is of the calendar of old where it is of times or days."""
    version = footer.get(WRITTEN_BY_SPARK, b"")
    if not version or physical_type not in OLD_CALENDAR:
        return False
    first, flag = OLD_CALENDAR[physical_type]
    return version < first or flag in footer


def _micros(counts: Counts, zone: str) -> Counts:
    switches, differences = _of_zone(zone)
    days = counts // _MICROS // _DAY
    before_all = counts + (_days_of_today(days) - days) * _DAY * _MICROS
    place = np.searchsorted(switches, counts // _MICROS, side="right") - 1
    found: Counts = np.where(place < 0, before_all, counts + differences[place] * _MICROS)
    return found


def _days_of_today(days: Counts) -> Counts:
    place = np.searchsorted(_SWITCHES, days, side="right") - 1
    return np.where(place < 0, days + 2, days + _DIFFERENCES[place])


@lru_cache(8)
def _of_zone(zone: str) -> tuple[Counts, Counts]:
    """Since when, in seconds since 1970, and how many seconds lie between the calendars. KeyError for no such zone."""
    spark = find_spec("pyspark")
    assert spark is not None, "pyspark is what the lake is built with"
    assert spark.origin is not None, "and it is a folder"
    [jar] = Path(spark.origin).parent.glob("jars/spark-sql-api_*.jar")
    with zipfile.ZipFile(jar) as archive:
        zones = {one["tz"]: one for one in json.loads(archive.read(_TABLE))}
    return np.array(zones[zone]["switches"]), np.array(zones[zone]["diffs"])
