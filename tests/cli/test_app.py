"""The `lakehouse` command, as far as it needs no Spark."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app, read
from jobs.cli.render import csv_lines, json_text
from lakehouse.tables import gold, ops, silver
from tests.lakes import publish, published_star, write

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
LINE = {
    "source_system": "shop", "order_id": "A1", "line_number": 1, "ordered_at": NOON, "order_month": date(2024, 5, 1),
    "quantity": 3, "net_revenue": Decimal("10666684.5440"), "currency": "GBP",
}  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    published_star(tmp_path, fact_sales=[LINE])
    return tmp_path


def ask(lake: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, [*arguments, "--lake", str(lake)])


def test_sql_answers_in_csv_with_every_digit(lake: Path) -> None:
    query = "SELECT order_id, ordered_at, order_month, net_revenue, cost FROM gold.fact_sales"
    found = ask(lake, "sql", query, "--format", "csv")
    assert found.exit_code == 0
    assert found.stdout == (
        "order_id,ordered_at,order_month,net_revenue,cost\nA1,2024-05-01T12:00:00+00:00,2024-05-01,10666684.5440,\n"
    )


def test_sql_answers_in_json_with_every_digit(lake: Path) -> None:
    query = (
        "SELECT net_revenue, ordered_at, cost, quantity FROM gold.fact_sales UNION ALL FROM (VALUES (1, NULL, 2, 3))"
    )
    found = ask(lake, "sql", query, "--format", "json")
    first, second = json.loads(found.stdout, parse_float=Decimal)
    assert first == {
        "net_revenue": Decimal("10666684.5440"), "ordered_at": "2024-05-01T12:00:00+00:00", "cost": None, "quantity": 3,
    }  # fmt: skip
    assert second["ordered_at"] is None


def test_no_rows_are_an_empty_json_array_and_a_csv_of_a_header(lake: Path) -> None:
    query = "SELECT order_id FROM gold.fact_sales WHERE false"
    assert json.loads(ask(lake, "sql", query, "--format", "json").stdout) == []
    assert ask(lake, "sql", query, "--format", "csv").stdout == "order_id\n"


def test_sql_shows_a_table_whose_values_are_whole_however_wide_it_is(lake: Path) -> None:
    found = ask(lake, "sql", "SELECT * FROM gold.fact_sales")
    assert "10666684.5440" in found.stdout
    assert "1 row" in found.stdout


def test_sql_says_which_bound_a_query_has_reached(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_SQL__SECONDS", "0.2")
    late = ask(lake, "sql", "SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b")
    assert (late.exit_code, "no answer within 0.2 s" in late.stderr) == (1, True)
    monkeypatch.setenv("LAKEHOUSE_SQL__SECONDS", "60")
    monkeypatch.setenv("LAKEHOUSE_SQL__MEMORY_GIB", "0.05")
    monkeypatch.setenv("LAKEHOUSE_SQL__SPILL_GIB", "0")
    large = ask(lake, "sql", "SELECT count(DISTINCT range) FROM range(50_000_000)")
    assert (large.exit_code, "[sql] of conf/lakehouse.toml" in large.stderr) == (1, True)


def test_a_query_that_fails_ends_in_its_error_alone(lake: Path) -> None:
    asked = [sys.executable, "-m", "jobs.cli", "sql", "SELECT nothing FROM gold.fact_sales", "--lake", str(lake)]
    ran = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: ")
    assert "leaked" not in ran.stderr


def test_sql_reads_an_older_publication(lake: Path) -> None:
    publish(lake, 2, {"gold.fact_sales": write(lake, gold.FACT_SALES, [])})
    query = "SELECT count(*) FROM gold.fact_sales"
    assert ask(lake, "sql", query, "--format", "csv").stdout.split() == ["count_star()", "0"]
    assert ask(lake, "sql", query, "--format", "csv", "--publication", "1").stdout.split() == ["count_star()", "1"]
    unknown = ask(lake, "sql", query, "--publication", "9")
    assert unknown.exit_code == 2
    assert "no publication 9: there are 1 to 2" in unknown.stderr


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT * FROM gold.fact_sale", "Did you mean gold.fact_sales"),
        ("DROP TABLE gold.fact_sales", "read only"),
        ("SELEC 1", "syntax error"),
        ("SELECT colour FROM gold.fact_sales", "colour"),
    ],
)
def test_a_query_that_cannot_be_is_wrong_usage_and_the_message_says_why(lake: Path, query: str, says: str) -> None:
    found = ask(lake, "sql", query)
    assert found.exit_code == 2
    assert says in found.stderr
    assert "Traceback" not in found.stderr + found.stdout


def test_a_lake_without_publication_says_what_to_do(tmp_path: Path) -> None:
    found = ask(tmp_path, "sql", "SELECT * FROM gold.fact_sales")
    assert found.exit_code == 1
    assert "lakehouse run" in found.stderr


def test_an_unforeseen_error_leaves_its_place_in_the_log_and_its_message_on_the_terminal_only(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quoted = "a@example.com"

    def breaks(*_: object) -> None:
        raise ZeroDivisionError(quoted)

    monkeypatch.setattr(read, "show_table", breaks)
    found = ask(lake, "sql", "SELECT 1")
    assert found.exit_code == 1
    assert f"ZeroDivisionError: {quoted}" in found.stderr
    assert "Traceback" not in found.stderr
    log = (lake / "logs" / "errors.log").read_text(encoding="utf-8")
    assert "in breaks" in log
    assert quoted not in log
    shown = CliRunner().invoke(app, ["--debug", "sql", "SELECT 1", "--lake", str(lake)])
    assert "Traceback" in shown.stderr


def test_status_tells_tables_runs_quarantine_and_waiting_batches(tmp_path: Path) -> None:
    row = {"source_system": "shop", "feed": "order_lines", "reasons": ["zero_price"]}
    bad = [row | {"status": status, "_row_in_file": n} for n, status in enumerate(["open", "open", "replayed"])]
    version = write(tmp_path, silver.QUARANTINE, bad)
    publish(tmp_path, 1, {"silver.quarantine": version}, as_of=date(2024, 5, 1))
    write(tmp_path, ops.JOB_RUNS, [{"run_id": "r1", "stage": "run", "status": "refused", "rows_read": 1234}])
    loaded = [{"source_system": "shop", "status": "loaded", "batch_id": number, "rows": 7} for number in (1, 2)]
    write(tmp_path, ops.INGESTED_FILES, loaded)
    found = json.loads(ask(tmp_path, "status", "--json").stdout)
    assert found["publication"]["as_of"] == "2024-05-01"
    assert {"name": "silver.quarantine", "rows": 3, "version": 0} in found["tables"]
    assert [(run["run_id"], run["status"], run["rows_read"]) for run in found["runs"]] == [("r1", "refused", 1234)]
    assert found["quarantine"] == [{"source": "shop", "feed": "order_lines", "reason": "zero_price", "rows": 2}]
    assert [(batch["number"], batch["status"], batch["rows"]) for batch in found["batches"]] == [(2, "new", 7)]
    shown = ask(tmp_path, "status").stdout
    assert "zero_price" in shown
    assert "1,234" in shown


def test_batches_list_shows_each_batch(tmp_path: Path) -> None:
    publish(tmp_path, 1, {})
    write(tmp_path, ops.INGESTED_FILES, [{"source_system": "shop", "status": "loaded", "batch_id": 1, "rows": 7}])
    [batch] = json.loads(ask(tmp_path, "batches", "list", "--json").stdout)
    assert (batch["number"], batch["source"], batch["rows"], batch["status"]) == (1, "shop", 7, "published")
    assert "published" in ask(tmp_path, "batches", "list").stdout


@pytest.mark.parametrize("name", ["gold.fact_sales", "GOLD.VW_SALES_OVERVIEW", "bronze.olist_orders"])
def test_tables_explains_any_declared_table(name: str) -> None:
    found = CliRunner().invoke(app, ["tables", name])
    assert found.exit_code == 0, found.stderr
    assert name.lower() in found.stdout
    assert "grain" in found.stdout


def test_tables_names_those_of_like_name() -> None:
    found = CliRunner().invoke(app, ["tables", "gold.fact_sale"])
    assert found.exit_code == 2
    assert "gold.fact_sales" in found.stderr


def test_wrong_usage_and_wrong_configuration_end_with_2(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(lake, "sql", "SELECT 1", "--format", "xml").exit_code == 2
    monkeypatch.setenv("LAKEHOUSE_REPORTING_CURRENCY", "pounds")
    found = ask(lake, "sql", "SELECT 1")
    assert found.exit_code == 2
    assert "reporting_currency" in found.stderr


@pytest.mark.parametrize("command", [[], ["batches"], ["source"]])
def test_help_lists_the_commands(command: list[str]) -> None:
    text = CliRunner().invoke(app, [*command, "--help"]).stdout
    expected = {
        "": [
            "run",
            "ingest",
            "silver",
            "gold",
            "publish",
            "rollback",
            "reconcile",
            "sql",
            "status",
            "tables",
            "doctor",
        ],
        "batches": ["list", "hold", "release", "discard"],
        "source": ["new", "check"],
    }["".join(command)]
    assert [name for name in expected if f" {name} " not in text] == []


def test_the_command_reads_without_spark(lake: Path) -> None:
    code = (
        "import sys; from jobs.cli import app; sys.argv[1:] = ['sql', 'SELECT 1 AS one', '--format', 'csv', '--lake', "
        f"{str(lake)!r}]\ntry: app()\nfinally: print([m for m in ('pyspark', 'pyarrow', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "one\n1\n[]\n"), done.stderr


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("-0.0010"), "-0.0010"),
        (float("nan"), '"nan"'),
        ({"k": [None, True, date(2024, 1, 1)]}, '{"k": [null, true, "2024-01-01"]}'),
        ({1: b"\x00\xff"}, '{"1": "00ff"}'),
        ('é"\n', '"é\\"\\n"'),
    ],
)
def test_json_keeps_every_value(value: object, text: str) -> None:
    assert json_text(value) == text


def test_csv_tells_null_from_an_empty_text_and_quotes_what_needs_it() -> None:
    rows = [[None, "", 'say "hi", twice\n', True]]
    assert list(csv_lines(["a", "b", "c,d", "e"], rows)) == ['a,b,"c,d",e', ',"","say ""hi"", twice\n",true']


@pytest.mark.parametrize("option", ["--lake", "--landing"])
def test_a_folder_that_an_empty_variable_names_is_not_the_current_one(option: str, lake: Path) -> None:
    found = CliRunner().invoke(app, ["ingest", "--lake", str(lake), option, " "])
    assert found.exit_code == 2
    assert "names none" in found.output


@pytest.mark.parametrize("command", ["run", "ingest"])
def test_a_landing_folder_that_is_named_and_not_there_is_wrong_usage(command: str, tmp_path: Path) -> None:
    """A run by the clock would load nothing for ever, and be done each time."""
    missing = tmp_path / "lnading"
    found = CliRunner().invoke(app, [command, "--lake", str(tmp_path / "lake"), "--landing", str(missing)])
    assert found.exit_code == 2
    assert "there is no folder" in found.output
    assert not (tmp_path / "lake").exists()
