"""The declarations of tables hold together, and the dictionary's page says what they say."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from lakehouse.tables import bronze, gold
from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.dictionary import markdown
from lakehouse.tables.feeds import FEEDS, Feed
from lakehouse.tables.fields import FIELDS, GROUPS
from lakehouse.tables.model import Column, Field, Table, View
from lakehouse.tables.registry import ALL, DECLARED
from lakehouse.tables.types import CURRENCY_UNIT, MONEY
from lakehouse.tables.views import VIEWS

ALL_COLUMNS = [column for one in DECLARED.values() for column in one.columns]
UNIT_OF_SUFFIX = {
    "_amount": {CURRENCY_UNIT},
    "_revenue": {CURRENCY_UNIT},
    "_price": {CURRENCY_UNIT},
    "_cost": {CURRENCY_UNIT},
    "_units": {"units"},
    "_lines": {"lines"},
    "seconds": {"s"},
    "bytes": {"bytes"},
    "_rate": {"reporting currency per currency", "share of units", "share of lines", "share of revenue"},
}
TYPE_OF_SUFFIX = {"_at": "TIMESTAMP", "_on": "DATE", "_date": "DATE", "_month": "DATE", "_id": "STRING"}
NOT_A_WORD_OF_THE_DATA = {
    "and", "as", "between", "case", "else", "end", "exists", "false", "in", "is", "not", "null", "or", "then",
    "cardinality", "true", "when", "length", "upper", "lower",
}  # fmt: skip


def tables_and_views() -> list[Table | View]:
    return list(DECLARED.values())


def test_no_name_has_two_fields_or_two_tables() -> None:
    counts = Counter(one.name for group in GROUPS for one in group)
    assert counts
    assert [name for name, count in counts.items() if count > 1] == []
    assert len(DECLARED) == len(ALL) + len(VIEWS)


def test_every_field_is_used_by_a_table_or_view() -> None:
    used = {column.name for column in ALL_COLUMNS} | {column.name for column in bronze.TECHNICAL}
    assert sorted(FIELDS.keys() - used) == []


@pytest.mark.parametrize("one", tables_and_views(), ids=lambda one: one.name)
def test_no_table_has_a_column_twice_or_one_that_the_dictionary_does_not_hold(one: Table | View) -> None:
    names = [column.name for column in one.columns]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [column.name for column in one.columns if FIELDS.get(column.name) is not column.field] == []


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_keys_and_partitions_are_columns_and_never_null(table: Table) -> None:
    assert table.key
    for name in (*table.key, *table.partitioned_by):
        assert not table.column(name).nullable, name


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_references_lead_to_the_key_of_a_table_by_columns_of_one_type(table: Table) -> None:
    for reference in table.references:
        target = DECLARED[reference.to]
        assert isinstance(target, Table)
        assert reference.to_columns == target.key
        own = [table.column(name).type for name in reference.columns]
        assert own == [target.column(name).type for name in reference.to_columns]


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_checks_speak_of_columns_and_allow_null_where_the_column_does(table: Table) -> None:
    for condition in table.checks.values():
        words = set(re.findall(r"[a-z_][a-z_0-9]*", re.sub(r"'[^']*'", "", condition).lower())) - NOT_A_WORD_OF_THE_DATA
        assert words
        assert words <= set(table.column_names)
        for name in words:
            assert not table.column(name).nullable or f"{name} IS NULL OR" in condition, (name, condition)


def test_amounts_of_money_have_a_currency_for_unit_and_their_row_names_it() -> None:
    for field in FIELDS.values():
        assert (field.type == MONEY) == (field.unit == CURRENCY_UNIT), field.name
    for one in tables_and_views():
        names = {column.name for column in one.columns}
        assert "currency" in names or all(column.field.unit != CURRENCY_UNIT for column in one.columns), one.name


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)
def test_units_and_types_match_the_ending_of_the_name(field: Field) -> None:
    for suffix, units in UNIT_OF_SUFFIX.items():
        if field.name.endswith(suffix):
            assert field.unit in units
    for suffix, kind in TYPE_OF_SUFFIX.items():
        if field.name.endswith(suffix) and field.unit is None and field.name not in ("batch_id", "_batch_id"):
            assert field.type in (kind, "INT") if suffix == "_month" else field.type == kind
    if field.name.startswith(("is_", "has_")):
        assert field.type == "BOOLEAN"
    if field.name.endswith("_key") and field.name not in ("unit_key", "_unit_key"):
        assert field.type in ("BIGINT", "INT")


@pytest.mark.parametrize("field", FIELDS.values(), ids=lambda field: field.name)
def test_every_field_says_what_it_means(field: Field) -> None:
    assert len(field.meaning) >= len("City")
    assert not field.meaning.endswith(".")


def test_gold_goes_without_deletion_vectors() -> None:
    assert [table.name for table in gold.TABLES if table.deletion_vectors] == []


def test_tables_stand_in_the_layer_that_their_name_says() -> None:
    for name in DECLARED:
        assert re.fullmatch(r"(silver|gold|ops)\.[a-z][a-z_]*", name)
    assert bronze_table("shop", "orders", ["id"]).name == "bronze.shop_orders"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_reads_just_the_tables_that_it_declares(view: View) -> None:
    assert set(re.findall(r"\b(?:silver|gold|ops)\.\w+", view.sql)) == set(view.reads)
    assert set(view.reads) <= {table.name for table in gold.TABLES}


@pytest.mark.parametrize("feed", FEEDS.values(), ids=lambda feed: feed.name)
def test_feeds_name_columns_of_their_table(feed: Feed) -> None:
    columns = set(feed.table.column_names)
    assert set(feed.given) <= columns
    assert set(feed.required) <= set(feed.given)
    assert set(feed.defaults) <= set(feed.given)
    assert set(feed.unit) <= set(feed.key) <= columns
    assert feed.happened_at is None or feed.happened_at in columns


def test_the_page_of_the_dictionary_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == markdown(), "run `lakehouse tables --markdown > docs/data-dictionary.md`"


def test_the_page_has_every_column_with_its_meaning() -> None:
    text = markdown()
    for column in (*ALL_COLUMNS, *bronze.TECHNICAL):
        assert f"| `{column.name}` | `{_type(column)}` | {column.field.meaning}" in text


def _type(column: Column) -> str:
    return column.type if column.nullable else f"{column.type} NOT NULL"
