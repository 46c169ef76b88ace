"""Weekly sales of one currency as arrays: products by weeks, with what they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.demand.series import MEASURES

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Level = Literal["total", "category", "product"]
LEVELS: tuple[Level, ...] = ("total", "category", "product")
ALL, OTHER = "(all)", "(other)"


@dataclass(frozen=True)
class Panel:
    """Weeks without a sale are zeros. Rows are products in order of category and key."""

    currency: str
    first: date
    """Monday of the first week."""
    categories: tuple[str, ...]
    category: Places
    """Shape (products,): place of each one's category."""
    keys: tuple[int | None, ...]
    """Durable keys; None: the small products of the category together."""
    ids: tuple[str | None, ...]
    sales: Mapping[str, Numbers]
    """Measure -> shape (products, weeks)."""

    @property
    def weeks(self) -> int:
        return int(next(iter(self.sales.values())).shape[1])

    def until(self, origin: int) -> Panel:
        """As it was known after the first `origin` weeks: products that had not been sold yet are there, all zero."""
        return replace(self, sales={name: values[:, :origin] for name, values in self.sales.items()})

    def week(self, place: int) -> date:
        """Monday of a week by its place, past or to come."""
        return self.first + timedelta(weeks=place)

    def at(self, level: Level, measure: str) -> Numbers:
        """Shape (series of the level, weeks)."""
        return summed(self.sales[measure], self.category, len(self.categories), level)

    def names(self, level: Level) -> list[str]:
        """What each series is called, unique within its level."""
        if level == "total":
            return [ALL]
        if level == "category":
            return list(self.categories)
        return [
            f"{OTHER} {self.categories[category]}" if key is None else (id_ if id_ is not None else f"key {key}")
            for key, id_, category in zip(self.keys, self.ids, self.category, strict=True)
        ]


def summed(products: Numbers, category: Places, categories: int, level: Level) -> Numbers:
    """Values of products (rows) added up to a level."""
    if level == "product":
        return products
    if level == "total":
        return np.asarray(products.sum(axis=0, keepdims=True), dtype=np.float64)
    out = np.zeros((categories, products.shape[1]))
    np.add.at(out, category, products)
    return out


def panels(frame: pd.DataFrame, *, last: date) -> Iterator[Panel]:
    """One panel for each currency, from the first week of any sale to the week of `last`.

    Takes what `series.collected` gives.
    """
    if frame.empty:
        return
    first = frame["week_start"].min()
    weeks = (pd.Timestamp(last) - first).days // 7 + 1
    for currency, rows in frame.groupby("currency", sort=True):
        rows = rows.assign(_key=rows["product_durable_key"].astype("Int64"))
        series = rows.drop_duplicates(["category", "_key"]).reset_index(drop=True)
        place = {(c, k): n for n, (c, k) in enumerate(zip(series["category"], _keys(series), strict=True))}
        row = np.array([place[pair] for pair in zip(rows["category"], _keys(rows), strict=True)])
        column = ((rows["week_start"] - first).dt.days // 7).to_numpy()
        sales = {}
        for name in MEASURES:
            sales[name] = np.zeros((len(series), weeks))
            sales[name][row, column] = rows[name].to_numpy()
        categories = tuple(sorted(series["category"].unique()))
        yield Panel(
            currency=str(currency),
            first=first.date(),
            categories=categories,
            category=np.searchsorted(categories, series["category"]).astype(np.int64),
            keys=tuple(_keys(series)),
            ids=tuple(None if pd.isna(one) else str(one) for one in series["product_id"]),
            sales=sales,
        )


def _keys(rows: pd.DataFrame) -> list[int | None]:
    return [None if pd.isna(one) else int(one) for one in rows["_key"]]
