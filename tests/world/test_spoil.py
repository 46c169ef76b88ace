"""Whole files go wrong: which ones is decided by their names, and what they were stays right beside them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from lakehouse.world.spoil import Spoiled, spoil_files

HEADER = "order_id,line_number,customer_id,unit_price,sales_channel,ship_city,updated_at"
ROWS = [f"O{number},1,C{number},9.99,web,Köln,2024-03-01T10:00:00Z" for number in range(10)]
GOOD = "\n".join([HEADER, *ROWS, ""]).encode()


def spoil(folder: Path, kind: str, name: str = "orders_2024-03-01.csv") -> tuple[Spoiled, bytes, bytes]:
    """What was done, the spoiled file, and what lies under the name of the good one."""
    path = folder / name
    path.write_bytes(gzip.compress(GOOD) if name.endswith(".gz") else GOOD)
    [done] = spoil_files(folder, [name], {kind: 1.0}, seed=1)
    return done, (folder / done.file).read_bytes(), path.read_bytes()


def test_columns_in_another_order_keep_their_values(tmp_path: Path) -> None:
    done, spoiled, _ = spoil(tmp_path, "changed_column_order")
    assert (
        spoiled.splitlines()[0].decode()
        == "unit_price,sales_channel,ship_city,updated_at,order_id,line_number,customer_id"
    )
    assert spoiled.splitlines()[1].decode() == "9.99,web,Köln,2024-03-01T10:00:00Z,O0,1,C0"
    assert done.outcome == "accepted"


def test_a_column_more_does_not_touch_the_others(tmp_path: Path) -> None:
    _, spoiled, _ = spoil(tmp_path, "added_column")
    lines = spoiled.decode().splitlines()
    assert lines[0] == f"{HEADER},till"
    assert [line.rpartition(",")[0] for line in lines[1:]] == ROWS


def test_marks_and_line_ends_of_another_system(tmp_path: Path) -> None:
    assert spoil(tmp_path, "byte_order_mark")[1] == b"\xef\xbb\xbf" + GOOD
    assert spoil(tmp_path, "windows_line_ends")[1] == GOOD.replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("dropped_column", "missing_column"), ("wrong_encoding", "wrong_encoding"), ("empty_file", "empty_file")],
)
def test_a_file_that_must_be_rejected_comes_before_a_good_one(tmp_path: Path, kind: str, reason: str) -> None:
    done, spoiled, good = spoil(tmp_path, kind)
    assert (done.outcome, done.reason) == ("file rejected", reason)
    assert good == GOOD != spoiled


def test_the_wrong_encoding_is_no_utf8(tmp_path: Path) -> None:
    with pytest.raises(UnicodeDecodeError):
        spoil(tmp_path, "wrong_encoding")[1].decode()


def test_a_truncated_gzip_cannot_be_read_to_its_end(tmp_path: Path) -> None:
    _, spoiled, good = spoil(tmp_path, "truncated_gzip", "orders_2024-03-01.csv.gz")
    with pytest.raises((EOFError, zlib.error)):
        gzip.decompress(spoiled)
    assert gzip.decompress(good) == GOOD


def test_a_file_comes_twice_byte_by_byte(tmp_path: Path) -> None:
    done, spoiled, good = spoil(tmp_path, "delivered_twice")
    assert spoiled == good == GOOD
    assert (done.file, done.outcome) == ("orders_2024-03-01_again.csv", "duplicate")


def test_a_file_that_comes_again_changed_has_later_versions_of_some_rows(tmp_path: Path) -> None:
    done, spoiled, good = spoil(tmp_path, "delivered_again_changed")
    lines, before = spoiled.decode().splitlines(), good.decode().splitlines()
    changed = [line for line, old in zip(lines, before, strict=True) if line != old]
    assert len(changed) == 2
    assert all(",phone," in line and line > "O" for line in changed)
    assert done.outcome == "superseded"


def test_a_file_without_accents_has_no_wrong_encoding(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(f"{HEADER}\n")
    assert list(spoil_files(tmp_path, ["orders.csv"], {"wrong_encoding": 1.0}, seed=1)) == []


def test_which_files_go_wrong_depends_on_their_names_alone(tmp_path: Path) -> None:
    names = [f"orders_{day:03d}.csv" for day in range(200)]
    for name in names:
        (tmp_path / name).write_bytes(GOOD)
    together = {one.file for one in spoil_files(tmp_path, names, {"byte_order_mark": 0.1}, seed=1)}
    assert len(together) == pytest.approx(20, abs=14)
    for name in names:
        (tmp_path / name).write_bytes(GOOD)
    apart = {one.file for name in reversed(names) for one in spoil_files(tmp_path, [name], {"byte_order_mark": 0.1}, 1)}
    assert apart == together
