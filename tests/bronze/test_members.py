"""Files in zip archives are files like any other, and an archive that is made to do harm is refused unopened."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pyspark.sql import Row

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import FileFacts, Rejection
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.members import opened_up
from lakehouse.settings import Archives
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import AB, Shop, kind_with, parquet, source_of, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Written = dict[str, bytes | str]

CSV = b"a,b\n1,2\n"


def archive(*members: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as made:
        for name, content in members:
            made.writestr(name, content)
    return sink.getvalue()


def refusals(folder: Path, bounds: Archives | None = None) -> dict[str, FileReason | None]:
    """Path -> why the file is not opened, or why it cannot be loaded then; None where it can."""
    found = {}
    for file, refusal in opened_up(scan(folder), bounds or Archives()):
        outcome = refusal or inspect(file, kind_with(format=["csv", "jsonl", "parquet"])).outcome
        found[file.path] = outcome.reason if isinstance(outcome, Rejection) else None
    return found


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["f.zip", "f.csv"])
def test_members_of_any_format_are_read_in_their_places(land: Land, read: Read, method: int, name: str) -> None:
    members = [
        ("day/1.csv", "a,b\n1,2\n3,4\n"),
        ("2.csv.gz", gzip.compress(CSV)),
        ("3.jsonl", '{"a": "x", "b": 1.10}\n'),
        ("4.parquet", parquet(b=["y"], a=[5])),
    ]
    land(name, archive(*members, method=method))
    rows = read(format=["csv", "jsonl", "parquet"])
    assert values(rows, "_source_file", "_row_in_file", "a", "b") == [
        (f"{name}/2.csv.gz", 1, "1", "2"),
        (f"{name}/3.jsonl", 1, "x", "1.10"),
        (f"{name}/4.parquet", 1, "5", "y"),
        (f"{name}/day/1.csv", 1, "1", "2"),
        (f"{name}/day/1.csv", 2, "3", "4"),
    ]


def test_a_member_is_judged_as_a_file_of_its_own_and_a_bad_one_stops_no_other(land: Land) -> None:
    folder = land(
        "f.zip",
        archive(
            ("good.csv", CSV),
            ("empty.csv", b""),
            ("latin.csv", "a,b\nä,1\n".encode("latin-1")),
            ("inner.zip", archive(("x.csv", CSV))),
            ("page.csv", b"<html></html>"),
            ("../up.csv", b"a,b\n3,4\n"),
            ("/root.csv", b"a,b\n5,6\n"),
            ("c:\\disk.csv", b"a,b\n7,8\n"),
            ("d/../up.csv", b"a,b\n9,8\n"),
            ("other.csv", b"a,b\n9,9\n"),
        ),
    ).parent
    assert refusals(folder) == {
        "f.zip/good.csv": None,
        "f.zip/empty.csv": FileReason.EMPTY_FILE,
        "f.zip/latin.csv": FileReason.WRONG_ENCODING,
        "f.zip/inner.zip": FileReason.UNREADABLE_FORMAT,
        "f.zip/page.csv": FileReason.UNREADABLE_FORMAT,
        "f.zip/../up.csv": FileReason.UNSAFE_PATH,
        "f.zip//root.csv": FileReason.UNSAFE_PATH,
        "f.zip/c:\\disk.csv": FileReason.UNSAFE_PATH,
        "f.zip/d/../up.csv": FileReason.UNSAFE_PATH,
        "f.zip/other.csv": None,
    }


def test_what_is_hidden_in_an_archive_is_left_out_as_in_a_folder(land: Land) -> None:
    members = [(name, CSV) for name in ("__MACOSX/._a.csv", ".DS_Store", "d/_x.csv", "a.csv.part", "a.csv")]
    folder = land("f.zip", archive(*members)).parent
    assert refusals(folder) == {"f.zip/a.csv": None}


def patched(content: bytes, offset: int, value: int) -> bytes:
    """With another number in the headers of all members: in the archive's directory, and before each."""
    for mark, place in ((b"PK\x01\x02", offset + 2), (b"PK\x03\x04", offset)):
        start = content.find(mark)
        content = content[: start + place] + struct.pack("<H", value) + content[start + place + 2 :]
    return content


