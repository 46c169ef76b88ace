"""Forecasts of levels made to add up.

Where the forecasts of one level are kept (its anchor), those above are their sums and those below shares of them, in
the proportions of their own forecasts; MinTrace weighs all levels (Wickramasuriya, Athanasopoulos & Hyndman 2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from ml.demand.panel import LEVELS, Level, Numbers, Panel, Places, summed

Way = Literal["total", "category", "product", "min_trace"]
"""The level whose forecasts are kept, or MinTrace."""
WAYS: tuple[Way, ...] = ("total", "category", "product", "min_trace")
DECIMALS = 4
"""Products are rounded so, and sums are taken after that: levels add up to the last decimal."""


def reconciled(base: Mapping[Level, Numbers], panel: Panel, way: Way) -> dict[Level, Numbers]:
    """Level -> shape (series, horizon); never below 0; products rounded, the other levels their sums."""
    products = _min_trace(base, panel) if way == "min_trace" else _anchored(base, panel, way)
    rounded = np.asarray(np.round(np.maximum(products, 0), DECIMALS), dtype=np.float64)
    return {
        level: np.round(summed(rounded, panel.category, len(panel.categories), level), DECIMALS) for level in LEVELS
    }


def _anchored(base: Mapping[Level, Numbers], panel: Panel, anchor: Level) -> Numbers:
    if anchor == "product":
        return base["product"]
    categories = base["category"]
    if anchor == "total":
        categories = _split(base["total"], np.zeros(len(categories), dtype=np.int64), categories)
    return _split(categories, panel.category, base["product"])


def _split(wholes: Numbers, category: Places, parts: Numbers) -> Numbers:
    """Wholes in the proportions of their parts; evenly where all parts are 0."""
    together = np.zeros_like(wholes)
    np.add.at(together, category, parts)
    number = np.bincount(category, minlength=len(wholes))[:, None]
    even = np.divide(wholes, np.maximum(number, 1))
    factor = np.divide(wholes, together, out=np.zeros_like(wholes), where=together > 0)
    return np.asarray(np.where((together > 0)[category], parts * factor[category], even[category]))


def _min_trace(base: Mapping[Level, Numbers], panel: Panel) -> Numbers:
    from hierarchicalforecast.methods import MinTraceSparse
    from scipy import sparse

    products = len(panel.category)
    of_category = sparse.csr_matrix(
        (np.ones(products), (panel.category, np.arange(products))), shape=(len(panel.categories), products)
    )
    sums = sparse.vstack([sparse.csr_matrix(np.ones((1, products))), of_category, sparse.eye(products)]).tocsr()
    stacked = np.vstack([base[level] for level in LEVELS])
    method = MinTraceSparse(method="wls_struct", nonnegative=True)
    return np.asarray(method.fit_predict(S=sums, y_hat=stacked)["mean"][-products:], dtype=np.float64)
