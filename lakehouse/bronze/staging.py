"""Copies of the files that Spark cannot read as they stand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lakehouse.bronze.files import Delivery
from lakehouse.bronze.formats.text import SPARK_ENCODINGS
from lakehouse.bronze.read import ReadableFile
from lakehouse.bronze.streams import copy_as_plain_utf8, copy_plain

_CODECS = (".gz", ".bz2", ".deflate", ".snappy", ".lz4", ".zst", ".zstd", ".passthrough")
"""Endings by which Spark takes a file as compressed, whatever its bytes."""
_PATTERN = frozenset("*?[]{}\\")
"""Letters in a path that Hadoop takes for a pattern."""


@contextmanager
def staged(deliveries: Iterable[Delivery], folder: Path) -> Iterator[list[ReadableFile]]:
    """The deliveries as Spark can read them; copies stand in `folder`, which is gone afterwards."""
    try:
        yield [_readable(delivery, folder) for delivery in deliveries]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _readable(delivery: Delivery, folder: Path) -> ReadableFile:
    found, facts = delivery.found, delivery.facts
    if not needs_copy(delivery):
        location = os.path.abspath(found.location)
        return ReadableFile(delivery, location, found.bytes, found.modified_at, facts.encoding)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder.resolve() / delivery.identity
    if facts.encoding:
        copy_as_plain_utf8(found.location, target, facts.encoding)
    else:
        copy_plain(found.location, target)
    state = target.stat()
    return ReadableFile(delivery, str(target), state.st_size, state.st_mtime_ns // 1000, facts.encoding and "utf-8")


def needs_copy(delivery: Delivery) -> bool:
    """True for encodings that Spark has not, names that tell it another compression, and names that Hadoop misreads."""
    name, facts = delivery.found.name, delivery.facts
    if ":" in name or _PATTERN.intersection(os.path.abspath(delivery.found.location)):
        return True
    seems = next((ending for ending in _CODECS if name.endswith(ending)), "")
    is_text = bool(facts.encoding)
    misleading = is_text and seems != (".gz" if facts.compressed else "")
    zipped_table = not is_text and facts.compressed
    return misleading or zipped_table or (is_text and facts.encoding not in SPARK_ENCODINGS)