def test_an_encrypted_member_and_one_of_another_method_are_refused_by_name(land: Land) -> None:
    land("encrypted.zip", patched(archive(("x.csv", CSV)), 6, 1))
    land("bzip2.zip", archive(("x.csv", CSV), method=zipfile.ZIP_BZIP2))
    folder = land("deflate64.zip", patched(archive(("x.csv", CSV)), 8, 9)).parent
    assert refusals(folder) == {
        "encrypted.zip/x.csv": FileReason.LOCKED_FILE,
        "bzip2.zip/x.csv": FileReason.UNREADABLE_ARCHIVE,
        "deflate64.zip/x.csv": FileReason.UNREADABLE_ARCHIVE,
    }


def test_two_members_of_one_name_are_both_refused(land: Land) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = archive(("x.csv", CSV), ("x.csv", b"a,b\n3,4\n"), ("y.csv", CSV))
    folder = land("f.zip", content).parent
    found = [(file.path, refusal is None) for file, refusal in opened_up(scan(folder), Archives())]
    assert found == [("f.zip/x.csv", False), ("f.zip/x.csv", False), ("f.zip/y.csv", True)]


@pytest.mark.parametrize("place", [-30, 100])
def test_an_archive_that_is_cut_off_is_refused(land: Land, place: int) -> None:
    folder = land("f.zip", archive(("x.csv", CSV * 100))[:place]).parent
    assert refusals(folder) == {"f.zip": FileReason.UNREADABLE_ARCHIVE}


def test_a_member_whose_bytes_are_damaged_is_refused(land: Land) -> None:
    content = archive(("x.csv", CSV * 1000), ("y.csv", CSV), method=zipfile.ZIP_STORED)
    folder = land("f.zip", content.replace(b"1,2", b"1,3", 1)).parent
    assert refusals(folder) == {"f.zip/x.csv": FileReason.UNREADABLE_ARCHIVE, "f.zip/y.csv": None}


BOMB = archive(("x.csv", bytes(70_000_000)))


@pytest.mark.parametrize(
    ("content", "bounds", "said"),
    [
        (archive(*((f"{number}.csv", CSV) for number in range(3))), {"most_members": 2}, "most_members"),
        (archive(("x.csv", CSV * 200)), {"most_bytes": len(CSV) * 200 - 1}, "most_bytes"),
        (BOMB, {}, "most_ratio"),
    ],
    ids=["members", "bytes", "ratio"],
)
def test_an_archive_beyond_a_bound_is_refused_unopened_by_the_name_of_the_bound(
    land: Land, content: bytes, bounds: dict[str, int], said: str
) -> None:
    folder = land("f.zip", content).parent
    [(file, refusal)] = opened_up(scan(folder), Archives.model_validate(bounds))
    assert refusal is not None
    assert (file.path, refusal.reason, said in refusal.detail) == ("f.zip", FileReason.ARCHIVE_TOO_LARGE, True)


def test_an_archive_just_within_the_bounds_is_opened(land: Land) -> None:
    folder = land("f.zip", archive(*((f"{number}.csv", CSV) for number in range(2)))).parent
    bounds = Archives(most_members=2, most_bytes=2 * len(CSV))
    assert refusals(folder, bounds) == {"f.zip/0.csv": None, "f.zip/1.csv": None}
    folder = land("f.zip", BOMB).parent
    [(file, refusal)] = opened_up(scan(folder), Archives(most_ratio=2000))
    assert (file.path, refusal) == ("f.zip/x.csv", None)


