"""What the shop sells: a table of some thousand products that the driver makes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from lakehouse.settings import Section, conf_dir, read_toml
from lakehouse.world.chance import Chance, Numbers
from lakehouse.world.clock import season_by_day
from lakehouse.world.mix import ALWAYS, SAMPLES, Places, Range, expected_mix
from lakehouse.world.profile import Profile

SLOTS = 1 << 13
"""Products are drawn by slots: a product's share of them is its popularity."""
QUANTITIES = ((0.58, 0.24, 0.10, 0.05, 0.03), (0.86, 0.11, 0.03, 0.0, 0.0))
"""Probabilities of 1 to 5 units, for products below and above the median price."""


class Category(Section):
    """One category of conf/world/catalogue.toml."""

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
    """The number that is in the product's id."""
    sold: Range
    prices: Numbers
    """Shape (3, products): the price from the first day, from the first change, from the second."""
    costs: Numbers
    changes: Places
    """Shape (2, products): day of each change of the price; ALWAYS where there is none."""
    mix: Numbers
    """Share of each product in all lines of the span, as expected."""

    @property
    def size(self) -> int:
        return len(self.category)

    @cached_property
    def slots(self) -> Places:
        """Product of each slot, by ascending price."""
        return np.repeat(np.arange(self.size), _whole_shares(self.sold.popularity))

    @cached_property
    def mean_quantity(self) -> Numbers:
        return _mean_quantity(self.size)

    @cached_property
    def price_band(self) -> Places:
        """0 for products below the median price, else 1."""
        return _price_band(self.size)


def load_categories(number: int) -> tuple[Category, ...]:
    """The first categories of conf/world/catalogue.toml."""
    values, _ = read_toml(conf_dir() / "world" / "catalogue.toml")
    return tuple(TypeAdapter(list[Category]).validate_python(values["categories"])[:number])


def make_catalogue(profile: Profile, chance: Chance) -> Catalogue:
    """The catalogue of a profile; prices are such that a line is worth `spend.line_value` on average over the span."""
    draw = chance.generator("catalogue")
    categories, products = load_categories(profile.categories), profile.products
    weights = np.array([one.weight for one in categories])
    category = draw.choice(len(categories), products, p=weights / weights.sum())
    sigma = np.sqrt(np.log1p(profile.spend.price_cv**2))
    relative = np.array([one.price for one in categories])[category] * draw.lognormal(0, sigma, products)
    order = np.argsort(relative, kind="stable")
    category, relative = category[order], relative[order]
    sold = _range(draw, profile)
    changes, factors = _price_changes(draw, products, profile.days)
    days = np.linspace(0, profile.days - 1, SAMPLES)
    mix = expected_mix(sold, days, profile.spend.more_lines) * _weight(profile, days)[:, None]
    prices = _prices(relative, factors, changes, mix, days, profile.spend.line_value)
    margin = np.array([one.margin for one in categories])[category] + draw.uniform(-0.05, 0.05, products)
    costs = np.round(prices * (1 - margin), 2)
    return Catalogue(categories, category, draw.permutation(products), sold, prices, costs, changes, mix.sum(axis=0))


def _weight(profile: Profile, days: Numbers) -> Numbers:
    """How much each of some days counts among the lines of the span."""
    rates = season_by_day(profile, profile.days) * np.exp(profile.purchase.growth * np.arange(profile.days) / 365.25)
    bins = np.digitize(np.arange(profile.days), (days[1:] + days[:-1]) / 2)
    weight = np.bincount(bins, rates, len(days))
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def _range(draw: np.random.Generator, profile: Profile) -> Range:
    popularity = _popularity(draw, profile.products)
    launched, ended = _life(draw, profile, popularity)
    pairs = _companions(draw, profile, popularity, (launched < 0) & (ended >= ALWAYS))
    return Range(popularity, launched, ended, *pairs)


def _prices(
    relative: Numbers, factors: Numbers, changes: Places, mix: Numbers, days: Numbers, line_value: float
) -> Numbers:
    """Prices with psychological endings whose mean over the mix is right; endings shift it, hence the repetition."""
    quantity, base = _mean_quantity(len(relative)), line_value
    for _ in range(4):
        first = _ending(relative * base)
        second = _ending(first * factors[0])
        prices = np.stack([first, second, _ending(second * factors[1])])
        version = (days[:, None] >= changes[0]).astype(int) + (days[:, None] >= changes[1])
        value = np.sum(mix * quantity * np.take_along_axis(prices, version, axis=0))
        base *= line_value / value
    return prices


def _price_band(products: int) -> Places:
    return (np.arange(products) >= products // 2).astype(np.int64)


def _mean_quantity(products: int) -> Numbers:
    means = [sum((n + 1) * share for n, share in enumerate(shares)) for shares in QUANTITIES]
    return np.asarray(np.array(means)[_price_band(products)], dtype=np.float64)


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


def _price_changes(draw: np.random.Generator, products: int, days: int) -> tuple[Places, Numbers]:
    """Days and factors: two thirds of the prices change once within the span, a third of those a second time."""
    when = np.stack([draw.integers(days // 5, days // 2 + 1, products), draw.integers(days // 2 + 1, days, products)])
    changes_once = draw.random(products) < 0.66
    changes_twice = changes_once & (draw.random(products) < 0.33)
    changes = np.where(np.stack([changes_once, changes_twice]), when, ALWAYS)
    return changes.astype(np.int64), draw.uniform(0.94, 1.09, (2, products))


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
