"""What people see of rows in quarantine, without Spark."""

from __future__ import annotations

import csv
import hashlib
import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published import open_published
from lakehouse.quarantine.masking import masked, shown_columns
from lakehouse.quarantine.reading import events, rows
from lakehouse.quarantine.selection import Chosen
from lakehouse.sources.load import load_source, load_sources
from lakehouse.tables.ops import QUARANTINE_HISTORY
from lakehouse.tables.reasons import meaning
from lakehouse.tables.silver import QUARANTINE
from tests.lakes import publish, write
from tests.quarantine.choices import CHOICES, LINE, WAITING


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    version = write(tmp_path, QUARANTINE, WAITING)
    publish(tmp_path, 1, {"silver.quarantine": version}, run_id="published")
    return tmp_path


def ask(lake: Path, *arguments: str, exit_code: int = 0) -> str:
    found = CliRunner().invoke(app, ["quarantine", *arguments, "--lake", str(lake)], env={"COLUMNS": "200"})
    assert found.exit_code == exit_code, found.output
    return found.output


@pytest.mark.parametrize(("chosen", "places"), CHOICES)
def test_rows_are_chosen_by_all_that_is_said_of_them(lake: Path, chosen: Chosen, places: list[int]) -> None:
    with open_published(lake) as published:
        assert [one.row for one in rows(published, chosen)] == places


def test_a_row_is_called_by_twelve_letters_of_the_hash_of_where_it_stands(lake: Path) -> None:
    """People have noted such names: they stay what they are."""
    key = ("source_system", "feed", "file_kind", "_file_delivery", "_row_in_file")
    place = "|".join(str(LINE[name]) for name in key)
    with open_published(lake) as published:
        [row] = rows(published, Chosen(feed="order_lines", status="open"))
    assert row.id == hashlib.md5(place.encode()).hexdigest()[:12]


def test_what_may_identify_a_person_is_masked_in_list_and_show(lake: Path) -> None:
    listed = json.loads(ask(lake, "list", "--json", "--status", "all"))
    assert [row["sent"] for row in listed][:2] == [
        {"email": "***", "city": "York", "_rescued": "***"},
        {"order_id": "O1", "unit_price": "-1.50", "quantity": "=2+3", "ship_postal_code": "***"},
    ]
    shown = "".join(ask(lake, "show", row["id"]) for row in listed)
    assert "York" in shown
    assert not any(secret in shown for secret in ("ada@", "AB1", "Annabella"))
    assert "The price is below zero" in shown
    assert "The value does not read as its type" in shown


def test_list_says_file_place_and_reasons_and_counts_them(lake: Path) -> None:
    listed = ask(lake, "list")
    assert "orders.csv" in listed
    assert "negative_price unparsable:quantity" in listed
    assert "no row is in quarantine for that" in ask(lake, "list", "--reason", "too_few_fields")


def test_show_wants_the_name_of_one_row(lake: Path) -> None:
    assert "no row is or was in quarantine" in ask(lake, "show", "zzz", exit_code=2)
    assert "several rows are called" in ask(lake, "show", "", exit_code=2)


def test_an_export_is_private_whole_and_harmless_to_a_spreadsheet(lake: Path, tmp_path: Path) -> None:
    for name in ("rows.csv", "rows.jsonl"):
        assert "1 row," in ask(lake, "export", str(tmp_path / name), "--feed", "order_lines")
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert "exists already" in ask(lake, "export", str(tmp_path / "rows.csv"), exit_code=2)
    assert "cannot be written" in ask(lake, "export", str(tmp_path / "nowhere" / "rows.csv"), exit_code=2)
    with (tmp_path / "rows.csv").open(newline="", encoding="utf-8") as file:
        [row] = csv.DictReader(file)
    assert (row["quantity"], row["unit_price"], row["ship_postal_code"]) == ("'=2+3", "-1.50", "AB1")
    assert (row["file"], row["row"], row["reasons"]) == ("orders.csv", "3", "negative_price unparsable:quantity")
    [exact] = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert exact["sent"] == json.loads(str(LINE["raw_row"]))


def test_a_source_that_is_no_longer_declared_is_masked_whole(lake: Path) -> None:
    version = write(lake, QUARANTINE, [LINE | {"source_system": "gone"}])
    publish(lake, 2, {"silver.quarantine": version})
    [row] = json.loads(ask(lake, "list", "--json"))
    assert set(row["sent"].values()) == {"***"}


def test_columns_that_feed_something_personal_or_nothing_at_all_are_not_shown() -> None:
    shown = shown_columns(load_source("online_retail"))["lines"]
    assert {"InvoiceNo", "StockCode", "UnitPrice", "CustomerID"} <= shown
    for source in load_sources():
        for kind, columns in shown_columns(source).items():
            assert not {name.casefold() for name in columns} & {"email", "phone", "birth_date", "address"}, kind
    northwind = shown_columns(load_source("northwind"))
    assert masked({"contactName": "Ada"}, northwind["customers"]) == {"contactName": "***"}


def test_history_counts_only_runs_that_published(lake: Path) -> None:
    left: dict[str, Any] = {name: LINE[name] for name in LINE if name != "raw_row"}
    left |= {"outcome": "accepted", "left_at": datetime(2024, 1, 1, tzinfo=UTC)}
    write(lake, QUARANTINE_HISTORY, [left | {"run_id": "published"}, left | {"run_id": "killed", "_row_in_file": 9}])
    with open_published(lake) as published:
        assert [(one.row, one.outcome, one.publication) for one in events(published, Chosen())] == [(3, "accepted", 1)]
    assert "unparsable:quantity" in ask(lake, "history")


def test_every_reason_has_a_sentence() -> None:
    assert meaning("unparsable:quantity", {}) == "The value does not read as its type."
    assert meaning("zero_price", {"zero_price": "The price is zero."}) == "The price is zero."