def test_a_member_that_unpacks_to_more_than_it_says_is_refused(land: Land) -> None:
    content = archive(("x.csv", CSV * 1000))
    place = content.find(b"PK\x01\x02") + 24
    folder = land("f.zip", content[:place] + struct.pack("<I", 80) + content[place + 4 :]).parent
    assert refusals(folder) == {"f.zip/x.csv": FileReason.UNREADABLE_ARCHIVE}


def test_an_empty_archive_holds_no_file(land: Land) -> None:
    assert refusals(land("f.zip", archive()).parent) == {}


def test_names_in_utf_8_that_do_not_say_so_are_read(land: Land) -> None:
    content = archive(("\u00e4.csv", CSV))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = content.find(mark) + place
        content = content[:start] + b"\0\0" + content[start + 2 :]
    assert refusals(land("f.zip", content).parent) == {"f.zip/\u00e4.csv": None}


def test_a_large_member_is_never_held_as_a_whole(land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    from lakehouse.bronze import members

    folder = land("f.zip", archive(("x.csv", CSV + b"1,2\n" * 2_000_000))).parent
    [(file, _)] = opened_up(scan(folder), Archives())
    with open(file.location, "rb") as opened:
        sizes = [len(chunk) for chunk in members.chunks_of(opened, file)]
    assert (max(sizes) <= 1 << 20, sum(sizes)) == (True, file.bytes)
    assert isinstance(inspect(file, kind_with()).outcome, FileFacts)


def test_an_archive_is_taken_in_once_and_its_members_are_known_when_they_come_again(shop: Shop, land: Land) -> None:
    source = source_of(lines=AB | {"pattern": "lines*.csv"}, others=AB | {"pattern": "packed*.zip/others/*"})
    members = [("lines_1.csv", "a,b\n1,2\n"), ("others/x", "a,b\n3,4\n"), ("lines_2.csv", "x\n")]
    land("packed.zip", archive(*members), modified=1)
    report = shop.ingest(source)
    assert (report.found, report.loaded, report.rows) == (3, 2, {"lines": 1, "others": 1})
    assert [(one.path, one.reason) for one in report.rejected] == [
        ("packed.zip/lines_2.csv", FileReason.MISSING_COLUMN)
    ]
    again = shop.ingest(source)
    assert (again.found, again.loaded, again.duplicate, again.rejected, again.batch_id) == (3, 0, 0, [], None)
    land("packed_2.zip", archive(*members[:2], ("lines_3.csv", "a,b\n5,6\n"), method=zipfile.ZIP_STORED), modified=2)
    land("lines_4.csv", "a,b\n1,2\n", modified=3)
    report = shop.ingest(source)
    assert (report.loaded, report.duplicate, report.rows) == (1, 3, {"lines": 1})
    assert shop.files() == [
        ("lines_4.csv", "duplicate"),
        ("packed.zip/lines_1.csv", "loaded"),
        ("packed.zip/lines_2.csv", "rejected"),
        ("packed.zip/others/x", "loaded"),
        ("packed_2.zip/lines_1.csv", "duplicate"),
        ("packed_2.zip/lines_3.csv", "loaded"),
        ("packed_2.zip/others/x", "duplicate"),
    ]


def test_an_archive_beyond_the_bounds_is_looked_at_again_when_they_are_raised(shop: Shop, land: Land) -> None:
    from lakehouse.bronze.ingest import ingest
    from tests.bronze.shops import NOW

    source = source_of(lines=AB | {"pattern": "*.csv"})
    land("f.zip", archive(("1.csv", CSV), ("2.csv", b"a,b\n3,4\n")))
    bounds = Archives(most_members=1)
    refused = ingest(shop.lake, source, shop.landing, batch_id=1, now=NOW, archives=bounds)
    assert [(one.path, one.reason) for one in refused.rejected] == [("f.zip", FileReason.ARCHIVE_TOO_LARGE)]
    assert shop.ingest(source).loaded == 2
