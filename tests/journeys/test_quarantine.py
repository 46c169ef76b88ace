"""Rows that were refused, and what people do about them, by the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published import open_published
from lakehouse.settings import conf_dir
from tests.journeys.compare import contents, one

pytestmark = pytest.mark.journey
STALL = """
title = "A stall"
currency = "GBP"
time_zone = "UTC"
[files.sales]
pattern = "sales*.csv"
columns = ["sale", "sku", "at", "units", "price", "changed", "postcode", "note"]
[feeds.order_lines]
file = "sales"
version = "changed"
[feeds.order_lines.columns]
order_id = "sale"
line_number = "1"
product_id = "sku"
ordered_at = "at"
quantity = "units"
unit_price = "price"
ship_postal_code = "postcode"
"""
HEADER = "sale,sku,at,units,price,changed,postcode,note\n"
FIRST = """\
good,A,2024-01-01,1,5.00,2024-01-01,AB1 2CD,
gift,A,2024-01-01,1,0.00,2024-01-01,AB1 2CD,=1+1
both,A,2024-01-01,0,0.00,2024-01-01,AB1 2CD,
below,A,2024-01-01,1,-5.00,2024-01-01,AB1 2CD,
lost,A,2024-01-01,1,-7.00,2024-01-01,AB1 2CD,@sum
twice,A,2024-01-01,1,1.00,2024-01-01,AB1 2CD,
twice,A,2024-01-01,1,2.00,2024-01-01,AB1 2CD,
"""
AGAIN = "gift,A,2024-01-01,1,0.00,2024-01-01,AB1 2CD,=1+1\n"
MENDED = "below,A,2024-01-01,1,5.00,2024-01-02,AB1 2CD,\n"
Ask = Callable[..., str]


@pytest.fixture
def ask(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """What a command says about the test's lake, in the test's configuration."""
    shutil.copytree(conf_dir(), tmp_path / "conf", ignore=shutil.ignore_patterns("*.toml.*", "sources"))
    (tmp_path / "conf" / "sources").mkdir()
    monkeypatch.setenv("LAKEHOUSE_CONF", str(tmp_path / "conf"))
    conf_dir.cache_clear()
    monkeypatch.setenv("LAKEHOUSE_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("COLUMNS", "300")
    declare(tmp_path, "")
    (tmp_path / "landing" / "stall").mkdir(parents=True)

    def said(*arguments: str, exit_code: int = 0) -> str:
        found = CliRunner().invoke(app, [*arguments, "--lake", str(tmp_path / "lake")])
        assert found.exit_code == exit_code, found.output
        return found.output

    yield said
    conf_dir.cache_clear()


def declare(folder: Path, more: str) -> None:
    text = STALL.replace('version = "changed"', f'version = "changed"\n{more}')
    (folder / "conf" / "sources" / "stall.toml").write_text(text, encoding="utf-8")


def deliver(folder: Path, name: str, rows: str) -> None:
    (folder / "landing" / "stall" / name).write_text(HEADER + rows, encoding="utf-8")


def waiting(ask: Ask, *more: str) -> dict[str, dict[str, Any]]:
    """Sale and price -> the row in quarantine."""
    rows = json.loads(ask("quarantine", "list", "--json", *more))
    return {f"{row['sent']['sale']} {row['sent']['price']}": row for row in rows}


def its_history_tells(ask: Ask, before: dict[str, dict[str, Any]]) -> None:
    """What became of each row that was in quarantine before the replay."""
    past = {row["id"]: (row["reasons"], row["outcome"]) for row in json.loads(ask("quarantine", "history", "--json"))}
    assert past == {
        before["gift 0.00"]["id"]: (["zero_price"], "accepted"),
        before["both 0.00"]["id"]: (["zero_price", "zero_quantity"], "quarantined"),
        before["below -5.00"]["id"]: (["negative_price"], "replayed"),
        before["lost -7.00"]["id"]: (["negative_price"], "discarded"),
        before["twice 1.00"]["id"]: (["ambiguous_version"], "accepted"),
        before["twice 2.00"]["id"]: (["ambiguous_version"], "discarded"),
    }
    gone = ask("quarantine", "show", before["gift 0.00"]["id"])
    assert "no longer in quarantine: accepted" in gone
    assert "became accepted with publication 2" in gone
    assert "gift" in gone
    assert "typed by mistake" in ask("quarantine", "show", before["lost -7.00"]["id"])


def test_refused_rows_come_in_after_a_fix_or_are_discarded_and_their_history_stays(ask: Ask, tmp_path: Path) -> None:
    lake, as_of = tmp_path / "lake", ("--as-of", "2024-02-01")
    deliver(tmp_path, "sales_1.csv", FIRST)
    deliver(tmp_path, "sales_2.csv", AGAIN)
    ask("run", *as_of)

    before = waiting(ask)
    assert {name: row["reasons"] for name, row in before.items()} == {
        "gift 0.00": ["zero_price"],
        "both 0.00": ["zero_price", "zero_quantity"],
        "below -5.00": ["negative_price"],
        "lost -7.00": ["negative_price"],
        "twice 1.00": ["ambiguous_version"],
        "twice 2.00": ["ambiguous_version"],
    }
    assert [(row["file"], row["row"]) for name, row in before.items() if name == "below -5.00"] == [("sales_1.csv", 4)]
    # The postal code identifies a person; nothing says what the note is.
    assert {(row["sent"]["postcode"], row["sent"].get("note", "***")) for row in before.values()} == {("***", "***")}
    assert "The price is below zero" in (shown := ask("quarantine", "show", before["below -5.00"]["id"]))
    assert "AB1 2CD" not in shown

    assert "nothing to replay" in ask("quarantine", "replay", *as_of)
    assert "say why" in ask("quarantine", "discard", before["lost -7.00"]["id"], exit_code=2)
    ask("quarantine", "discard", before["lost -7.00"]["id"], before["twice 2.00"]["id"], "--why", "typed by mistake")
    deliver(tmp_path, "sales_3.csv", MENDED)
    declare(tmp_path, 'accept = ["zero_price"]')
    replayed = ask("quarantine", "replay", "--feed", "order_lines", *as_of)
    # gift and the other one of the two contents come in; below is answered by its mended row; both stays.
    assert re.search(r"stall\W+order_lines\W+6\W+2\W+1\W+2\W+1\W", replayed), replayed

    with open_published(lake) as published:
        sold = published.sql("SELECT order_id, unit_price::VARCHAR FROM gold.fact_sales ORDER BY 1").fetchall()
    assert sold == [("below", "5.0000"), ("gift", "0.0000"), ("good", "5.0000"), ("twice", "1.0000")]
    assert {name: row["reasons"] for name, row in waiting(ask).items()} == {"both 0.00": ["zero_quantity"]}
    assert {name: row["status"] for name, row in waiting(ask, "--status", "all").items()} == {
        "below -5.00": "replayed",
        "both 0.00": "open",
        "lost -7.00": "discarded",
        "twice 2.00": "discarded",
    }
    its_history_tells(ask, before)
    assert "everything adds up" in ask("reconcile")

    incremental = contents(lake)
    ask("run", "--full", *as_of)
    assert contents(lake) == incremental
    assert one(lake, "SELECT count(*) FROM ops.quarantine_history") == 6

    ask("quarantine", "reopen", before["lost -7.00"]["id"], "--why", "it is a correction after all")
    ask("run", *as_of)
    assert waiting(ask).keys() == {"both 0.00", "lost -7.00"}
