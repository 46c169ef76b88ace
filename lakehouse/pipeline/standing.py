"""What a run leaves that fails after it has published: the publication, which an error must not hide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lakehouse.published import publications


@contextmanager
def telling_what_stands(lake: Path, run_id: str) -> Iterator[None]:
    """Has an error say that the run's publication stands, where one was written before."""
    try:
        yield
    except Exception as error:
        for number in _published_by(lake, run_id):
            error.add_note(f"publication {number} was written before that, and stands: readers see it")
        raise


def _published_by(lake: Path, run_id: str) -> list[int]:
    try:
        return [one.publication for one in publications(lake) if one.run_id == run_id]
    except Exception:  # the lake may be gone or damaged: the error that is on its way tells of that
        return []
