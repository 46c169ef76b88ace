"""docs/exports.md: its commands are typed as they stand, and its tables are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl

from lakehouse.export import xlsx_file
from lakehouse.export.cells import safe_cell
from lakehouse.export.postgres.ddl import postgres_type
from lakehouse.tables import gold
from tests.docs.pages import ROOT, block, words
from tests.export.postgres.conftest import address, server
from tests.export.shop import make_shop

__all__ = ["address", "server"]
NAME = "docs/exports.md"
PAGE = (ROOT / NAME).read_text(encoding="utf-8")


def typed(command: str, folder: Path) -> str:
    """What a command of the page prints in a folder with a lake; its script is that of the checkout."""
    program, *arguments = words(command)
    if program == "lakehouse":
        start = [sys.executable, "-m", "jobs.cli"]
    else:
        start = [sys.executable, str(ROOT / arguments.pop(0))]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([*start, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_for_files_make_the_files_that_the_page_names(tmp_path: Path) -> None:
    make_shop(tmp_path / "lake")
    for command in block(NAME, "lakehouse export gold.fact_sales").commands:
        typed(command, tmp_path)
    names = {path.name for path in (tmp_path / "exports").iterdir()}
    assert {"gold.fact_sales.parquet", "gold.customer_rfm.xlsx", "gold.vw_sales_overview.csv"} <= names
    assert {f"{name}.json" for name in names if not name.endswith(".json")} <= names
    assert openpyxl.load_workbook(tmp_path / "exports" / "gold.customer_rfm.xlsx").sheetnames == ["rows", "about"]


def test_the_commands_for_postgresql_export_and_then_find_nothing_to_do(tmp_path: Path, address: str) -> None:
    make_shop(tmp_path / "lake")
    found = block(NAME, "lakehouse export --postgres")
    [one] = set(re.findall(r"postgresql://\S+", found.text))
    first, second = (typed(command.replace(one, address), tmp_path) for command in found.commands)
    assert "gold holds publication 1 (as of 2024-01-01)" in first
    assert second == "gold holds publication 1 already: nothing to do\n"


def test_the_types_are_those_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `([A-Z]\S+)` \| `([^`]+)` \|$", PAGE, re.MULTILINE))
    assert rows == {declared: postgres_type(declared) for declared in rows}
    kinds = {re.sub(r"[(<].*", "", column.type) for table in gold.TABLES for column in table.columns}
    assert {re.sub(r"[(<].*", "", declared) for declared in rows} == kinds


def test_limits_and_examples_are_those_of_the_code() -> None:
    assert f"{xlsx_file.MOST_ROWS + 1:,} rows" in PAGE
    assert f"{xlsx_file.LONGEST:,} characters" in PAGE
    assert f"of {len(gold.FACT_SALES.columns)} columns" in PAGE
    [(before, after, stays)] = re.findall(r"`(\S+)` becomes `(\S+)`, `(\S+)` stays", PAGE)
    assert (safe_cell(before), safe_cell(stays)) == (after, stays)
