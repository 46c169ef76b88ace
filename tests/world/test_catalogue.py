"""Products: a long tail, lives, price changes and companions that can be found."""

from __future__ import annotations

import re

import numpy as np
import pytest

from lakehouse.world.catalogue import SLOTS, Catalogue, make_catalogue
from lakehouse.world.chance import Chance
from lakehouse.world.mix import ALWAYS
from lakehouse.world.profile import load_profile

SEED = load_profile("seed")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return make_catalogue(SEED, Chance(SEED.seed))


def test_no_product_is_in_two_pairs(catalogue: Catalogue) -> None:
    paired = np.concatenate([catalogue.sold.leads, catalogue.sold.companions])
    assert len(paired) == 2 * SEED.affinity_pairs == len(set(paired.tolist()))


def test_companions_are_among_the_most_sold_and_sold_on_every_day(catalogue: Catalogue) -> None:
    sold = catalogue.sold
    paired = np.concatenate([sold.leads, sold.companions])
    least = np.sort(sold.popularity)[-SEED.affinity_among]
    assert (sold.popularity[paired] >= least).all()
    assert (sold.launched[paired] < 0).all()
    assert (sold.ended[paired] == ALWAYS).all()


def test_every_companion_is_likely_enough_to_be_found(catalogue: Catalogue) -> None:
    assert (catalogue.sold.companion_chance >= 0.20).all()


def test_prices_have_psychological_endings(catalogue: Catalogue) -> None:
    shown = [f"{price:.2f}" for price in catalogue.prices.ravel()]
    assert [price for price in shown if not re.fullmatch(r"\d+(\.99|4\.95|9\.95|9\.00)", price)] == []


def test_nothing_is_sold_below_cost(catalogue: Catalogue) -> None:
    assert (catalogue.costs < catalogue.prices).all()


def test_a_few_products_make_much_of_the_sales(catalogue: Catalogue) -> None:
    assert catalogue.mix.sum() == pytest.approx(1)
    by_rank = np.sort(catalogue.mix)[::-1]
    assert by_rank[:200].sum() > 0.45
    assert (by_rank[-500:].sum()) > 0.10


def test_each_product_can_be_drawn(catalogue: Catalogue) -> None:
    assert len(catalogue.slots) == SLOTS
    assert len(set(catalogue.slots.tolist())) == catalogue.size == SEED.products


def test_another_seed_makes_another_catalogue(catalogue: Catalogue) -> None:
    assert (make_catalogue(SEED, Chance(43)).prices != catalogue.prices).any()
