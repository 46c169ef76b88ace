"""A shop is the same however it is computed, and whether it is made at once or day by day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.world import world as worlds
from lakehouse.world.generate import truth_folder
from lakehouse.world.orders import with_first_order, with_hidden_life
from lakehouse.world.profile import Profile
from lakehouse.world.world import World
from tests.world.conftest import MadeShop, Make, maker

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def make_by_spark(classic: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Make:
    return maker(classic, tmp_path_factory)


@pytest.fixture(scope="module")
def shop_by_spark(make_by_spark: Make, smallest: Profile) -> MadeShop:
    return make_by_spark(smallest)


def rows(table: DataFrame) -> Counter[str]:
    return Counter(str([_in_order(value) for value in row]) for row in table.collect())


def _in_order(value: object) -> object:
    """A map's entries in an order that does not depend on who handed them over."""
    return sorted(value.items()) if isinstance(value, dict) else value


def tables_of_truth(shop: MadeShop) -> list[str]:
    return sorted(path.name for path in truth_folder(shop.landing).glob("true_*"))


def assert_same(shop: MadeShop, other: MadeShop, *, one_engine: bool = True) -> None:
    """Parquet of two engines is the same row by row, and all else byte by byte."""
    files, others = shop.bytes_of_files(), other.bytes_of_files()
    assert files.keys() == others.keys()
    by_rows = [] if one_engine else [path for path in files if path.endswith(".parquet")]
    assert [path for path, content in files.items() if others[path] != content and path not in by_rows] == []
    for path in by_rows:
        one, two = (pq.read_table(made.files / path) for made in (shop, other))
        # Whether a column says that it is never NULL is the writer's matter.
        assert (one.schema.names, one.schema.types) == (two.schema.names, two.schema.types), path
        assert one.to_pylist() == two.to_pylist(), path
    assert tables_of_truth(shop) == tables_of_truth(other)
    for table in tables_of_truth(shop):
        assert rows(shop.truth(table)) == rows(other.truth(table)), table
    # Which piece a defect was noted with is no part of it.
    assert rows(shop.planted()) == rows(other.planted())


def test_both_engines_make_the_same_shop(shop: MadeShop, shop_by_spark: MadeShop) -> None:
    assert_same(shop, shop_by_spark, one_engine=False)
    tables = {path.name for path in truth_folder(shop.landing).iterdir() if path.is_dir()}
    assert tables == {path.name for path in truth_folder(shop_by_spark.landing).iterdir() if path.is_dir()}
    for table in sorted(tables - {"defects"}):
        # The day that a folder is named after is a text to one of them.
        one, two = (made.truth(table).drop("from") for made in (shop, shop_by_spark))
        assert rows(one) == rows(two), table


@pytest.mark.parametrize("partitions", [8, pytest.param(31, marks=pytest.mark.long)])
def test_the_same_seed_makes_the_same_bytes_at_any_number_of_partitions(
    classic: SparkSession,
    make_by_spark: Make,
    smallest: Profile,
    shop_by_spark: MadeShop,
    partitions: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = classic.conf.get("spark.sql.shuffle.partitions")
    assert before is not None
    monkeypatch.setattr(worlds, "_CUSTOMERS_PER_TASK", smallest.customers // partitions)
    classic.conf.set("spark.sql.shuffle.partitions", str(partitions))
    try:
        assert_same(shop_by_spark, make_by_spark(smallest))
    finally:
        classic.conf.set("spark.sql.shuffle.partitions", before)


@pytest.mark.long
def test_a_shop_made_in_pieces_is_the_shop_made_at_once(make: Make, smallest: Profile, shop: MadeShop) -> None:
    landing, start = None, smallest.start
    # Within the days that come in bulk, and within a week and a month.
    for days in (3, 20, 40):
        made = make(smallest, landing=landing, from_=start, until=smallest.start + timedelta(days=days))
        landing, start = made.landing, smallest.start + timedelta(days=days)
    assert_same(shop, made)


def test_what_is_made_again_after_a_try_that_did_not_end_is_what_it_would_have_been(
    make: Make, smallest: Profile, shop: MadeShop
) -> None:
    later = {"from_": smallest.start + timedelta(days=30), "until": smallest.end}
    landing = make(smallest, until=later["from_"]).landing
    make(smallest, landing=landing, **later)
    assert_same(shop, make(smallest, landing=landing, **later))


def test_another_seed_makes_other_customers(spark: SparkSession, smallest: Profile) -> None:
    def lives(seed: int) -> Counter[str]:
        world = World(smallest, seed, 1.0, smallest.end)
        return rows(with_hidden_life(with_first_order(world.everyone(spark), world), world))

    assert not lives(1) & lives(2)
