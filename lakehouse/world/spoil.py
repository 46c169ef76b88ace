"""What goes wrong with whole files: each kind as a function from the bytes of a good file to those of a bad one.

Which files is decided by the hash of their names, so it does not matter when and where they are made.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lakehouse.tables.reasons import FileReason, Outcome

Records = list[list[str]]


@dataclass(frozen=True)
class FileDefect:
    """A kind of defect of whole files."""

    kind: str
    spoil: Callable[[bytes], bytes | None]
    """Text of a good file -> bytes of the bad one; None where this file cannot have the defect."""
    outcome: str
    reason: str = ""
    name_ends: str = ""
    """The bad file comes under another name beside the good one; empty: in its place."""
    compressed: bool | None = None
    """Only files with gzip (True) or without (False)."""


@dataclass(frozen=True)
class Spoiled:
    """What was done to one file."""

    file: str
    kind: str
    outcome: str
    reason: str


def _records(text: bytes) -> Records:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


def _text(records: Records) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(records)
    return out.getvalue().encode()


def _reordered(text: bytes) -> bytes:
    return _text([record[3:] + record[:3] for record in _records(text)])


def _with_column(text: bytes) -> bytes:
    header, *records = _records(text)
    return _text([[*header, "till"], *([*record, f"T{place % 7}"] for place, record in enumerate(records))])


def _without_price(text: bytes) -> bytes:
    records = _records(text)
    place = records[0].index("unit_price")
    return _text([record[:place] + record[place + 1 :] for record in records])


def _latin(text: bytes) -> bytes | None:
    try:
        spoiled = text.decode().encode("latin-1")
    except UnicodeEncodeError:
        return None
    return None if spoiled == text else spoiled


def _changed(text: bytes) -> bytes:
    """The file again, in which every seventh row was ordered by phone and says so an hour later."""
    header, *records = _records(text)
    channel, stamp = header.index("sales_channel"), header.index("updated_at")
    for record in records[::7]:
        record[channel], record[stamp] = "phone", record[stamp].replace("Z", "+00:00")
        record[stamp] = record[stamp][:11] + "23:59:59" + record[stamp][19:]
    return _text([header, *records])


FILE_DEFECTS = (
    FileDefect("changed_column_order", _reordered, Outcome.ACCEPTED),
    FileDefect("added_column", _with_column, Outcome.ACCEPTED),
    FileDefect("byte_order_mark", lambda text: b"\xef\xbb\xbf" + text, Outcome.ACCEPTED),
    FileDefect("windows_line_ends", lambda text: text.replace(b"\n", b"\r\n"), Outcome.ACCEPTED),
    FileDefect("dropped_column", _without_price, "file rejected", FileReason.MISSING_COLUMN, "_first_try"),
    FileDefect("wrong_encoding", _latin, "file rejected", FileReason.WRONG_ENCODING, "_first_try"),
    FileDefect(
        "truncated_gzip", lambda text: text, "file rejected", FileReason.TRUNCATED_GZIP, "_first_try", compressed=True
    ),
    FileDefect("empty_file", lambda _: b"", "file rejected", FileReason.EMPTY_FILE, "_first_try", compressed=False),
    FileDefect("delivered_twice", lambda text: text, "duplicate", "", "_again"),
    FileDefect("delivered_again_changed", _changed, Outcome.SUPERSEDED, "", "_changed"),
)


def spoil_files(landing: Path, files: list[str], rates: Mapping[str, float], seed: int) -> Iterator[Spoiled]:
    """Spoils some of the files (paths below the landing folder). Each file has one defect at most."""
    if unknown := set(rates) - {one.kind for one in FILE_DEFECTS}:
        raise ValueError(f"defects.files: no such kind: {', '.join(sorted(unknown))}")
    for name in sorted(files):
        defect = _chosen(name, rates, seed)
        if defect and defect.compressed in (None, name.endswith(".gz")):
            yield from _spoiled(landing, name, defect)


def _chosen(name: str, rates: Mapping[str, float], seed: int) -> FileDefect | None:
    digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    draw, bound = int.from_bytes(digest[:6], "big") / 2**48, 0.0
    for one in FILE_DEFECTS:
        bound += rates.get(one.kind, 0)
        if draw < bound:
            return one
    return None


def _spoiled(landing: Path, name: str, defect: FileDefect) -> Iterator[Spoiled]:
    path, compressed = landing / name, name.endswith(".gz")
    sent = path.read_bytes()
    spoiled = defect.spoil(gzip.decompress(sent) if compressed else sent)
    if spoiled is None:
        return
    stem, dot, ending = path.name.partition(".")
    target = path.with_name(f"{stem}{defect.name_ends}{dot}{ending}")
    data = gzip.compress(spoiled, mtime=0) if compressed else spoiled
    if defect.kind == "truncated_gzip":
        data = data[: len(data) * 2 // 3]
    if defect.kind == "delivered_twice":
        data = sent
    target.write_bytes(data)
    yield Spoiled(str(target.relative_to(landing)), defect.kind, str(defect.outcome), str(defect.reason))
