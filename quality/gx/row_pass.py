"""One pass over the rows of a table: what Great Expectations is given to judge, in place of the rows themselves.

One query counts, by the engine that suits the size of the table, and the batch is one row of these counts.
"""

from __future__ import annotations

import pandas as pd

from lakehouse.tables.model import Table
from quality.heads import Heads

TYPES = "types"
"""The column of the batch that holds the type of each column of the table, in Spark SQL."""


def rows_without(name: str) -> str:
    """The column of the batch that says how many rows have NULL in a column."""
    return f"{name} IS NULL"


def rows_against(condition: str) -> str:
    """The column of the batch that says of how many rows a condition is not true: NULL is not, as for Delta."""
    return f"NOT coalesce({condition}, false)"


def counted(heads: Heads, table: Table, conditions: list[str]) -> pd.DataFrame:
    """One row: the types, and a count for each required column and each condition.

    The counts are left out where a declared column is missing: then there is nothing to count.
    """
    types = heads.types(table)
    batch: dict[str, object] = {TYPES: types}
    if types.keys() >= set(table.column_names):
        wanted = [rows_without(column.name) for column in table.columns if not column.nullable]
        wanted += [rows_against(condition) for condition in conditions]
        counts = ", ".join(f"count(*) FILTER (WHERE {one})" for one in wanted)
        [found] = heads.ask(f"SELECT {counts} FROM {heads.part(table)} AS rows_of_it")
        batch |= dict(zip(wanted, found, strict=True))
    return pd.DataFrame([batch], dtype=object)  # else pandas makes numbers of its own of them
