"""Files of which any byte can be had, as formats need them that are no streams."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from lakehouse.bronze.files import OpenedFile
from lakehouse.bronze.opening import as_found


@contextmanager
def seekable_file(file: OpenedFile) -> Iterator[IO[bytes]]:
    """The plain bytes of a file. What is packed goes by way of a temporary file."""
    if file.is_as_it_stands:
        with as_found(file.found) as seekable:
            yield seekable
        return
    with tempfile.TemporaryFile() as unpacked:
        unpacked.writelines(file.plain)
        unpacked.seek(0)
        yield unpacked
