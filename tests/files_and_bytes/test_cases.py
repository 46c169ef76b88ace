"""Every case of cases.py comes to what it says: one lake, all files landed at once, through bronze into silver."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.bronze.ingest import ingest
from lakehouse.bronze.ledger import next_batch_id
from lakehouse.lake import Lake
from lakehouse.settings import Calendar
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.model import Source
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.silver import LINEAGE, ORDER_LINES, QUARANTINE, TABLES
from quality.rules import RULES
from tests.files_and_bytes.cases import CASES
from tests.files_and_bytes.lines import AS_OF, COLUMNS, SOURCES, SUPERSEDED, Case
from tests.files_and_bytes.page import PAGE, page

pytestmark = pytest.mark.spark

NOW = datetime(2024, 2, 1, tzinfo=UTC)
MAPPED = {
    "order_id": "concat_ws('-', _name_case, sale)", "line_number": "1", "product_id": "sku", "ordered_at": "at",
    "quantity": "units", "unit_price": "price", "currency": "coin", "ship_city": "city",
}  # fmt: skip
Row = tuple[str, int]
"""SHA-256 of the file, and the row's place in it."""


def declared(name: str, kind: Mapping[str, Any]) -> Source:
    formats: dict[str, Any] = {"date_formats": ["yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"]}
    # Each file has orders of its own, whatever numbers it gives them.
    formats["from_name"] = r"^(?P<case>case_\d+)"
    sales = formats | {"columns": COLUMNS, "optional": ["coin", "city"]} | kind
    feeds = {"order_lines": {"file": "sales", "columns": MAPPED}}
    zone = {"currency": "GBP", "time_zone": "Europe/Berlin", "fingerprint": "f"}
    return Source.model_validate({"name": name, "files": {"sales": sales}, "feeds": feeds} | zone)


def land(path: Path, case: Case) -> None:
    if case.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{path.stem}.csv", case.content)
    else:
        path.write_bytes(case.content)


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """All files in silver."""
    folder = tmp_path_factory.mktemp("files_and_bytes")
    lake = Lake(spark, folder / "lake", run_id="r", as_of=AS_OF)
    for table in TABLES:
        lake.ensure(table)
    for name, kind in SOURCES.items():
        source = declared(name, kind)
        check_source(spark, source)
        (folder / "landing" / name).mkdir(parents=True)
        for number, case in enumerate(CASES):
            if case.source == name:
                land(folder / "landing" / name / f"case_{number}{case.suffix}", case)
        batch = next_batch_id(lake)
        ingest(lake, source, folder / "landing", batch_id=batch, now=NOW)
        build_source(lake, source, RowCriteria(RULES, AS_OF, Calendar()), BatchSelection((), (batch,)))
    return lake


@pytest.fixture(scope="module")
def files(lake: Lake) -> dict[str, tuple[str, int, str]]:
    """SHA-256 -> status, rows and details."""
    return {row["sha256"]: (row["status"], row["rows"], row["details"]) for row in lake.read(INGESTED_FILES).collect()}


@pytest.fixture(scope="module")
def became(lake: Lake) -> dict[Row, Any]:
    """What became of the rows that are in a table: the line, or the reasons."""
    texts = ("unit_price", "ordered_at", "order_date", "order_month")  # exact, and as UTC
    names = [*MAPPED, "order_date", "order_month"]
    values = [F.col(name).cast("string") if name in texts else F.col(name) for name in names]
    place = ("_file_sha256", "_row_in_file")
    lines = lake.read(ORDER_LINES).select(*values, *place).collect()
    refused = lake.read(QUARANTINE).select("reasons", *place).collect()
    found: dict[Row, Any] = {
        (row["_file_sha256"], row["_row_in_file"]): row.asDict() | {"order_id": row["order_id"].split("-", 1)[1]}
        for row in lines
    }
    return found | {(row["_file_sha256"], row["_row_in_file"]): " ".join(row["reasons"]) for row in refused}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_file_comes_to_what_the_page_says(
    files: dict[str, tuple[str, int, str]], became: dict[Row, Any], case: Case
) -> None:
    sha256 = hashlib.sha256(case.content).hexdigest()
    status, rows, details = files[sha256]
    if case.rejected:
        assert (status, f'"{case.rejected}"' in details) == ("rejected", True), details
        return
    assert (status, rows) == ("loaded", len(case.rows))
    for place, expected in enumerate(case.rows, start=1):
        found = became.get((sha256, place), SUPERSEDED)
        if isinstance(expected, str):
            assert found == expected
        else:
            assert not isinstance(found, str), found
            assert {name: found[name] for name in expected} == expected


def test_every_row_is_accounted_for(lake: Lake, files: dict[str, tuple[str, int, str]]) -> None:
    counted = {
        row["_file_sha256"]: row["n"]
        for row in lake.read(LINEAGE).groupBy("_file_sha256").agg(F.sum("rows").alias("n")).collect()
    }
    assert counted == {sha: rows for sha, (status, rows, _) in files.items() if status == "loaded" and rows}


def test_the_page_says_what_the_tests_try() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.files_and_bytes.page`"


def test_no_two_cases_are_the_same_file() -> None:
    assert len({(case.source, case.content) for case in CASES}) == len(CASES)
