"""Has bronze hold again what it lost, from the files of the landing folder, and publishes that it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lakehouse.bronze.again import Again, load_again, noted
from lakehouse.lake import Lake
from lakehouse.pipeline.either_engine import by_either_engine
from lakehouse.pipeline.open import open_lake
from lakehouse.pipeline.publication import republish
from lakehouse.pipeline.run import utc_now
from lakehouse.published import publications
from lakehouse.published.verify import verify
from lakehouse.settings import ConfigurationError, Settings, source_names
from lakehouse.sources.load import load_source

ALL = "all"
"""Instead of files: all that lost rows."""


@dataclass
class Mended:
    """What became of the files that were to be loaded again; files are named as SOURCE/PATH."""

    loaded: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    not_loaded: dict[str, str] = field(default_factory=dict)
    """File whose rows are lost still -> why."""
    publication: int | None = None
    """The one that says so; None where none was needed, or something is lost still."""

    def add(self, source: str, found: Again) -> None:
        self.loaded += [f"{source}/{path}" for path in found.loaded]
        self.whole += [f"{source}/{path}" for path in found.whole]
        self.not_loaded |= {f"{source}/{path}": why for path, why in found.not_loaded.items()}


@by_either_engine
def ingest_again(settings: Settings, files: Sequence[str]) -> Mended:
    """Loads the named files again, or `all` that lost rows. Raises ConfigurationError for one that was never loaded."""
    wanted = _wanted(settings, files)
    mended = Mended()
    with open_lake(settings) as (lake, events):
        for name, paths in wanted.items():
            with events.stage("ingest", f"{name}: again"):
                found = load_again(lake, load_source(name), settings.landing, paths, settings.archives)
            mended.add(name, found)
            if not found.not_loaded:
                mended.publication = _published(lake, found.tables) or mended.publication
    return mended


def _wanted(settings: Settings, files: Sequence[str]) -> Mapping[str, frozenset[str] | None]:
    """Source -> paths below its landing folder; None for all of them."""
    names = source_names()
    if list(files) == [ALL]:
        return {name: None for name in names if noted(settings.lake, name)}
    wanted: dict[str, set[str]] = {}
    for file in files:
        source, _, path = file.removeprefix(f"{settings.landing}/").partition("/")
        known = {one.path for one in noted(settings.lake, source)} if source in names else set()
        if path not in known:
            raise ConfigurationError(
                f"no file {file!r} was loaded that had rows: name it as SOURCE/PATH below {settings.landing}, as"
                f" ops.ingested_files does, or say {ALL!r}"
            )
        wanted.setdefault(source, set()).add(path)
    return {name: frozenset(paths) for name, paths in wanted.items()}


def _published(lake: Lake, tables: Sequence[str]) -> int | None:
    """Publishes anew where the newest publication notes some of these tables as they are not any more."""
    found = publications(lake.root)
    if not found:
        return None
    names = [one.table for one in verify(lake.root, found[-1], deep=True).damaged if one.table in tables]
    return republish(lake, names, now=utc_now()) if names else None
