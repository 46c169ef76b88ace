"""Files within zip archives, as a draft looks at them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from lakehouse.sources.drafting.not_text import is_zip
from lakehouse.sources.drafting.sniff import LOOKED_AT_BYTES, Sample, Sheet, Unread, sniff

MEMBERS = 100
"""Of one archive that are looked into."""


def looked_at(path: Path, sheet: Sheet | None = None) -> Iterator[Sample | Unread]:
    """What a file looks like, or each member of an archive: such a one is called `archive.zip/member.csv`."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if not is_zip(path, start):
        yield sniff(path, sheet)
        return
    with zipfile.ZipFile(path) as archive, TemporaryDirectory(prefix="lakehouse-draft-") as folder:
        members = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
        for number, member in enumerate(members[:MEMBERS]):
            name = path / member.filename
            local = Path(folder) / str(number) / name.name
            local.parent.mkdir()
            try:
                with archive.open(member) as stream:
                    local.write_bytes(stream.read(LOOKED_AT_BYTES))
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
                yield Unread(name, f"cannot be unpacked: {error}")
                continue
            yield replace(sniff(local, sheet), path=name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "_")) for part in name.split("/"))
