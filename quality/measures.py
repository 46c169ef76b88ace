"""Measures of staged tables that need a shuffle or a second table: unique keys, references, histories, equal sums.

Each is one query that counts what is broken; a second one looks for examples only where something is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import starmap

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.frames import nothing_null
from lakehouse.publication import PUBLISHED_TABLES
from lakehouse.tables.gold import FACT_RETURNS, FACT_SALES
from lakehouse.tables.model import Reference, Table
from quality.staged import Staged
from quality.verdicts import NOTHING_BROKEN, Measured

EXAMPLES = 5
MASK = "***"
TABLES = {one.name: one for one in PUBLISHED_TABLES}


def key_texts(table: Table, rows: DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """The first few rows as text, without values that identify a person."""
    # Cast, since Python has no date as early as the first instant of a history.
    shown = rows.select(*(F.col(name).cast("string").alias(name) for name in names)).limit(EXAMPLES).collect()
    personal = set(table.personal_columns)
    return tuple(", ".join(MASK if name in personal else str(row[name]) for name in names) for row in shown)


def rows_there(rows: DataFrame) -> Measured:
    """How many rows there are. Of a whole table Delta knows it without reading."""
    count = rows.count()
    return Measured(count, f"{count:,} rows")


def unique_key(table: Table, rows: DataFrame) -> Measured:
    """Keys that two rows have. (Keys hold the month of their fact: a line has one month.)"""
    repeated = rows.groupBy(*table.key).count().where("count > 1")
    examples = key_texts(table, repeated, table.key)
    if not examples:
        return NOTHING_BROKEN
    broken = repeated.count()
    return Measured(broken, f"{broken:,} keys twice", examples)


def references(staged: Staged, table: Table) -> dict[Reference, Measured]:
    """For each reference, the values that refer to nothing. One pass over the rows for all of them."""
    named = staged.rows(table).select(F.explode(F.array(*starmap(_named, enumerate(_sides(table))))).alias("_"))
    there = reduce(
        DataFrame.unionByName,
        (
            staged.whole(TABLES[reference.to]).select(_named(place, reference.to_columns).alias("_")).distinct()
            for place, reference in enumerate(table.references)
        ),
    )
    named = named.where("_.value IS NOT NULL").distinct()
    orphans = named.join(there.withColumnRenamed("_", "_there"), F.col("_") == F.col("_there"), "leftanti")
    value = F.col("_.value")
    found = orphans.groupBy("_.place").agg(F.count("*").alias("n"), F.min(value).alias("a"), F.max(value).alias("z"))
    broken = {
        row["place"]: Measured(row["n"], f"{row['n']:,} refer to nothing", tuple(sorted({row["a"], row["z"]})))
        for row in found.collect()
    }
    return {reference: broken.get(place, NOTHING_BROKEN) for place, reference in enumerate(table.references)}


def _sides(table: Table) -> Iterator[tuple[str, ...]]:
    return (reference.columns for reference in table.references)


def _named(place: int, columns: Sequence[str]) -> Column:
    """Which reference and what it names, as one text; NULL where a part is NULL, which refers to nothing."""
    parts = [F.col(name).cast("string") for name in columns]
    return F.struct(
        F.lit(place).alias("place"), F.when(nothing_null(columns), F.concat_ws(", ", *parts)).alias("value")
    )


def unbroken_history(table: Table, rows: DataFrame, member: Sequence[str]) -> Measured:
    """Versions that do not start where the one before ends, or where none may: gaps, overlaps, two current ones.

    The first version of a member starts with time itself, the last one never ends and is the only current one.
    """
    in_order = Window.partitionBy(*member).orderBy("valid_from", "valid_to")
    before, after = F.lag("valid_to").over(in_order), F.lead("valid_from").over(in_order)
    is_first, is_last = before.isNull(), after.isNull()
    starts_well = F.when(is_first, F.year("valid_from") == 1).otherwise(F.col("valid_from") == before)
    ends_well = F.when(is_last, F.year("valid_to") == 9999).otherwise(F.col("valid_to") == after)
    is_sound = starts_well & ends_well & (F.col("is_current") == is_last) & (F.col("valid_from") < F.col("valid_to"))
    broken = rows.withColumn("_is_sound", is_sound).where(~F.coalesce("_is_sound", F.lit(False)))
    names = (*member, "valid_from")
    examples = key_texts(table, broken, names)
    if not examples:
        return NOTHING_BROKEN
    count = broken.count()
    return Measured(count, f"{count:,} versions leave a gap or an overlap", examples)


def same_sums(left: DataFrame, right: DataFrame, amounts: Sequence[str], *, with_rows: bool = True) -> Measured:
    """Rows, units and money of the left rows that are not those of the right, per source and currency."""
    keys, names = ["source_system", "currency"], ["rows", *amounts]
    sides = [
        rows.select(
            *keys, F.lit(side).alias("_side"), F.lit(1).alias("rows"), *(F.coalesce(name, F.lit(0)) for name in amounts)
        ).toDF(*keys, "_side", *names)
        for side, rows in enumerate((left, right))
    ]
    sums = sides[0].unionByName(sides[1]).groupBy(*keys).pivot("_side", [0, 1])
    off = [
        f"{name} of {row['source_system']}/{row['currency']}: {there} is not {here}"
        for row in sorted(sums.agg(*(F.sum(name).alias(name) for name in names)).collect())
        for name in (names if with_rows else amounts)
        if (here := row[f"0_{name}"] or 0) != (there := row[f"1_{name}"] or 0)
    ]
    return Measured(len(off), "; ".join(off[:EXAMPLES])) if off else NOTHING_BROKEN


def returned_beyond_sold(staged: Staged) -> Measured:
    """Sold lines of which more units came back than were sold."""
    line = ("source_system", "order_id", "line_number")
    back = staged.whole(FACT_RETURNS).where("is_matched").groupBy(*line).agg(F.sum("quantity").alias("_back"))
    beyond = staged.whole(FACT_SALES).select(*line, "quantity").join(back, list(line)).where("_back > quantity")
    examples = key_texts(FACT_SALES, beyond, line)
    if not examples:
        return NOTHING_BROKEN
    count = beyond.count()
    return Measured(count, f"{count:,} lines came back more often than they were sold", examples)
