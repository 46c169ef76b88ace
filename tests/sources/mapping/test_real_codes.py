"""Which codes of the real Online Retail data are no products."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NO_PRODUCTS = {
    "POST", "DOT", "C2", "23444", "23574",  # postage, carriage, packing
    "BANK CHARGES", "AMAZONFEE", "CRUK",  # fees and commission
    "D", "S", "B", "M", "m", "PADS",  # discounts, samples, bad debt, manual lines, a pad at a tenth of a penny
    "22016", "gift_0001_10", "gift_0001_20", "gift_0001_30", "gift_0001_40", "gift_0001_50",  # vouchers
}  # fmt: skip
DOUBTFUL = {
    "DCGS0003", "DCGS0004", "DCGS0069", "DCGS0070", "DCGS0076", "DCGSSBOY", "DCGSSGIRL",
}  # fmt: skip
"""Codes of another form than a product's that are left as products: goods that the shop sold elsewhere."""
A_PRODUCT = re.compile(r"\d{5}[A-Za-z]{0,2}")


@pytest.fixture(scope="module")
def codes(shared_data: Path) -> dict[str, dict[str, str]]:
    """Stock code -> its dearest line that has a name."""
    found: dict[str, dict[str, str]] = {}
    with gzip.open(shared_data / "online_retail" / "online_retail.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named = row["Description"] and float(row["UnitPrice"]) > 0
            if named and float(row["UnitPrice"]) > float(found.get(row["StockCode"], {"UnitPrice": "0"})["UnitPrice"]):
                found[row["StockCode"]] = row
    return found


@pytest.mark.shared_data
def test_what_is_no_product_is_flagged_and_nothing_else(
    canonical: Callable[..., list[dict[str, Any]]], codes: dict[str, dict[str, str]]
) -> None:
    products = canonical("online_retail", "products", lines=list(codes.values()))
    assert len(products) > 3_900
    assert {row["product_id"] for row in products if not row["is_merchandise"]} == NO_PRODUCTS
    odd = {row["product_id"] for row in products if not A_PRODUCT.fullmatch(row["product_id"])}
    assert odd - NO_PRODUCTS == DOUBTFUL


@pytest.mark.shared_data
def test_no_name_of_what_is_left_speaks_of_a_fee(codes: dict[str, dict[str, str]]) -> None:
    fee = re.compile(r"POSTAGE|NEXT DAY|DISCOUNT|VOUCHER|\bFEE\b|CHARGE\b|COMMISSION|SAMPLES|MANUAL|DEBT|ADJUST", re.I)
    names = {code: row["Description"] for code, row in codes.items() if fee.search(row["Description"])}
    assert set(names) <= NO_PRODUCTS, names
