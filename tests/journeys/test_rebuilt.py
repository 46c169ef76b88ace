"""`lakehouse verify --rebuild`: a rebuild from bronze gives each publication again, and a changed figure is found."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from jobs.cli.app import app
from jobs.wiring import pipeline, rebuilt
from lakehouse.delta.log import head_version
from lakehouse.delta.notes import data_files
from lakehouse.pipeline.decisions import decide_batch
from lakehouse.published import Publication, newest
from lakehouse.published.publications import chosen
from lakehouse.settings import ConfigurationError, Settings, load_settings
from lakehouse.tables.gold import DIM_DATE, FACT_SALES
from lakehouse.tables.gold.sales import DAILY_SALES
from lakehouse.tables.gold.scores import MODEL_SCORES
from tests.docs.pages import blocks
from tests.journeys.compare import AS_OF
from tests.journeys.conftest import DAYS, HEADER

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A lake of two publications. Of the three batches in bronze one is held, which the second knows nothing of."""
    folder = tmp_path_factory.mktemp("rebuilt")
    settings = load_settings(lake=folder / "lake", landing=folder / "landing", as_of=AS_OF)
    deliver(settings, "2011-01-03")
    pipeline.run(settings, ["online_retail"])
    deliver(settings, "2011-01-04")
    pipeline.ingest(settings, ["online_retail"])
    decide_batch(settings, 2, "hold", "until it is looked at")
    deliver(settings, "2011-02-05")
    pipeline.run(settings, ["online_retail"])
    return settings


def deliver(settings: Settings, day: str) -> None:
    folder = settings.landing / "online_retail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{day}.csv").write_text("\n".join([HEADER, *DAYS[day]]) + "\n")


def test_each_publication_is_what_a_rebuild_of_its_bronze_gives(settings: Settings, tmp_path: Path) -> None:
    sold = []
    for number in (1, 2):
        publication = chosen(settings.lake, number)
        folder = tmp_path / f"twin{number}"
        folder.mkdir()
        proof = rebuilt(settings, publication, folder)
        assert proof.holds, (proof.differing, proof.missing)
        assert set(proof.rows) == set(publication.table_versions)
        for name, note in publication.notes.items():
            if name.startswith("bronze."):
                assert head_version(folder / name.replace(".", "/")) == note.version
        sold.append(proof.rows[FACT_SALES.name])
    assert sold == [4, 5]


def test_a_figure_that_was_changed_is_found_by_table_and_column(settings: Settings, tmp_path: Path) -> None:
    lake, twin = tmp_path / "lake", tmp_path / "twin"
    shutil.copytree(settings.lake, lake)
    twin.mkdir()
    path = lake / "gold" / DAILY_SALES.short_name
    [file, *_] = data_files(path, newest(lake).table_versions[DAILY_SALES.name])
    changed(path / file, "gross_revenue")
    proof = rebuilt(settings.model_copy(update={"lake": lake}), with_scores_without_dates(newest(lake)), twin)
    assert [(one.table, one.columns) for one in proof.differing] == [(DAILY_SALES.name, ("gross_revenue",))]
    assert proof.differing[0].only_one == proof.differing[0].only_other > 0
    assert proof.missing == [DIM_DATE.name]
    assert proof.not_compared == [MODEL_SCORES.name]
    assert not proof.holds


def with_scores_without_dates(publication: Publication) -> Publication:
    """As if models had scored, and a table were missing that a rebuild has."""
    versions = {**publication.table_versions, MODEL_SCORES.name: 0}
    del versions[DIM_DATE.name]
    return replace(publication, table_versions=versions)


def changed(file: Path, column: str) -> None:
    """Adds one to a column of a data file."""
    rows = pq.read_table(file, partitioning=None)
    place = rows.column_names.index(column)
    more = pc.add(rows[column], pa.scalar(1).cast(pa.int32())).cast(rows.schema.field(column).type)
    pq.write_table(rows.set_column(place, rows.schema.field(column), more), file)


def test_the_commands_of_the_page_say_what_was_compared_and_leave_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no Java the first, which names no engine, is done by Sail too."""
    monkeypatch.chdir(settings.lake.parent)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = {path: path.stat().st_mtime_ns for path in settings.lake.rglob("*")}
    [page] = [one for one in blocks() if one.page == "docs/engines.md" and "--rebuild" in one.commands[0]]
    for command in page.commands:
        done = CliRunner().invoke(app, command.split()[1:])
        tables = len(newest(settings.lake).table_versions)
        assert f"rebuilt by Sail: {tables} of {tables} tables the same" in done.stdout
        assert done.exit_code == 0
    assert not list(tmp_path.glob("lakehouse-rebuilt-*"))
    assert {path: path.stat().st_mtime_ns for path in settings.lake.rglob("*")} == before


def test_a_publication_of_other_declarations_is_not_held_against_these(settings: Settings, tmp_path: Path) -> None:
    calendar = settings.calendar.model_copy(update={"fiscal_year_starts_in": 4})
    other = settings.model_copy(update={"calendar": calendar})
    with pytest.raises(ConfigurationError, match=r"another .*calendar"):
        rebuilt(other, newest(settings.lake), tmp_path)
