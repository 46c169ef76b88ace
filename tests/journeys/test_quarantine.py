"""Rows that were refused, and what people do about them, by the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
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
AS_OF = ("--as-of", "2024-02-01")
Ask = Callable[..., str]
Rows = dict[str, dict[str, Any]]
"""Sale and price -> the row in quarantine."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quarantine")


@pytest.fixture(scope="module")
def ask(folder: Path) -> Iterator[Ask]:
    """What a command says about the module's lake, in the module's configuration."""
    shutil.copytree(conf_dir(), folder / "conf", ignore=shutil.ignore_patterns("*.toml.*", "sources"))
    (folder / "conf" / "sources").mkdir()
    declare(folder, "")
    (folder / "landing" / "stall").mkdir(parents=True)

    def said(*arguments: str, exit_code: int = 0) -> str:
        found = CliRunner().invoke(app, [*arguments, "--lake", str(folder / "lake")])
        assert found.exit_code == exit_code, found.output
        return found.output

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKEHOUSE_CONF", str(folder / "conf"))
        patch.setenv("LAKEHOUSE_LANDING", str(folder / "landing"))
        patch.setenv("COLUMNS", "300")
        conf_dir.cache_clear()
        yield said
    conf_dir.cache_clear()


def declare(folder: Path, more: str) -> None:
    text = STALL.replace('version = "changed"', f'version = "changed"\n{more}')
    (folder / "conf" / "sources" / "stall.toml").write_text(text, encoding="utf-8")


def deliver(folder: Path, name: str, rows: str) -> None:
    (folder / "landing" / "stall" / name).write_text(HEADER + rows, encoding="utf-8")


def waiting(ask: Ask, *more: str) -> Rows:
    rows = json.loads(ask("quarantine", "list", "--json", *more))
    return {f"{row['sent']['sale']} {row['sent']['price']}": row for row in rows}


@dataclass(frozen=True)
class Refused:
    """What is said after the first run."""

    rows: Rows
    shown_below: str
    nothing_to_replay: str
    without_a_reason: str


@dataclass(frozen=True)
class Replayed:
    """What is said when two rows were discarded, one was mended, a rule was dropped and the rest replayed."""

    said: str
    sold: list[tuple[str, str]]
    open: Rows
    all: Rows
    history: list[dict[str, Any]]
    shown_accepted: str
    shown_discarded: str
    reconciled: str


# Each stage of the journey is gone once, and what it showed is kept: so tests of one stage tell of it alone.


@pytest.fixture(scope="module")
def refused(ask: Ask, folder: Path) -> Refused:
    deliver(folder, "sales_1.csv", FIRST)
    deliver(folder, "sales_2.csv", AGAIN)
    ask("run", *AS_OF)
    rows = waiting(ask)
    return Refused(
        rows,
        ask("quarantine", "show", rows["below -5.00"]["id"]),
        ask("quarantine", "replay", *AS_OF),
        ask("quarantine", "discard", rows["lost -7.00"]["id"], exit_code=2),
    )


@pytest.fixture(scope="module")
def replayed(ask: Ask, folder: Path, refused: Refused) -> Replayed:
    rows = refused.rows
    ask("quarantine", "discard", rows["lost -7.00"]["id"], rows["twice 2.00"]["id"], "--why", "typed by mistake")
    deliver(folder, "sales_3.csv", MENDED)
    declare(folder, 'accept = ["zero_price"]')
    said = ask("quarantine", "replay", "--feed", "order_lines", *AS_OF)
    with open_published(folder / "lake") as published:
        sold = published.sql("SELECT order_id, unit_price::VARCHAR FROM gold.fact_sales ORDER BY 1").fetchall()
    return Replayed(
        said,
        sold,
        waiting(ask),
        waiting(ask, "--status", "all"),
        json.loads(ask("quarantine", "history", "--json")),
        ask("quarantine", "show", rows["gift 0.00"]["id"]),
        ask("quarantine", "show", rows["lost -7.00"]["id"]),
        ask("reconcile"),
    )


@pytest.fixture(scope="module")
def rebuilt(ask: Ask, folder: Path, replayed: Replayed) -> tuple[object, object, int]:
    """What the lake holds before and after a rebuild, and the rows of ops.quarantine_history after it."""
    lake = folder / "lake"
    incremental = contents(lake)
    ask("run", "--full", *AS_OF)
    return incremental, contents(lake), one(lake, "SELECT count(*) FROM ops.quarantine_history")


