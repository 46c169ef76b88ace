"""Exports as files hold what is published, whole or not at all."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from lakehouse.export import Format, WrongExport, export_files, subject, xlsx_file
from lakehouse.published import PublishedLake, open_published
from lakehouse.tables import gold
from tests.export.shop import AWKWARD, MONEY, NOON, comparable
from tests.lakes import published_star


def one(lake: PublishedLake, name: str, form: str, folder: Path, **options: Any) -> Path:
    [exported] = export_files([subject(lake, name, **options)], Format(form), folder)
    return exported.path


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", [table.name for table in gold.TABLES] + ["gold.vw_customer_lifetime_value"])
def test_parquet_holds_the_same_rows_in_the_same_types(published: PublishedLake, tmp_path: Path, name: str) -> None:
    path = one(published, name, "parquet", tmp_path, with_personal=True)
    columns = pq.read_table(path).to_pydict()
    assert list(columns) == published.sql(f"SELECT * FROM {name} LIMIT 0").columns
    rows = [[dict(v) if _is_map(v) else v for v in row] for row in zip(*columns.values(), strict=True)]
    assert comparable(rows) == comparable(published.sql(f"SELECT * FROM {name}").fetchall())


def _is_map(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], tuple)


def test_parquet_says_what_its_columns_mean(published: PublishedLake, tmp_path: Path) -> None:
    schema = pq.read_schema(one(published, "gold.fact_sales", "parquet", tmp_path))
    assert schema.field("unit_price").metadata == {
        b"comment": b"Price of one unit as stated; where only an amount of the line is, gross_revenue / quantity,"
        b" rounded",
        b"unit": b"currency",
    }
    assert (str(schema.field("unit_price").type), str(schema.field("ordered_at").type)) == (
        "decimal128(18, 4)", "timestamp[us, tz=UTC]",
    )  # fmt: skip
    assert schema.metadata[b"publication"] == b"1"


def test_csv_holds_every_digit_and_tells_null_from_an_empty_text(published: PublishedLake, tmp_path: Path) -> None:
    rows = csv_rows(one(published, "gold.fact_sales", "csv", tmp_path))
    assert [row["unit_price"] for row in rows] == [f"{MONEY:f}", "9.9900"]
    assert {row["ordered_at"] for row in rows} == {"2024-05-01T12:30:15.123456+00:00"}
    text = one(published, "gold.dim_product", "csv", tmp_path).read_text(encoding="utf-8")
    [row] = csv_rows(tmp_path / "gold.dim_product.csv")
    assert (row["product_name"], row["category"], row["subcategory"]) == (AWKWARD, "", "")
    assert f'"{AWKWARD.replace(chr(34), 2 * chr(34))}","",,' in text
    assert (row["valid_from"], row["valid_to"]) == ("0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00")
    assert (row["list_price"], row["is_current"]) == ("-0.0001", "true")


def test_csv_writes_maps_and_lists_as_json(published: PublishedLake, tmp_path: Path) -> None:
    [day] = csv_rows(one(published, "gold.dim_date", "csv", tmp_path))
    assert json.loads(day["holidays"]) == {"GB": 'May "Day"', "FR": "Fête du Travail"}
    found = {row["customer_id"]: row for row in csv_rows(one(published, "gold.customer_predictions", "csv", tmp_path))}
    assert json.loads(found["C11"]["clv_months"]) == [0.1, None, 1e300]
    assert (found["C12"]["clv_months"], found["C13"]["clv_months"]) == ("[]", "")
    assert float(found["C12"]["churn_probability"]) == 1 / 3


def test_no_text_of_a_csv_starts_a_formula(published: PublishedLake, tmp_path: Path) -> None:
    [row] = csv_rows(one(published, "gold.dim_customer", "csv", tmp_path, with_personal=True))
    assert (row["company_name"], row["country_name"]) == ('\'=HYPERLINK("http://x")', "'-1+1")


def sheet(path: Path) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path)["rows"].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_workbook_holds_numbers_days_and_texts_and_no_formula(published: PublishedLake, tmp_path: Path) -> None:
    first, second = sheet(one(published, "gold.fact_sales", "xlsx", tmp_path))
    assert (first["quantity"], second["unit_price"], second["cost"], first["cost"]) == (2, 9.99, 4, None)
    assert first["order_date"] == datetime(2024, 5, 1)
    assert abs(first["ordered_at"].replace(tzinfo=UTC) - NOON).total_seconds() < 0.001
    book = openpyxl.load_workbook(one(published, "gold.dim_customer", "xlsx", tmp_path, with_personal=True))
    cells = {cell.value: cell.data_type for row in book["rows"].iter_rows() for cell in row}
    assert (cells['=HYPERLINK("http://x")'], cells["-1+1"], cells[AWKWARD]) == ("s", "s", "s")
    assert [cell.data_type for row in book["rows"].iter_rows() for cell in row if cell.data_type == "f"] == []
    assert book.properties.created == datetime(2024, 1, 1), "the day of the publication: the same makes the same bytes"
    about = list(book["about"].iter_rows(values_only=True))
    assert ("publication", "1", None) in [row[:3] for row in about]
    assert ("city", "City", None) in [tuple(value or None for value in row[:3]) for row in about]


def test_what_a_cell_cannot_hold_is_a_text_with_all_its_digits(published: PublishedLake, tmp_path: Path) -> None:
    first = sheet(one(published, "gold.fact_sales", "xlsx", tmp_path))[0]
    assert (first["unit_price"], first["customer_key"], first["product_key"]) == (
        f"{MONEY:f}", str(-(2**63)), str(2**63 - 1),
    )  # fmt: skip
    [product] = sheet(one(published, "gold.dim_product", "xlsx", tmp_path))
    assert product["valid_from"] == "0001-01-01T00:00:00+00:00"
    found = {row["customer_id"]: row for row in sheet(one(published, "gold.customer_predictions", "xlsx", tmp_path))}
    assert found["C11"]["churn_probability"] == "nan"
    assert json.loads(found["C11"]["clv_months"]) == [0.1, None, 1e300]


@pytest.mark.parametrize(("rows", "fits"), [(2, True), (1, False)])
def test_more_rows_than_a_sheet_holds_are_refused_in_words(
    published: PublishedLake, tmp_path: Path, rows: int, fits: bool
) -> None:
    sales = subject(published, "gold.fact_sales")
    if fits:
        assert xlsx_file.write(sales, tmp_path / "a.xlsx", rows) == rows
    else:
        with pytest.raises(
            WrongExport, match=r"gold.fact_sales has 2 rows, and a sheet of Excel holds 1: use --format"
        ):
            xlsx_file.write(sales, tmp_path / "a.xlsx", rows)


def test_a_sheet_holds_1048576_rows_with_its_header() -> None:
    assert xlsx_file.MOST_ROWS == 2**20 - 1


@pytest.mark.parametrize(("length", "fits"), [(xlsx_file.LONGEST, True), (xlsx_file.LONGEST + 1, False)])
def test_a_text_that_no_cell_holds_is_refused_and_leaves_no_file(tmp_path: Path, length: int, fits: bool) -> None:
    published_star(tmp_path / "lake", dim_product=[{"product_name": "x" * length}])
    with open_published(tmp_path / "lake") as lake:
        if fits:
            [row] = sheet(one(lake, "gold.dim_product", "xlsx", tmp_path / "out"))
            assert len(row["product_name"]) == length
        else:
            with pytest.raises(WrongExport, match="product_name has 32,768 characters"):
                one(lake, "gold.dim_product", "xlsx", tmp_path / "out")
            assert list((tmp_path / "out").iterdir()) == []
