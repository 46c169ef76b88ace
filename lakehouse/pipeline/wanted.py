"""Which sources a run works with, and which it has to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lakehouse.bronze.ledger import waiting_files
from lakehouse.published.batches import list_batches
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.sources.load import BrokenSource, load_sources, sound_sources
from lakehouse.sources.model import Source


def wanted(settings: Settings, names: Sequence[str], *, loads: bool) -> tuple[list[Source], list[BrokenSource]]:
    """The sources to work with: the named ones, else all that have a folder below the landing zone or batches in the
    lake. And those that cannot be worked with, which nobody named and which do not matter to this run.

    What was published of a source that is left out stays as it is. Raises ConfigurationError where one that was named
    is wrong, or one whose files wait in the landing zone for a run that `loads` files.
    """
    sound, broken = sound_sources()
    if names:
        return load_sources(names), broken
    root = settings.lake.resolve()
    if loads:
        _refuse_waiting(root, settings.landing, broken)
    known = {batch.source for batch in list_batches(root)}
    return [one for one in sound if one.name in known or (settings.landing / one.name).is_dir()], broken


def _refuse_waiting(root: Path, landing: Path, broken: Sequence[BrokenSource]) -> None:
    waiting = {one.name: waiting_files(root, landing, one.name) for one in broken}
    if problems := [one.problem for one in broken if waiting[one.name]]:
        files = ", ".join(f"{landing / name}: {len(paths):,}" for name, paths in waiting.items() if paths)
        advice = f"files wait there ({files}): mend it, or name the sources to run by --source"
        raise ConfigurationError("\n".join([*problems, advice]))


def left_out(one: BrokenSource) -> str:
    """What a run says of a source that it cannot work with."""
    return f"source {one.name} is left out, and what is published of it stays: {one.problem}"
