from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from lakehouse.sources.mapping.countries import country_lookup

NO_CODE = {"channel islands", "european community", "unspecified"}


@pytest.mark.parametrize("text", ["United Kingdom", "GB", "GBR", "UK", "great britain", "England"])
def test_names_codes_and_aliases_mean_the_same_country(text: str) -> None:
    assert country_lookup()[text.casefold()] == ("GB", "United Kingdom")


@pytest.mark.parametrize(
    ("text", "code"), [("EIRE", "IE"), ("RSA", "ZA"), ("USA", "US"), ("Czech Republic", "CZ"), ("Vietnam", "VN")]
)
def test_what_merchants_write_is_known(text: str, code: str) -> None:
    assert country_lookup()[text.casefold()][0] == code


def test_a_place_without_a_code_keeps_its_name() -> None:
    assert country_lookup()["channel islands"] == (None, "Channel Islands")


def test_unspecified_is_no_country_at_all() -> None:
    assert country_lookup()["unspecified"] == (None, None)


def test_every_alpha_2_code_means_its_own_country() -> None:
    codes = {code for code, _ in country_lookup().values() if code}
    assert len(codes) == 249
    assert all(country_lookup()[code.casefold()][0] == code for code in codes)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("file", "column", "distinct"),
    [
        ("online_retail/online_retail.csv.gz", "Country", 38),
        ("adventureworks_maven/AdventureWorks_Territories.csv.gz", "Country", 6),
    ],
)
def test_every_country_of_the_real_files_has_a_code_or_is_named_here(
    shared_data: Path, file: str, column: str, distinct: int
) -> None:
    with gzip.open(shared_data / file, "rt", encoding="utf-8", newline="") as stream:
        texts = {row[column].strip().casefold() for row in csv.DictReader(stream)}
    assert len(texts) == distinct
    assert {text for text in texts if country_lookup()[text][0] is None} == texts & NO_CODE


@pytest.mark.shared_data
@pytest.mark.parametrize(("file", "place", "width"), [("orders", 13, 14), ("customers", 8, 11)])
def test_every_country_of_northwind_has_a_code(shared_data: Path, file: str, place: int, width: int) -> None:
    with gzip.open(shared_data / "northwind" / f"{file}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        texts = {row[place] for row in list(csv.reader(stream))[1:] if len(row) == width}
    assert texts
    assert all(country_lookup()[text.casefold()][0] for text in texts)
