"""What the shop sells: a table of some thousand products that the driver makes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, TypeAdapter

from lakehouse.settings import conf_dir, read_toml
from lakehouse.world.chance import Chance, Numbers
from lakehouse.world.profile import Profile

Places = npt.NDArray[np.int64]
SLOTS = 1 << 13
"""Products are drawn by slots: a product's share of them is its popularity."""
ALWAYS = 100_000
"""A day after all others."""
QUANTITIES = ((0.58, 0.24, 0.10, 0.05, 0.03), (0.86, 0.11, 0.03, 0.0, 0.0))
"""Probabilities of 1 to 5 units, for products below and above the median price."""


class Category(BaseModel):
    """One category of conf/world/catalogue.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    price: float
    margin: float
    returns: float
    weight: float
    brands: tuple[str, ...]
    subcategories: tuple[str, ...]
    nouns: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Products in ascending order of their first price; all arrays are parallel to that order."""

    categories: tuple[Category, ...]
    category: Places
    variant: Places
    popularity: Numbers
    """Share of the draws; sums to 1."""
    prices: Numbers
    """Shape (3, products): the price from the first day, from the first change, from the second."""
    costs: Numbers
    changes: Places
    """Shape (2, products): day of each change of the price; ALWAYS where there is none."""
    launched: Places
    ended: Places
    leads: Places
    """Products that have a companion."""
    companions: Places
    companion_chance: Numbers

    @property
    def size(self) -> int:
        return len(self.category)

    @cached_property
    def slots(self) -> Places:
        """Product of each slot, by ascending price."""
        return np.repeat(np.arange(self.size), _whole_shares(self.popularity))

    @cached_property
    def mean_quantity(self) -> Numbers:
        means = np.array([sum((n + 1) * share for n, share in enumerate(shares)) for shares in QUANTITIES])
        return means[self.price_band]

    @cached_property
    def price_band(self) -> Places:
        """0 for products below the median price, else 1."""
        return (np.arange(self.size) >= self.size // 2).astype(np.int64)

    @cached_property
    def is_lead(self) -> npt.NDArray[np.bool_]:
        return np.isin(np.arange(self.size), self.leads)

    @cached_property
    def stand_in(self) -> Places:
        """For each product the one next to it in price that is sold on every day and leads no pair."""
        steady = np.flatnonzero((self.launched < 0) & (self.ended >= ALWAYS) & ~self.is_lead)
        after = np.searchsorted(steady, np.arange(self.size)).clip(0, len(steady) - 1)
        return np.asarray(steady[after], dtype=np.int64)


def load_categories(number: int) -> tuple[Category, ...]:
    """The first categories of conf/world/catalogue.toml."""
    values, _ = read_toml(conf_dir() / "world" / "catalogue.toml")
    return tuple(TypeAdapter(list[Category]).validate_python(values["categories"])[:number])


def make_catalogue(profile: Profile, chance: Chance) -> Catalogue:
    """The catalogue of a profile; prices are such that a line is worth `spend.line_value` on average."""
    draw = chance.generator("catalogue")
    categories = load_categories(profile.categories)
    weights = np.array([one.weight for one in categories])
    category = draw.choice(len(categories), profile.products, p=weights / weights.sum())
    sigma = np.sqrt(np.log1p(profile.spend.price_cv**2))
    relative = np.array([one.price for one in categories])[category] * draw.lognormal(0, sigma, profile.products)
    order = np.argsort(relative, kind="stable")
    category, relative = category[order], relative[order]
    popularity = _popularity(draw, profile.products)
    means = np.array([sum((n + 1) * share for n, share in enumerate(shares)) for shares in QUANTITIES])
    quantity = means[(np.arange(profile.products) >= profile.products // 2).astype(int)]
    first = _ending(relative * profile.spend.line_value / np.sum(popularity * relative * quantity))
    changes, prices = _price_changes(draw, first, profile.days)
    margin = np.array([one.margin for one in categories])[category] + draw.uniform(-0.05, 0.05, profile.products)
    launched, ended = _life(draw, profile, popularity)
    leads, companions, chances = _companions(draw, profile, popularity, (launched < 0) & (ended >= ALWAYS))
    return Catalogue(
        categories,
        category,
        draw.permutation(profile.products),
        popularity,
        prices,
        np.round(prices * (1 - margin), 2),
        changes,
        launched,
        ended,
        leads,
        companions,
        chances,
    )


def _popularity(draw: np.random.Generator, products: int) -> Numbers:
    """A long tail: the weight of rank r is 1 / (r + 12)^0.95, in no relation to the price."""
    weight = 1 / (draw.permutation(products) + 12.0) ** 0.95
    whole = _whole_shares(weight / weight.sum())
    return np.asarray(whole / whole.sum(), dtype=np.float64)


def _whole_shares(shares: Numbers) -> Places:
    """Numbers of slots that add up to SLOTS, at least one for each product."""
    slots = np.maximum(1, np.rint(shares * SLOTS)).astype(np.int64)
    slots[np.argmax(slots)] += SLOTS - slots.sum()
    return slots


def _ending(price: Numbers) -> Numbers:
    """The next psychological price: 34.99, 149.95, 1,299.00."""
    cheap = np.maximum(np.floor(price), 4) + 0.99
    middle = np.maximum(np.rint(price / 5) * 5, 55) - 0.05
    dear = np.maximum(np.rint(price / 10) * 10, 510) - 1
    return np.asarray(np.where(price < 50, cheap, np.where(price < 500, middle, dear)), dtype=np.float64)


def _price_changes(draw: np.random.Generator, first: Numbers, days: int) -> tuple[Places, Numbers]:
    """Two thirds of the prices change once within the span, a third of those a second time."""
    products = len(first)
    when = np.stack([draw.integers(days // 5, days // 2 + 1, products), draw.integers(days // 2 + 1, days, products)])
    changes_once = draw.random(products) < 0.66
    changes_twice = changes_once & (draw.random(products) < 0.33)
    changes = np.where(np.stack([changes_once, changes_twice]), when, ALWAYS)
    second = _ending(first * draw.uniform(0.94, 1.09, products))
    third = _ending(second * draw.uniform(0.94, 1.09, products))
    return changes.astype(np.int64), np.stack([first, second, third])


def _life(draw: np.random.Generator, profile: Profile, popularity: Numbers) -> tuple[Places, Places]:
    """A seventh of the products come within the span and a seventh end; the most sold ones stay."""
    kind = draw.random(profile.products)
    kind[np.argsort(-popularity)[: profile.products // 20]] = 1
    comes, goes = kind < 0.14, (kind >= 0.14) & (kind < 0.28)
    launched = np.where(comes, draw.integers(20, max(21, profile.days - 60), profile.products), -1)
    ended = np.where(goes, draw.integers(60, max(61, profile.days), profile.products), ALWAYS)
    return launched.astype(np.int64), ended.astype(np.int64)


def _companions(
    draw: np.random.Generator, profile: Profile, popularity: Numbers, steady: npt.NDArray[np.bool_]
) -> tuple[Places, Places, Numbers]:
    """Pairs among the most sold products; no product is in two."""
    most_sold = np.argsort(-popularity, kind="stable")[: profile.affinity_among]
    eligible = most_sold[steady[most_sold]]
    pairs = draw.permutation(eligible)[: 2 * profile.affinity_pairs].reshape(2, -1)
    return pairs[0], pairs[1], draw.uniform(0.22, 0.45, profile.affinity_pairs)
