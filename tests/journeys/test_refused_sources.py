"""A refusal of the gate concerns the sources whose rows failed: the others are published in the same run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published.batches import list_batches
from quality.thresholds import load_thresholds
from tests.journeys.compare import contents
from tests.own_conf import own_conf

pytestmark = [pytest.mark.journey, pytest.mark.long]
Command = Callable[..., Any]
DECLARATION = """\
currency = "GBP"
time_zone = "Europe/London"

[files.sales]
pattern = "*.csv"
columns = ["order", "item", "at", "units", "price"]

[feeds.order_lines]
file = "sales"
version = "_file_modified_at"

[feeds.order_lines.columns]
order_id = "order"
line_number = "1"
product_id = "item"
ordered_at = "at"
quantity = "units"
unit_price = "price"
"""
HEADER = "order,item,at,units,price\n"
SOLD = "SELECT source_system, order_id, net_revenue FROM gold.fact_sales ORDER BY 1, 2"
JUDGED = """SELECT verdict, cases_by_source.cafe AS cafe, count(*) AS n FROM ops.quality_results
    WHERE rule = 'silver.lineage.quarantined_share' GROUP BY ALL ORDER BY ALL"""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    def start(*words: str, lake: str = "lake") -> Any:
        landing = ["--landing", str(tmp_path / "landing"), "--as-of", "2024-07-01"] if words[0] == "run" else []
        return CliRunner().invoke(app, [*words, *landing, "--lake", str(tmp_path / lake)], env={"COLUMNS": "300"})

    with own_conf(tmp_path, monkeypatch) as conf:
        for path in (conf / "sources").glob("*.toml"):
            path.unlink()
        for name in ("cafe", "kiosk"):
            (conf / "sources" / f"{name}.toml").write_text(DECLARATION, encoding="utf-8")
        quarantine = "max_share = 0.4\nmax_share_of_a_file = 1.0\nmin_rows = 1\n"
        (conf / "quality" / "quarantine.toml").write_text(quarantine, encoding="utf-8")
        load_thresholds.cache_clear()
        yield start
    load_thresholds.cache_clear()


def deliver(folder: Path, source: str, name: str, *rows: str) -> None:
    (folder / "landing" / source).mkdir(parents=True, exist_ok=True)
    (folder / "landing" / source / name).write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def ask(command: Command, query: str) -> list[tuple[Any, ...]]:
    found = command("sql", query, "--format", "json")
    assert found.exit_code == 0, found.output
    return [tuple(row.values()) for row in json.loads(found.stdout, parse_float=str)]


def test_the_other_sources_are_published_and_the_refused_one_comes_in_once_it_is_mended(
    tmp_path: Path, command: Command
) -> None:
    deliver(tmp_path, "cafe", "1.csv", "A1,TEA,2024-03-01,1,2.00")
    assert command("run").exit_code == 0
    deliver(
        tmp_path, "cafe", "2.csv", "A2,TEA,2024-03-02,1,-2.00", "A3,TEA,2024-03-02,-1,2.00", "A4,TEA,2024-03-03,1,2.00"
    )
    deliver(tmp_path, "kiosk", "1.csv", "B1,TEA,2024-03-02,1,3.00")
    found = command("run")
    assert found.exit_code == 3, found.output
    assert "refused: what cafe brought; what is published of it stays" in found.stderr
    assert "cafe.order_lines: 50.0% of 4 rows" in found.stderr
    assert [line.split()[:2] for line in found.stdout.splitlines() if "refused" in line] == [["refused", "cafe"]]
    assert ask(command, SOLD) == [("cafe", "A1", "2.0000"), ("kiosk", "B1", "3.0000")]
    assert ask(command, "SELECT DISTINCT source_system FROM silver.quarantine") == []
    assert [(one.source, one.status) for one in list_batches(tmp_path / "lake")] == [
        ("cafe", "published"), ("cafe", "new"), ("kiosk", "published"),
    ]  # fmt: skip
    assert ask(command, JUDGED) == [("failed", 1, 1), ("passed", None, 2)]

    # Once it is mended, all is as if the whole had come at once.
    deliver(tmp_path, "cafe", "3.csv", "A5,TEA,2024-03-04,1,2.00", "A6,TEA,2024-03-04,1,2.00")
    mended = command("run")
    assert mended.exit_code == 0, mended.output
    assert command("run", lake="whole").exit_code == 0
    parts, whole = contents(tmp_path / "lake"), contents(tmp_path / "whole")
    assert {name for name in whole if parts[name] != whole[name]} == set()
    assert "everything adds up" in command("reconcile").output


@pytest.mark.long
def test_what_is_waived_of_one_source_lets_that_one_pass_and_no_other(tmp_path: Path, command: Command) -> None:
    for name in ("cafe", "kiosk"):
        deliver(tmp_path, name, "1.csv", "A1,TEA,2024-03-01,1,-2.00")
    refused = command("run")
    assert refused.exit_code == 3, refused.output
    assert "nothing was published" in refused.output
    rule = "silver.lineage.quarantined_share"
    until = ("--until", "2099-01-01", "--why", "old bookings")
    assert command("quality", "waive", rule, "--source", "caffe", *until).exit_code == 2
    assert command("quality", "waive", rule, "--source", "cafe", *until).exit_code == 0
    found = command("run")
    assert found.exit_code == 3, found.output
    assert [(one.source, one.status) for one in list_batches(tmp_path / "lake")] == [
        ("cafe", "published"), ("kiosk", "new"),
    ]  # fmt: skip
    assert command("quality", "waive", rule, "--key", "kiosk.order_lines", *until).exit_code == 0
    found = command("run")
    assert found.exit_code == 0, found.output
    assert "waived until 2099-01-01" in found.output
    assert "kiosk.order_lines" in command("quality", "waivers").output
