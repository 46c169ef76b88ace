"""A source that is not finished stops no other, and nothing of it is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published import newest
from lakehouse.published.batches import list_batches
from tests.journeys.conftest import DAYS, HEADER
from tests.own_conf import own_conf

pytestmark = pytest.mark.journey
ORDERS = "order_id,line_number,product_id,ordered_at,order_status,quantity,unit_price,updated_at\n"
Command = Callable[..., Any]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    def start(*words: str) -> Any:
        landing = ["--landing", str(tmp_path / "landing")] if words[0] in ("run", "ingest") else []
        as_of = ["--as-of", "2011-03-01"] if words[0] == "run" else []
        arguments = [*words, *landing, *as_of, "--lake", str(tmp_path / "lake")]
        return CliRunner().invoke(app, arguments, env={"COLUMNS": "300"})

    with own_conf(tmp_path, monkeypatch):
        yield start


def deliver(folder: Path, source: str, name: str, text: str) -> None:
    (folder / "landing" / source).mkdir(parents=True, exist_ok=True)
    (folder / "landing" / source / name).write_text(text, encoding="utf-8")


def day_of(number: int) -> str:
    return "\n".join([HEADER, *list(DAYS.values())[number]]) + "\n"


def broken(folder: Path) -> None:
    """The declaration of Online Retail loses a column that must be mapped."""
    path = folder / "conf" / "sources" / "online_retail.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('unit_price = "UnitPrice"\n', "", 1), encoding="utf-8")


def rows_by_source(command: Command) -> dict[str, int]:
    query = "SELECT source_system, count(*) AS n FROM gold.fact_sales GROUP BY 1"
    return {row["source_system"]: row["n"] for row in json.loads(command("sql", query, "--format", "json").stdout)}


def test_files_of_others_are_loaded_and_no_batch_number_is_used_twice(tmp_path: Path, command: Command) -> None:
    deliver(tmp_path, "online_retail", "1.csv", day_of(0))
    deliver(tmp_path, "online_retial", "1.csv", day_of(0))
    first = command("ingest")
    assert first.exit_code == 0
    assert "online_retial: no source is called so, and its files wait: near is online_retail" in first.output
    # As after a crash before the record: the batch of the source that breaks stands in its own tables alone.
    shutil.rmtree(tmp_path / "lake" / "ops" / "ingested_files")
    broken(tmp_path)
    deliver(tmp_path, "shop", "orders.csv", ORDERS)
    found = command("ingest", "--source", "shop")
    assert found.exit_code == 0, found.output
    assert "source online_retail is left out" in found.output
    assert [(batch.number, batch.source) for batch in list_batches(tmp_path / "lake")] == [(2, "shop")]
    assert command("ingest").exit_code == 2


@pytest.mark.long
def test_a_broken_source_stops_no_other_and_what_is_published_of_it_stays(tmp_path: Path, command: Command) -> None:
    deliver(tmp_path, "online_retail", "1.csv", day_of(0))
    first = command("run")
    assert first.exit_code == 0, first.output
    before = rows_by_source(command)
    broken(tmp_path)
    deliver(tmp_path, "shop", "orders.csv", ORDERS + "1,1,P,2011-01-03 12:00:00,completed,1,2.50,2011-01-03 12:00:00\n")
    found = command("run")
    assert found.exit_code == 0, found.output
    assert "source online_retail is left out" in found.output
    assert "feeds.order_lines: unit_price must be mapped" in found.output
    assert rows_by_source(command) == before | {"shop": 1}
    assert [(batch.number, batch.source) for batch in list_batches(tmp_path / "lake")] == [
        (1, "online_retail"), (2, "shop"),
    ]  # fmt: skip
    _once_its_files_wait(tmp_path, command)


def _once_its_files_wait(folder: Path, command: Command) -> None:
    deliver(folder, "online_retail", "2.csv", day_of(1))
    for words in (["run"], ["ingest"], ["run", "--source", "online_retail"]):
        found = command(*words)
        assert found.exit_code == 2, found.output
        assert "feeds.order_lines: unit_price must be mapped" in found.stderr
    assert newest(folder / "lake").publication == 2  # type: ignore[union-attr]
    others = command("run", "--source", "shop")
    assert others.exit_code == 0, others.output
    assert "source online_retail is left out" in others.output
    held = command("batches", "hold", "1")
    assert "batch 1 is published already" in held.stderr
    back = command("rollback", "1")
    assert back.exit_code == 0, back.output
