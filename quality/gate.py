"""The gate: what must hold of the staged tables before readers may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from itertools import starmap

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import nothing_null
from lakehouse.lake import Lake
from lakehouse.publication import PUBLISHED_TABLES
from lakehouse.tables import gold, silver
from lakehouse.tables.model import Table

EXAMPLES = 5
TABLES_AT_ONCE = 4


@dataclass(frozen=True)
class Failure:
    """One expectation that does not hold."""

    table: str
    expectation: str
    observed: str
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = f", for example {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.table}: {self.expectation}: {self.observed}{shown}"


class Refused(Exception):
    """The gate does not let this through; nothing is published. Exit code 3."""

    def __init__(self, failures: list[Failure]) -> None:
        self.failures = failures
        listed = "\n".join(f"  {failure}" for failure in failures)
        super().__init__(
            f"refused, nothing was published:\n{listed}\n"
            "Mend the file, the source or the rule and run again, or set the batch aside: "
            "`lakehouse batches list`, then `lakehouse batches hold N`"
        )


def check(lake: Lake) -> None:
    """Raises Refused with everything that does not hold. Tables that did not change since they were published pass."""
    changed = [table for table in PUBLISHED_TABLES if not lake.is_empty(table) and _has_changed(lake, table)]
    with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
        found = pool.map(lambda table: [*unique_key(lake, table), *references(lake, table)], changed)
        failures = [failure for of_table in found for failure in of_table]
    if any(table.name in (silver.ORDER_LINES.name, gold.FACT_SALES.name) for table in changed):
        failures += same_money(lake, silver.ORDER_LINES, gold.FACT_SALES, ("quantity", "gross_revenue", "net_revenue"))
    if any(table.name in (silver.RETURNS.name, gold.FACT_RETURNS.name) for table in changed):
        failures += same_money(lake, silver.RETURNS, gold.FACT_RETURNS, ("quantity", "refund_amount"))
    if failures:
        raise Refused(failures)


def _has_changed(lake: Lake, table: Table) -> bool:
    return lake.published_version(table) != lake.version(table)


def _scope(lake: Lake, table: Table) -> DataFrame:
    """The part of the table that may have changed: whole months of a table by months, else all of it."""
    rows = lake.read(table)
    if not (table.change_feed and table.partitioned_by):
        return rows
    changes = lake.changes(table)
    if changes.rows is None:
        return rows
    (month,) = table.partitioned_by
    months = [row[0] for row in changes.rows.select(month).distinct().collect()]
    return rows.where(F.col(month).isin(months)) if months else rows.limit(0)


def unique_key(lake: Lake, table: Table) -> list[Failure]:
    """No two rows of a table have one key. (Keys hold the month of their fact: a line has one month.)"""
    repeated = _scope(lake, table).groupBy(*table.key).count().where("count > 1")
    found = repeated.limit(EXAMPLES).collect()
    if not found:
        return []
    examples = tuple(", ".join(str(row[name]) for name in table.key) for row in found)
    return [Failure(table.name, f"unique key ({', '.join(table.key)})", f"{repeated.count()} keys twice", examples)]


def references(lake: Lake, table: Table) -> list[Failure]:
    """Every row refers to rows that are there. One pass over the table for all its references."""
    if not table.references:
        return []
    tables = {one.name: one for one in PUBLISHED_TABLES}
    named = _scope(lake, table).select(F.explode(F.array(*starmap(_named, enumerate(_sides(table))))).alias("_"))
    there = reduce(
        DataFrame.unionByName,
        (
            lake.read(tables[reference.to]).select(_named(place, reference.to_columns).alias("_")).distinct()
            for place, reference in enumerate(table.references)
        ),
    )
    named = named.where("_.value IS NOT NULL").distinct()
    orphans = named.join(there.withColumnRenamed("_", "_there"), F.col("_") == F.col("_there"), "leftanti")
    value = F.col("_.value")
    found = orphans.groupBy("_.place").agg(F.count("*").alias("n"), F.min(value).alias("a"), F.max(value).alias("z"))
    return [
        Failure(
            table.name,
            f"({', '.join(table.references[row['place']].columns)}) refers to {table.references[row['place']].to}",
            f"{row['n']} refer to nothing",
            tuple(sorted({row["a"], row["z"]})),
        )
        for row in found.orderBy("place").collect()
    ]


def _sides(table: Table) -> Iterator[tuple[str, ...]]:
    return (reference.columns for reference in table.references)


def _named(place: int, columns: Sequence[str]) -> Column:
    """Which reference and what it names, as one text; NULL where a part is NULL, which refers to nothing."""
    parts = [F.col(name).cast("string") for name in columns]
    return F.struct(
        F.lit(place).alias("place"), F.when(nothing_null(columns), F.concat_ws(", ", *parts)).alias("value")
    )


def same_money(lake: Lake, left: Table, right: Table, amounts: tuple[str, ...]) -> list[Failure]:
    """Rows, units and money of silver are those of gold, per source and currency, to the last decimal."""
    keys = ["source_system", "currency"]
    sums = [F.sum(F.coalesce(F.col(name), F.lit(0))).alias(name) for name in amounts]
    one, other = (
        lake.read(table).groupBy(*keys).agg(F.count("*").alias("rows"), *sums).collect() for table in (left, right)
    )
    here = {(row["source_system"], row["currency"]): row.asDict() for row in one}
    there = {(row["source_system"], row["currency"]): row.asDict() for row in other}
    return [
        Failure(
            right.name,
            f"{name} of {'/'.join(key)} equals {left.name}",
            f"{there.get(key, {}).get(name, 0)} is not {here.get(key, {}).get(name, 0)}",
        )
        for key in sorted(here.keys() | there.keys())
        for name in ("rows", *amounts)
        if here.get(key, {}).get(name, 0) != there.get(key, {}).get(name, 0)
    ]
