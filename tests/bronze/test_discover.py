from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.bronze.discover import kind_of, name_values, scan
from lakehouse.bronze.files import RefusedError, delivery_identity
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import AB, kind_with, source_of

Land = Callable[..., Path]


def test_files_are_found_at_any_depth_in_order(land: Land, tmp_path: Path) -> None:
    for path in ("b.csv", "2024/01/a.csv", "2024/c.csv"):
        land(path, "x")
    assert [file.path for file in scan(tmp_path / "landing/shop")] == ["2024/01/a.csv", "2024/c.csv", "b.csv"]


@pytest.mark.parametrize(
    "path", [".hidden", "_SUCCESS", "a.csv.tmp", "a.csv.PART", "a.crdownload", "_temporary/a.csv", ".git/a"]
)
def test_what_is_hidden_or_unfinished_is_left_out(land: Land, tmp_path: Path, path: str) -> None:
    land(path, "x")
    assert list(scan(tmp_path / "landing/shop")) == []


def test_no_folder_is_no_files(tmp_path: Path) -> None:
    assert list(scan(tmp_path / "nowhere")) == []


def test_links_are_followed_but_not_in_circles(land: Land, tmp_path: Path) -> None:
    land("day/a.csv", "x")
    os.symlink(tmp_path / "landing/shop", tmp_path / "landing/shop/day/again")
    os.symlink(tmp_path / "nowhere", tmp_path / "landing/shop/broken.csv")
    assert [file.path for file in scan(tmp_path / "landing/shop")] == ["day/a.csv"]


def test_the_time_of_a_file_is_known_to_the_microsecond(land: Land, tmp_path: Path) -> None:
    os.utime(land("a.csv", "x"), ns=(0, 1_700_000_000_123_456_789))
    [file] = scan(tmp_path / "landing/shop")
    assert file.modified_at == 1_700_000_000_123_456


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("orders*.csv", "orders_1.csv"),
        ("orders*.csv", "deep/er/orders_1.csv"),
        ("orders*.csv", "orders_1.csv.gz"),
        ("orders*.csv", "orders_1.csv.GZ"),
        ("orders*.csv.gz", "orders_1.csv.gz"),
        ("orders/*.csv", "orders/1.csv"),
        ("orders/*.csv", "orders/1.csv.gz"),
    ],
)
def test_a_pattern_takes_names_or_paths_with_gz_or_without(pattern: str, path: str) -> None:
    assert kind_of(path, source_of(lines=AB | {"pattern": pattern})) == "lines"


@pytest.mark.parametrize(
    ("pattern", "path"), [("orders*.csv", "old_orders.csv"), ("orders/*.csv", "1.csv"), ("*.csv", "a.txt")]
)
def test_a_file_that_no_pattern_takes_is_unknown(pattern: str, path: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        kind_of(path, source_of(lines=AB | {"pattern": pattern}))
    assert refusal.value.rejection.reason == FileReason.UNKNOWN_FILE


def test_a_file_that_two_kinds_take_is_ambiguous() -> None:
    with pytest.raises(RefusedError) as refusal:
        kind_of("orders_1.csv", source_of(lines=AB | {"pattern": "orders*"}, heads=AB | {"pattern": "*_1.csv"}))
    assert refusal.value.rejection.reason == FileReason.AMBIGUOUS_FILE
    assert "lines and for heads" in refusal.value.rejection.detail
    assert '[files.heads] say no more than same_as = "lines"' in refusal.value.rejection.detail


def test_named_groups_are_read_from_the_name_and_not_from_the_folder() -> None:
    kind = kind_with(from_name=r"_(?P<day>\d{8})(_(?P<part>\d))?\.")
    assert name_values("x_19990101.d/orders_20240131.csv", kind) == {"day": "20240131"}


def test_a_name_that_does_not_say_what_the_source_reads_from_it_is_refused() -> None:
    with pytest.raises(RefusedError) as refusal:
        name_values("orders.csv", kind_with(from_name=r"_(?P<day>\d{8})"))
    assert refusal.value.rejection.reason == FileReason.UNREADABLE_NAME


def test_a_delivery_is_its_source_its_bytes_and_what_its_name_says() -> None:
    first = delivery_identity("shop", "ab", {"day": "1", "part": "2"})
    assert first == delivery_identity("shop", "ab", {"part": "2", "day": "1"})
    others = [
        ("shop2", "ab", {"day": "1", "part": "2"}),
        ("shop", "ac", {"day": "1", "part": "2"}),
        ("shop", "ab", {"day": "1"}),
    ]
    assert len({first, *(delivery_identity(*other) for other in others)}) == 4


def test_a_name_that_is_no_text_is_refused_and_one_with_odd_blanks_is_not(land: Land, tmp_path: Path) -> None:
    land("a\u00a0b.csv", "x")
    (tmp_path / "landing/shop" / os.fsdecode(b"\xe4.csv")).write_text("x")
    source = source_of(lines=AB | {"pattern": "*.csv"})
    odd, broken = scan(tmp_path / "landing/shop")
    assert kind_of(odd.path, source) == "lines"
    assert broken.path == "\ufffd.csv"
    with pytest.raises(RefusedError) as refusal:
        kind_of(broken.path, source)
    assert refusal.value.rejection.reason == FileReason.UNREADABLE_NAME
