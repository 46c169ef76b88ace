"""Each way back from damage that docs/operations.md names, as it is named there: afterwards all is as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from deltalake import DeltaTable
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.delta.log import head_version
from lakehouse.pipeline import stages
from tests.journeys.compare import AS_OF, contents

pytestmark = [pytest.mark.journey, pytest.mark.long]
SAID, WAY_BACK = 1, 2
DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


def _command(lake: Path, *words: str) -> tuple[int, str]:
    loads = ["--landing", str(lake.parent / f"landing_{lake.name}"), "--as-of", str(AS_OF)]
    options = loads if words[0] in ("run", "ingest") else []
    found = CliRunner().invoke(app, [*words, "--lake", str(lake), *options])
    return found.exit_code, " ".join(found.output.split())


@pytest.fixture
def lake(deliver: Callable[..., None], run: Callable[..., stages.Outcome], tmp_path: Path) -> Path:
    """Two days, published one after the other."""
    for day in ("2011-01-03", "2011-01-04"):
        deliver("a", day)
        assert run("a").exit_code == 0
    return tmp_path / "a"


def _data_file(lake: Path, name: str) -> Path:
    """One of those that the table consists of now: others lie there for older versions."""
    return Path(unquote(DeltaTable(lake / name.replace(".", "/")).file_uris()[0].removeprefix("file://")))


def _emptied_commit(lake: Path, name: str) -> Path:
    path = lake / name.replace(".", "/")
    commit = path / "_delta_log" / f"{head_version(path):020d}.json"
    commit.write_bytes(b"")
    return commit


def _turned(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _damage(lake: Path, what: str) -> None:
    match what:
        case "a commit":
            _emptied_commit(lake, "gold.fact_sales")
        case "a data file":
            _data_file(lake, "silver.order_lines").unlink()
        case "a cut file":
            os.truncate(_data_file(lake, "gold.dim_product"), 50)
        case "a bit":
            _turned(_data_file(lake, "gold.fact_sales"))
        case "all of gold":
            shutil.rmtree(lake / "gold")
        case "bronze":
            _data_file(lake, "bronze.online_retail_lines").unlink()


@pytest.mark.parametrize(
    ("what", "way_back"),
    [
        ("a commit", ("run", "--full")), ("a data file", ("run", "--full")), ("a cut file", ("run", "--full")),
        ("a bit", ("run", "--full")), ("all of gold", ("run", "--full")), ("bronze", ("ingest", "--again", "all")),
    ],
)  # fmt: skip
def test_what_is_damaged_is_as_it_was_by_the_way_back_that_the_page_names(
    lake: Path, what: str, way_back: tuple[str, ...]
) -> None:
    before = contents(lake)
    _damage(lake, what)
    code, said = _command(lake, "verify", "--deep")
    assert code == 1
    assert f"lakehouse {' '.join(way_back)}" in said
    assert f"`lakehouse {' '.join(way_back)}`" in DOCS.read_text(encoding="utf-8")
    if what != "a bit":
        assert _command(lake, "run")[0] == 1, "no run starts from it"
    code, said = _command(lake, *way_back)
    assert code == 0, said
    assert _command(lake, "verify", "--deep")[0] == 0
    assert contents(lake) == before
    assert _command(lake, "run")[0] == 0


@pytest.mark.parametrize("table", ["ops.publications", "ops.ingested_files", "ops.quality_results", "ops.job_runs"])
def test_the_last_commit_of_a_table_of_ops_may_be_removed_and_a_run_makes_up_for_it(lake: Path, table: str) -> None:
    before = contents(lake)
    commit = _emptied_commit(lake, table)
    code, said = _command(lake, "run")
    assert code == 1
    assert table in said
    commit.unlink()
    assert _command(lake, "run")[0] == 0
    assert _command(lake, "verify", "--deep")[0] == 0
    assert contents(lake) == before
    assert _command(lake, "reconcile")[0] == 0
