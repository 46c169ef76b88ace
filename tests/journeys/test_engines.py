"""A shop by both engines: the same tables, row by row; and a lake that one of them began goes on with the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.wiring import pipeline, rebuilt
from lakehouse.delta import duck
from lakehouse.delta.log import table_path
from lakehouse.published.publications import chosen
from lakehouse.settings import load_settings
from lakehouse.tables import ops
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED
from lakehouse.world.generate import Request, generate
from lakehouse.world.profile import load_profile
from tests.docs.pages import ROOT
from tests.journeys.compare import contents
from tests.session_options import put_back

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(3000)]
PROFILE = load_profile("tiny")
FIRST_UNTIL, UNTIL = date(2024, 11, 25), PROFILE.end
OF_A_RUN = {
    *("run_id", "started_at", "ended_at", "seconds", "judged_at", "published_at", "left_at", "modified_at", "details"),
    *("written_upon", "data_file", "bytes", "sha256", "table_versions", "table_notes"),
}
"""Columns of ops that tell of a run, of its files and of when that was."""
OPS = tuple(table for table in ops.TABLES if table is not ops.DATA_FILES)


@pytest.fixture(scope="module")
def folder(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two lakes of one shop: what came first by one engine each, what came then by the other."""
    root = tmp_path_factory.mktemp("engines")
    with put_back(spark):
        made(spark, root, PROFILE.start, FIRST_UNTIL)
        by_spark(root, "spark_first")
        by_sail(root, "sail_first")
        for lake in ("spark_first", "sail_first"):
            shutil.copytree(root / lake, root / f"{lake}_then")
        made(spark, root, FIRST_UNTIL, UNTIL)
        by_sail(root, "spark_first_then")
        by_spark(root, "sail_first_then")
        yield root


def made(spark: SparkSession, root: Path, first: date, until: date) -> None:
    generate(spark, Request(PROFILE, 7, 1.0, first, until, clean=False), root / "landing", lambda _: None)


def by_spark(root: Path, lake: str) -> None:
    settings = load_settings(lake=root / lake, landing=root / "landing", as_of=UNTIL, engine="spark")
    assert pipeline.run(settings, ["shop"]).exit_code == 0


def by_sail(root: Path, lake: str) -> None:
    """In a process of its own, on a machine without Java."""
    places = ["--lake", str(root / lake), "--landing", str(root / "landing"), "--source", "shop"]
    without = {name: value for name, value in os.environ.items() if not name.startswith(("JAVA", "SPARK", "PYSPARK"))}
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", "--debug", "run", *places, "--as-of", str(UNTIL), "--engine", "sail"],
        env={**without, "PATH": str(root / "nothing"), "PYTHONPATH": str(ROOT)},
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert not (root / lake / "logs" / "spark.log").exists() or lake.startswith("spark")


def rows_of(lake: Path, table: Table) -> list[Any]:
    """The rows of a table of ops over what the engines must agree on."""
    path = table_path(lake, table)
    if not duck.is_table(path):
        return []
    names = ", ".join(f'"{name}"' for name in table.business_columns if name not in OF_A_RUN)
    with duck.connect() as connection:
        found = connection.sql(
            f"SELECT CAST(t AS VARCHAR) FROM (SELECT {names} FROM ({duck.scan(connection, path)})) AS t"
        )
        return sorted(found.fetchall())


@pytest.mark.parametrize("then", ["", "_then"], ids=["the first files", "the files that came then"])
@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.name)
def test_both_engines_publish_the_same_rows(folder: Path, table: Table, then: str) -> None:
    spark, sail = (contents(folder / f"{first}_first{then}", [table]) for first in ("spark", "sail"))
    assert spark == sail


@pytest.mark.parametrize("then", ["", "_then"], ids=["the first files", "the files that came then"])
@pytest.mark.parametrize("table", OPS, ids=lambda table: table.name)
def test_both_engines_note_the_same_doings(folder: Path, table: Table, then: str) -> None:
    spark, sail = (rows_of(folder / f"{first}_first{then}", table) for first in ("spark", "sail"))
    assert spark == sail


@pytest.mark.parametrize(("lake", "by"), [("sail_first_then", "spark"), ("spark_first_then", "sail")])
def test_what_both_made_is_what_either_makes_from_bronze(folder: Path, tmp_path: Path, lake: str, by: str) -> None:
    """Each lake has two publications by different engines, rebuilt by the one that made the first or the second."""
    settings = load_settings(lake=folder / lake, landing=folder / "landing", as_of=UNTIL, engine=by)
    for number in (1, 2):
        twin = tmp_path / f"twin{number}"
        twin.mkdir()
        proof = rebuilt(settings, chosen(folder / lake, number), twin)
        assert proof.holds, (proof.differing, proof.missing)


def test_there_is_something_to_compare(folder: Path) -> None:
    found = contents(folder / "sail_first_then")
    assert {table.name for table in PUBLISHED} - {name for name, rows in found.items() if rows} <= EMPTY
    before = contents(folder / "sail_first")
    assert len(found["gold.fact_sales"]) > len(before["gold.fact_sales"]) > 600


EMPTY = {
    "gold.customer_features",
    "gold.customer_predictions",
    "gold.demand_forecast",
    "gold.fact_order_charges",
    "gold.model_curves",
    "gold.model_scores",
    "silver.fx_rates",
    "silver.left_out",
    "silver.order_charges",
    "silver.payments",
}
"""Tables that have no rows for this shop, without models."""
