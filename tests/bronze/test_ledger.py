"""What is known of a source's files: judged once, each source for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lakehouse.bronze.discover import scan
from lakehouse.bronze.ledger import next_batch_id, recall
from tests.bronze.shops import AB, Shop, source_of

Land = Callable[..., Path]

SHOP = source_of(lines=AB | {"pattern": "lines*.csv"})
STALL = SHOP.model_copy(update={"name": "stall"})


def test_files_of_two_sources_may_agree_in_all_that_is_seen_of_them(shop: Shop, land: Land) -> None:
    for folder, second in (("../shop", "a,b\n3,4\n"), ("../stall", "a,b\n5,6\n")):
        land(f"{folder}/lines_1.csv", "a,b\n1,2\n")
        land(f"{folder}/lines_2.csv", second)
    assert shop.ingest(SHOP).loaded == 2
    assert shop.ingest(STALL).loaded == 2
    assert [[row.a for row in shop.bronze(source, "lines")] for source in (SHOP, STALL)] == [["1", "3"], ["1", "5"]]
    assert [shop.ingest(source).loaded for source in (SHOP, STALL)] == [0, 0]


def test_what_is_known_of_a_source_are_its_own_files(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n", modified=1)
    land("lines_2.csv", "a;b\n1;2\n", modified=2)
    shop.ingest(SHOP)
    [loaded, refused] = scan(shop.landing / "shop")
    known = recall(shop.lake, SHOP)
    assert known.has(loaded, "f1")
    assert known.has(refused, "f1")
    assert not known.has(refused, "f2")
    assert (list(known.deliveries.values()), known.newest_batch) == (["lines_1.csv"], 1)
    other = recall(shop.lake, STALL)
    assert not other.has(loaded, "f1")
    assert not other.has(refused, "f1")
    assert (other.deliveries, other.newest_batch) == ({}, 0)


def test_batches_of_all_sources_are_numbered_together(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n")
    land("../stall/lines_1.csv", "a,b\n1,2\n")
    assert shop.ingest(SHOP).batch_id == 1
    assert next_batch_id(shop.lake) == 2
    assert shop.ingest(STALL).batch_id == 2
    assert next_batch_id(shop.lake) == 3
