"""`lakehouse ingest --again`: bronze is filled again, and a publication says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner, Result

from jobs.cli import app
from lakehouse.bronze.ingest import ingest
from lakehouse.delta.damage import Damaged
from lakehouse.lake import Lake
from lakehouse.lake.intact import refuse_damaged
from lakehouse.pipeline.publication import publish
from lakehouse.published import publications
from lakehouse.published.batches import consumed_batches
from lakehouse.published.verify import verify
from lakehouse.sources.load import load_source
from lakehouse.tables.gold import DIM_DATE
from tests.lakes import write
from tests.own_conf import own_conf
from tests.session_options import put_back

pytestmark = pytest.mark.spark

DECLARED = """
currency = "EUR"
time_zone = "UTC"
[files.people]
pattern = "people*.csv"
columns = ["id"]
[feeds.customers]
file = "people"
[feeds.customers.columns]
customer_id = "id"
"""
NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
Again = Callable[..., Result]


@pytest.fixture
def again(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Again]:
    """again("all"): the command over a lake that published two files of people, of which one lost its rows."""
    landing, root = tmp_path / "landing", tmp_path / "lake"
    with own_conf(tmp_path, monkeypatch) as conf, put_back(spark):
        (conf / "sources" / "town.toml").write_text(DECLARED, encoding="utf-8")
        (landing / "town").mkdir(parents=True)
        lake = Lake(spark, root, run_id="first", as_of=date(2024, 3, 1))
        for number in (1, 2):
            (landing / "town" / f"people_{number}.csv").write_text(f"id\n{number}\n", encoding="utf-8")
            ingest(lake, load_source("town"), landing, batch_id=number, now=NOW)
        write(root, DIM_DATE, [{"date_key": 1}])
        publish(lake, batches=[1, 2], configuration={"gold": "c"}, now=NOW)
        next((root / "bronze/town_people/_batch_id=1").glob("*.parquet")).unlink()

        def command(*files: str) -> Result:
            named = [part for file in files for part in ("--again", file)]
            return CliRunner().invoke(app, ["ingest", *named, "--lake", str(root), "--landing", str(landing)])

        yield command


def test_what_was_lost_is_loaded_and_published_as_it_was(again: Again, tmp_path: Path) -> None:
    root = tmp_path / "lake"
    with pytest.raises(Damaged, match=r"bronze\.town_people.*ingest --again all"):
        refuse_damaged(root)
    found = again("all")
    assert found.exit_code == 0, found.output
    assert "town/people_1.csv: loaded again" in found.output
    first, second = publications(root)
    seen = verify(root, second, deep=True)
    assert (seen.damaged, seen.without_hash) == ([], 0)
    assert (second.kind, second.table_versions, second.as_of) == ("mended", first.table_versions, first.as_of)
    assert consumed_batches([first, second], 2) == {1, 2}, "no batch is taken in twice"
    assert refuse_damaged(root) is not None
    once_more = again("all")
    assert once_more.exit_code == 0
    assert "bronze has all rows of all files that were loaded" in once_more.output
    assert len(publications(root)) == 2


def test_a_file_is_named_as_the_ledger_has_it(again: Again, tmp_path: Path) -> None:
    found = again("town/people_3.csv")
    assert found.exit_code == 2
    whole = again("town/people_2.csv")
    assert whole.exit_code == 1, "something is lost still"
    assert "town/people_2.csv: bronze has all of its rows" in whole.output
    assert "town/people_1.csv: its rows are lost" in whole.output
    assert len(publications(tmp_path / "lake")) == 1
    assert again("town/people_1.csv").exit_code == 0
    assert len(publications(tmp_path / "lake")) == 2


def test_one_that_was_cut_short_before_it_published_is_finished(
    again: Again, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("lakehouse.pipeline.again.republish", _dies)
        assert again("all").exit_code != 0
    assert len(publications(tmp_path / "lake")) == 1
    assert again("all").exit_code == 0
    assert verify(tmp_path / "lake", publications(tmp_path / "lake")[-1], deep=True).damaged == []


def _dies(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
