"""What models take of a customer: numbers as they are, attributes as one column for each frequent value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lakehouse.tables.gold.features import CUSTOMER_FEATURES

KEYS = ("source_system", "customer_durable_key", "cut_off")
ATTRIBUTES = ("acquisition_channel", "customer_segment", "country_code", "currency")
"""`currency` is that of the amounts: they compare within it."""
NUMBERS = tuple(name for name in CUSTOMER_FEATURES.column_names if name not in (*KEYS, *ATTRIBUTES))
SEASON = ("season_sin", "season_cos")
_MOST_VALUES = 10
_LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Encoding:
    """Which values of attributes have a column of their own."""

    values: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Encoding:
        """Of each attribute the values of at least a hundredth of the rows, ten at most; none where all are alike."""
        found = {}
        for name in ATTRIBUTES:
            shares = rows[name].value_counts() / max(len(rows), 1)
            frequent = shares[(shares >= _LEAST_SHARE) & (shares < 1)]
            found[name] = sorted(frequent.index[:_MOST_VALUES])
        return cls(found)

    @property
    def columns(self) -> tuple[str, ...]:
        own = (f"{name}={value}" for name, values in self.values.items() for value in values)
        return (*NUMBERS, *own)

    def inputs(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The columns, all DOUBLE, by the index of `rows`; what is not known is NaN."""
        columns: dict[str, Any] = {name: rows[name].astype("float64") for name in NUMBERS}
        for name, values in self.values.items():
            columns |= {f"{name}={value}": (rows[name] == value).astype("float64") for value in values}
        return pd.DataFrame(columns, index=rows.index)


def feature_of(column: str) -> str:
    """The feature that a column comes from."""
    return column.split("=")[0]
