"""The perfect forecaster of the generated shop: it knows what was planted, and nothing of chance.

Orders of a day are those that the shop's truth expects, by themselves and by campaigns; what is in them follows the
catalogue: popularity, launches and ends, companions, customers who lean to cheap or dear products, prices of the day,
mean quantities and discounts. What it is off by is chance alone: nobody can do better but by luck.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from lakehouse.world.catalogue import SLOTS, Catalogue
from lakehouse.world.generate import MARK
from lakehouse.world.lines import TILT_STEP, tilts
from lakehouse.world.mix import expected_mix
from lakehouse.world.profile import Profile, load_profile
from lakehouse.world.world import World
from ml.demand.measures import wape

Numbers = npt.NDArray[np.float64]
LEANINGS = 24
"""Customers are taken as so many kinds, by how much they spend."""
MEAN_DISCOUNT = 0.15
"""Of a line that has one."""
MEASURES = ("lines", "revenue")


@dataclass(frozen=True)
class Figure:
    """How far the perfect forecaster is off, at one level in one measure."""

    level: str
    measure: str
    wape: float


def expected_weeks(truth: Path) -> pd.DataFrame:
    """Completed lines and their net revenue to expect: `week_start`, `product_id`, `category`, `lines`, `revenue`.

    Takes the folder of truth that `generate` writes; weeks from Monday, the first and last may be parts of one.
    """
    made = json.loads((truth / MARK).read_text())
    profile = load_profile(made["profile"])
    with duckdb.connect() as connection:
        days = connection.sql(
            f"""SELECT "day", expected_orders + expected_campaign_orders AS orders
            FROM '{truth}/true_days/*.parquet' ORDER BY "day" """
        ).df()
    world = World(profile, made["seed"], made["scale"], profile.end)
    lines, revenue = expected_sales(world.catalogue, profile, days["orders"].to_numpy(dtype=float))
    monday = pd.to_datetime(days["day"]).dt.to_period("W-SUN").dt.start_time
    starts, week = np.unique(monday.to_numpy(), return_inverse=True)
    catalogue = world.catalogue
    sums = {}
    for name, values in zip(MEASURES, (lines, revenue), strict=True):
        sums[name] = np.zeros((len(starts), catalogue.size))
        np.add.at(sums[name], week, values)
    return pd.DataFrame(
        {
            "week_start": np.repeat(starts, catalogue.size),
            "product_id": np.tile([f"P{variant + 1:05d}" for variant in catalogue.variant], len(starts)),
            "category": np.tile([catalogue.categories[n].name for n in catalogue.category], len(starts)),
            **{name: values.ravel() for name, values in sums.items()},
        }
    )


def expected_sales(catalogue: Catalogue, profile: Profile, orders: Numbers) -> tuple[Numbers, Numbers]:
    """Lines and net revenue, each of shape (days, products), from the completed orders to expect of each day."""
    days = np.arange(len(orders), dtype=float)
    lines = orders[:, None] * np.mean(
        [_lines_an_order(catalogue, profile, days, slope) for slope in _slopes(catalogue, profile)], axis=0
    )
    version = (days[:, None] >= catalogue.changes[0]).astype(int) + (days[:, None] >= catalogue.changes[1])
    price = np.take_along_axis(catalogue.prices, version, axis=0)
    paid = 1 - profile.spend.discount_share * MEAN_DISCOUNT
    return lines, lines * price * catalogue.mean_quantity * paid


def _slopes(catalogue: Catalogue, profile: Profile) -> Numbers:
    """How much customers lean to dear products: equally many of each kind."""
    shape = profile.spend.level_cv**-2
    level = stats.gamma(shape, scale=1 / shape).ppf((np.arange(LEANINGS) + 0.5) / LEANINGS)
    table = tilts(catalogue)
    return np.asarray(np.interp(level, np.arange(len(table)) * TILT_STEP, table), dtype=np.float64)


def _lines_an_order(catalogue: Catalogue, profile: Profile, days: Numbers, slope: float) -> Numbers:
    """Lines of each product in an order of one kind of customer, shape (days, products)."""
    places = np.arange(SLOTS + 1) / SLOTS
    below = places if abs(slope) < 1e-9 else np.expm1(slope * places) / np.expm1(slope)
    drawn = np.bincount(catalogue.slots, np.diff(below), minlength=catalogue.size).astype(float)
    sold = replace(catalogue.sold, popularity=drawn)
    # Without companions and further lines the mix is that of first lines, one an order.
    first = expected_mix(replace(sold, companion_chance=np.zeros(len(sold.leads))), days, 0.0)
    companions = (first[:, sold.leads] * sold.companion_chance).sum(axis=1, keepdims=True)
    more = profile.spend.more_lines
    return np.asarray(expected_mix(sold, days, more) * (1 + more + companions), dtype=np.float64)


def figures(expected: pd.DataFrame, actual: pd.DataFrame, *, first: date, until: date) -> list[Figure]:
    """WAPE of the perfect forecaster by level and measure, over weeks from `first` to before `until`.

    Both frames: `week_start`, `product_id`, `category`, `lines`, `revenue`. What is sold of products that the truth
    does not know counts as missed.
    """
    keys = {"total": [], "category": ["category"], "product": ["category", "product_id"]}
    window = [
        frame[frame["week_start"].between(pd.Timestamp(first), pd.Timestamp(until), inclusive="left")]
        for frame in (actual, expected)
    ]
    found = []
    for level, names in keys.items():
        sums = [
            frame.fillna({"product_id": ""}).groupby(["week_start", *names])[list(MEASURES)].sum() for frame in window
        ]
        both = sums[0].join(sums[1], how="outer", rsuffix="_expected").fillna(0.0)
        for measure in MEASURES:
            found.append(Figure(level, measure, wape(both[measure].to_numpy(), both[f"{measure}_expected"].to_numpy())))
    return found
