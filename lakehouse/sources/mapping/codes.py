"""Reasons as codes."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F


def codes(*found: Column) -> Column:
    """The texts that are not NULL, each once (array, empty where there are none).

    What functions with a lambda take (array_compact is one of these) Spark interprets, and all that it is made of too.
    """
    nothing = F.array().cast("array<string>")
    # Most rows have none, and to find that out is cheaper than to make an array and take all of it away.
    return F.when(F.coalesce(*found).isNotNull(), F.array_except(F.array(*found), F.array(F.lit(None)))).otherwise(
        nothing
    )
