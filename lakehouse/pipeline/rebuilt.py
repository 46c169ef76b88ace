"""A proof that a user can ask for: what a publication shows, worked out again from bronze and held against it.

The twin is made in a scratch folder, by the engine that is asked for, and goes when all is compared. Its bronze is that
of the publication: links to the data files, and the log up to the version that was noted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lakehouse.delta import duck
from lakehouse.delta.log import LOG, table_path
from lakehouse.delta.quoting import literal
from lakehouse.pipeline.either_engine import by_either_engine
from lakehouse.pipeline.open import open_run
from lakehouse.pipeline.parts import Parts
from lakehouse.pipeline.run import Run
from lakehouse.pipeline.steps import run_steps
from lakehouse.published import Publication, publications
from lakehouse.published.batches import consumed_batches, list_batches
from lakehouse.published.same_rows import Difference, difference
from lakehouse.published.verify import folder_of
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.silver.intake import BatchSelection
from lakehouse.tables.model import Table
from lakehouse.tables.ops import INGESTED_FILES, QUARANTINE_DECISIONS
from lakehouse.tables.registry import PUBLISHED

_OF_A_VERSION = re.compile(r"(\d{20})\.(json|checkpoint\..*)")


@dataclass
class Proof:
    """What was held against what."""

    publication: int
    engine: str
    rows: dict[str, int] = field(default_factory=dict)
    """Table -> rows of the publication that were compared."""
    differing: list[Difference] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Tables that one side alone has."""
    not_compared: list[str] = field(default_factory=list)
    """Tables of which models are a part: a rebuild does not train."""

    @property
    def holds(self) -> bool:
        return not (self.differing or self.missing)


@by_either_engine
def rebuilt(settings: Settings, parts: Parts, publication: Publication, scratch: Path) -> Proof:
    """Works silver and gold out again, as of the publication's day, and compares them with it row by row.

    Raises ConfigurationError where the publication was made by other code or declarations than are in force, or says
    nothing of bronze: then no rebuild could be held against it.
    """
    if not publication.notes:
        raise ConfigurationError(
            f"publication {publication.publication} was made by older code, which did not note bronze: `lakehouse run"
            " --full` makes one that can be rebuilt"
        )
    root = settings.lake.resolve()
    _lay_out(root, publication, scratch)
    selections = _batches(root, publication)
    sections = {"models": settings.models.model_copy(update={"enabled": False}), "lake": scratch}
    of_twin = settings.model_copy(update=sections | {"landing": scratch / "no_landing", "as_of": publication.as_of})
    with open_run(of_twin, parts, sorted(selections), tells_of_others=False) as run:
        _refuse_other_configuration(run, publication)
        run.gold(run.silver(selections))
        of_models = [step for step in parts.models.steps if _has(publication, step.writes)] if parts.models else []
        run_steps(of_models, run.lake, of_twin, run.events, stage="gold")
        return _compared(root, publication, run, scratch)


def _has(publication: Publication, tables: Sequence[Table]) -> bool:
    return all(table.name in publication.table_versions for table in tables)


def _lay_out(root: Path, publication: Publication, scratch: Path) -> None:
    """Bronze as it was, and what else silver asks for: which files came, and what people decided about rows."""
    for name, note in publication.notes.items():
        if name.startswith("bronze."):
            _link(folder_of(root, name), folder_of(scratch, name), note.version)
    for table in (INGESTED_FILES, QUARANTINE_DECISIONS):
        if duck.is_table(table_path(root, table)):
            _link(table_path(root, table), table_path(scratch, table), None)


def _link(table: Path, twin: Path, version: int | None) -> None:
    """A folder of links to a table's files, and to those of its log that tell of no later version."""
    (twin / LOG).mkdir(parents=True)
    for entry in os.scandir(table):
        if entry.name != LOG:
            (twin / entry.name).symlink_to(entry.path)
    for entry in os.scandir(table / LOG):
        found = _OF_A_VERSION.fullmatch(entry.name)
        if found and (version is None or int(found[1]) <= version):
            (twin / LOG / entry.name).symlink_to(entry.path)


def _batches(root: Path, publication: Publication) -> dict[str, BatchSelection]:
    """Source -> the batches behind the publication, all of which are new to the twin."""
    consumed = consumed_batches(publications(root), publication.publication)
    found: dict[str, tuple[int, ...]] = {}
    for batch in list_batches(root):
        if batch.number in consumed:
            found[batch.source] = (*found.get(batch.source, ()), batch.number)
    return {source: BatchSelection((), numbers) for source, numbers in found.items()}


def _refuse_other_configuration(run: Run, publication: Publication) -> None:
    now = run.configuration()
    moved = sorted(name for name, value in publication.configuration.items() if now.get(name, value) != value)
    if moved:
        raise ConfigurationError(
            f"publication {publication.publication} was made with another {', '.join(moved)} than is in force: a"
            " rebuild would not show the same. `lakehouse run` publishes what is in force"
        )


def _compared(root: Path, publication: Publication, run: Run, scratch: Path) -> Proof:
    proof = Proof(publication.publication, run.settings.engine)
    rebuilt_tables = {table.name for step in run.parts.steps for table in step.writes}
    with duck.connect() as connection:
        connection.execute(f"SET temp_directory = {literal(str(scratch / 'spill'))}")
        for table in PUBLISHED:
            version = publication.table_versions.get(table.name)
            is_there = run.lake.exists(table)
            if version is not None and is_there:
                published = duck.scan(connection, table_path(root, table), version)
                twin = duck.scan(connection, table_path(scratch, table), run.lake.version(table))
                proof.rows[table.name] = connection.execute(f"SELECT count(*) FROM ({published})").fetchall()[0][0]
                if found := difference(connection, table, published, twin):
                    proof.differing.append(found)
            elif version is not None and table.layer == "gold" and table.name not in rebuilt_tables:
                proof.not_compared.append(table.name)
            elif version is not None or is_there:
                proof.missing.append(table.name)
    return proof
