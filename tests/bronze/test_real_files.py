"""The real data sets are in bronze row by row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyspark.sql import functions as F

from lakehouse.sources.load import load_source
from lakehouse.sources.model import Source
from tests.bronze.shops import Shop

pytestmark = pytest.mark.spark

ROWS = {
    "adventureworks": "sales_lines 56046 returns 1809 customers 18148 products 293 subcategories 37 categories 4"
    " territories 10 calendar 1095",
    "northwind": "order_details 2155 orders 830 customers 91 suppliers 29 products 77 categories 8 shippers 3",
    "olist": "orders 10000 items 11252 customers 10000 products 39074 sellers 3095 categories 142",
    "online_retail": "lines 541909",
}
UNSPLIT = {"northwind": {"orders": 176, "customers": 24, "suppliers": 9}}
FOLDERS = {"adventureworks": ["adventureworks_maven"], "olist": ["olist_sample_10k", "olist_reference"]}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", sorted(ROWS))
def test_real_files_are_in_bronze_row_by_row(shop: Shop, shared_data: Path, name: str) -> None:
    source: Source = load_source(name)
    (shop.landing / name).mkdir(parents=True)
    for folder in FOLDERS.get(name, [name]):
        shutil.copytree(shared_data / folder, shop.landing / name / folder)
    report = shop.ingest(source)
    assert [one.path for one in report.rejected] == (["olist_sample_10k/DATASET_INFO.txt"] if name == "olist" else [])
    words = ROWS[name].split()
    assert report.rows == dict(zip(words[::2], map(int, words[1::2]), strict=True))
    unsplit = {
        kind: shop.lake.read(source.table(kind)).agg(F.count("_corrupt_record")).collect()[0][0]
        for kind in source.files
    }
    assert {kind: rows for kind, rows in unsplit.items() if rows} == UNSPLIT.get(name, {})
