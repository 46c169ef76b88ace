"""A shop is the same however it is computed, and whether it is made at once or day by day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.world import world as worlds
from lakehouse.world.generate import truth_folder
from lakehouse.world.orders import with_first_order, with_hidden_life
from lakehouse.world.profile import Profile
from lakehouse.world.world import World
from tests.world.conftest import MadeShop, Make


def rows(table: DataFrame) -> Counter[str]:
    return Counter(map(str, table.collect()))


def tables_of_truth(shop: MadeShop) -> list[str]:
    return sorted(path.name for path in truth_folder(shop.landing).glob("true_*"))


def assert_same(shop: MadeShop, other: MadeShop) -> None:
    files, others = shop.bytes_of_files(), other.bytes_of_files()
    assert files.keys() == others.keys()
    assert [path for path, content in files.items() if others[path] != content] == []
    assert tables_of_truth(shop) == tables_of_truth(other)
    for table in tables_of_truth(shop):
        assert rows(shop.truth(table)) == rows(other.truth(table)), table
    # Which piece a defect was noted with is no part of it.
    assert rows(shop.planted().drop("from", "of")) == rows(other.planted().drop("from", "of"))


@pytest.mark.parametrize("partitions", [8, pytest.param(31, marks=pytest.mark.long)])
def test_the_same_seed_makes_the_same_bytes_at_any_number_of_partitions(
    spark: SparkSession, make: Make, smallest: Profile, shop: MadeShop, partitions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = spark.conf.get("spark.sql.shuffle.partitions")
    assert before is not None
    monkeypatch.setattr(worlds, "_CUSTOMERS_PER_TASK", smallest.customers // partitions)
    spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
    try:
        assert_same(shop, make(smallest))
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", before)


@pytest.mark.long
def test_a_shop_made_in_pieces_is_the_shop_made_at_once(make: Make, smallest: Profile, shop: MadeShop) -> None:
    landing, start = None, smallest.start
    # Within the days that come in bulk, and within a week and a month.
    for days in (3, 20, 40):
        made = make(smallest, landing=landing, from_=start, until=smallest.start + timedelta(days=days))
        landing, start = made.landing, smallest.start + timedelta(days=days)
    assert_same(shop, made)


def test_another_seed_makes_other_customers(spark: SparkSession, smallest: Profile) -> None:
    def lives(seed: int) -> Counter[str]:
        world = World(smallest, seed, 1.0, smallest.end)
        return rows(with_hidden_life(with_first_order(world.everyone(spark), world), world))

    assert not lives(1) & lives(2)
