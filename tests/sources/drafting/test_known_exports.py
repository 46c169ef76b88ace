"""Exports that are known by the names of their columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakehouse.bronze.discover import kind_of
from lakehouse.bronze.headers import known_as
from lakehouse.settings import ConfigurationError, source_names
from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.drafting.known_exports import known_exports
from lakehouse.sources.load import read_source

EXPORTS = Path(__file__).parents[1] / "exports"
NAMES = ("amazon", "etsy", "magento", "olist", "shopify", "square", "stripe", "woocommerce")


def test_every_shipped_export_has_made_up_files_and_none_is_looked_for_by_runs() -> None:
    assert {one.name for one in known_exports()} >= set(NAMES)
    assert {path.name for path in EXPORTS.iterdir() if path.is_dir()} == set(NAMES)
    assert not set(source_names()) & set(NAMES) - {"olist"}


@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_recognised_and_its_declaration_takes_its_files(name: str, tmp_path: Path) -> None:
    text = draft_source("mine", EXPORTS / name)
    (export,) = [one for one in known_exports() if one.name == name]
    assert f"[feeds.order_lines]{export.text.split('[feeds.order_lines]')[1]}" in text
    assert "# choose:" in text
    declared = tmp_path / "mine.toml"
    declared.write_text(text, encoding="utf-8")
    source = read_source(declared)
    assert source.title == "Mine"
    assert {kind_of(path.name, source) for path in (EXPORTS / name).iterdir()} <= set(source.files)
    assert "has no files with the columns of these" not in text


def test_names_of_columns_are_known_whatever_their_case(tmp_path: Path) -> None:
    sent = (EXPORTS / "shopify" / "orders_export_1.csv").read_text(encoding="utf-8")
    header, rows = sent.split("\n", 1)
    (tmp_path / "May.csv").write_text(f"{header.upper()}\n{rows}", encoding="utf-8")
    text = draft_source("mine", tmp_path)
    assert 'pattern = "May.csv"' in text
    assert 'order_status = """CASE WHEN `Cancelled at`' in text
    assert 'currency = "EUR"' in text


@pytest.mark.parametrize("mark", ["_", "-"])
def test_names_of_columns_are_known_with_marks_in_place_of_blanks(tmp_path: Path, mark: str) -> None:
    sent = (EXPORTS / "shopify" / "orders_export_1.csv").read_text(encoding="utf-8")
    header, rows = sent.split("\n", 1)
    (tmp_path / "May.csv").write_text(f"{header.replace(' ', mark)}\n{rows}", encoding="utf-8")
    (tmp_path / "customers.csv").write_text(
        "First_Name,Last Name,Email,Default_Address_City,Total Spent,Total Orders\nAnn,Lee,a@b.de,Bath,1,1\n",
        encoding="utf-8",
    )
    text = draft_source("mine", tmp_path)
    declared = tmp_path / "mine.toml"
    declared.write_text(text, encoding="utf-8")
    source = read_source(declared)
    assert source.files["orders"].aliases["Lineitem sku"] == (f"Lineitem{mark}sku",)
    assert "Name" not in source.files["orders"].aliases
    assert "Default_Address_City" in source.files["customers"].aliases["City"]
    assert source.files["customers"].aliases["Zip"] == ("Default Address Zip",)
    assert known_as([f"{name}".replace(" ", mark) for name in source.files["orders"].columns], source.files["orders"])


def test_a_file_that_lacks_a_column_is_not_taken_for_the_export(tmp_path: Path) -> None:
    sent = (EXPORTS / "shopify" / "orders_export_1.csv").read_text(encoding="utf-8")
    (tmp_path / "May.csv").write_text(sent.replace("Lineitem price", "Lineitem worth"), encoding="utf-8")
    assert "Cancelled at` IS NOT NULL" not in draft_source("mine", tmp_path)


def test_files_beside_an_export_are_asked_about(tmp_path: Path) -> None:
    for path in (EXPORTS / "shopify").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "weather.csv").write_text("place,rain\nLeeds,yes\n")
    text = draft_source("mine", tmp_path)
    assert "# choose: Shopify has no files with the columns of these" in text
    assert "[files.weather]" in text


def test_an_export_can_be_named_before_there_is_a_file(tmp_path: Path) -> None:
    assert "[feeds.order_lines]" in draft_source("mine", tmp_path, "etsy")
    with pytest.raises(ConfigurationError, match="there are amazon, "):
        draft_source("mine", tmp_path, "ebay")