@pytest.fixture(scope="module")
def reopened(ask: Ask, refused: Refused, rebuilt: tuple[object, object, int]) -> Rows:
    """The rows that wait after the discarded one was opened again."""
    ask("quarantine", "reopen", refused.rows["lost -7.00"]["id"], "--why", "it is a correction after all")
    ask("run", *AS_OF)
    return waiting(ask)


def test_rows_are_refused_for_all_their_reasons_and_called_by_file_and_place(refused: Refused) -> None:
    assert {name: row["reasons"] for name, row in refused.rows.items()} == {
        "gift 0.00": ["zero_price"],
        "both 0.00": ["zero_price", "zero_quantity"],
        "below -5.00": ["negative_price"],
        "lost -7.00": ["negative_price"],
        "twice 1.00": ["ambiguous_version"],
        "twice 2.00": ["ambiguous_version"],
    }
    below = refused.rows["below -5.00"]
    assert (below["file"], below["row"]) == ("sales_1.csv", 4)
    assert "The price is below zero" in refused.shown_below


def test_what_may_identify_a_person_is_not_shown_and_nothing_that_nobody_knows(refused: Refused) -> None:
    # The postal code identifies a person; nothing says what the note is.
    shown = {(row["sent"]["postcode"], row["sent"].get("note", "***")) for row in refused.rows.values()}
    assert shown == {("***", "***")}
    assert "AB1 2CD" not in refused.shown_below


def test_nothing_is_replayed_without_a_fix_nor_discarded_without_a_reason(refused: Refused) -> None:
    assert "nothing to replay" in refused.nothing_to_replay
    assert "say why" in refused.without_a_reason


def test_after_a_fix_refused_rows_come_in(replayed: Replayed) -> None:
    # gift and the other one of the two contents come in; below is answered by its mended row; both stays.
    assert re.search(r"stall\W+order_lines\W+6\W+2\W+1\W+2\W+1\W", replayed.said), replayed.said
    assert replayed.sold == [("below", "5.0000"), ("gift", "0.0000"), ("good", "5.0000"), ("twice", "1.0000")]
    assert "everything adds up" in replayed.reconciled


def test_what_is_still_refused_waits_and_what_is_discarded_or_answered_is_kept(replayed: Replayed) -> None:
    assert {name: row["reasons"] for name, row in replayed.open.items()} == {"both 0.00": ["zero_quantity"]}
    assert {name: row["status"] for name, row in replayed.all.items()} == {
        "below -5.00": "replayed",
        "both 0.00": "open",
        "lost -7.00": "discarded",
        "twice 2.00": "discarded",
    }


def test_the_history_tells_what_became_of_each_row(refused: Refused, replayed: Replayed) -> None:
    names = {row["id"]: name for name, row in refused.rows.items()}
    assert {names[row["id"]]: (row["reasons"], row["outcome"]) for row in replayed.history} == {
        "gift 0.00": (["zero_price"], "accepted"),
        "both 0.00": (["zero_price", "zero_quantity"], "quarantined"),
        "below -5.00": (["negative_price"], "replayed"),
        "lost -7.00": (["negative_price"], "discarded"),
        "twice 1.00": (["ambiguous_version"], "accepted"),
        "twice 2.00": (["ambiguous_version"], "discarded"),
    }


def test_a_row_that_left_is_shown_with_what_became_of_it(replayed: Replayed) -> None:
    assert "no longer in quarantine: accepted" in replayed.shown_accepted
    assert "became accepted with publication 2" in replayed.shown_accepted
    assert "gift" in replayed.shown_accepted
    assert "typed by mistake" in replayed.shown_discarded


@pytest.mark.long
def test_a_rebuild_ends_in_the_same_and_notes_nothing_again(rebuilt: tuple[object, object, int]) -> None:
    incremental, whole, noted = rebuilt
    assert whole == incremental
    assert noted == 6


def test_a_discarded_row_that_is_opened_again_waits(reopened: Rows) -> None:
    assert reopened.keys() == {"both 0.00", "lost -7.00"}
