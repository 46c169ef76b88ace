"""What goes out, what is masked, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lakehouse.export import Subject, WrongExport, all_of_gold, subject
from lakehouse.published import NothingPublished, PublishedLake, UnknownTable, open_published
from lakehouse.tables import gold
from lakehouse.tables.registry import ALL
from lakehouse.tables.types import TEXT
from lakehouse.tables.views import VIEWS
from tests.lakes import publish, write


def rows(one: Subject) -> list[dict[str, object]]:
    answer = one.lake.sql(one.select())
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]


def test_personal_columns_are_masked_where_nothing_else_is_asked_for(published: PublishedLake) -> None:
    [masked] = rows(subject(published, "gold.dim_customer"))
    assert (masked["email"], masked["first_name"], masked["last_name"], masked["birth_date"]) == (
        "***", "***", None, None,
    )  # fmt: skip
    assert masked["customer_id"] == "C1"
    [whole] = rows(subject(published, "gold.dim_customer", with_personal=True))
    assert (whole["email"], whole["birth_date"]) == ("ann@example.com", date(1970, 2, 28))
    assert {name for name in whole if whole[name] != masked[name]} <= set(gold.DIM_CUSTOMER.personal_columns)


def test_what_is_masked_as_null_may_be_null() -> None:
    columns = [(table.name, one) for table in ALL for one in table.columns if one.field.personal and one.type != TEXT]
    assert columns
    assert [f"{name}.{one.name}" for name, one in columns if not one.nullable] == []


def test_all_of_gold_is_every_table_and_view_of_the_publication(published: PublishedLake) -> None:
    assert [one.name for one in all_of_gold(published)] == [one.name for one in (*gold.TABLES, *VIEWS)]


def test_an_older_publication_is_exported_with_what_it_has(tmp_path: Path) -> None:
    old = {"gold.dim_date": write(tmp_path, gold.DIM_DATE, [{"date_key": 1}])}
    publish(tmp_path, 1, old)
    publish(tmp_path, 2, {"gold.dim_date": write(tmp_path, gold.DIM_DATE, [{"date_key": n} for n in (1, 2)])})
    with open_published(tmp_path, 1) as lake:
        assert [(one.name, one.rows()) for one in all_of_gold(lake)] == [("gold.dim_date", 1)]
    with open_published(tmp_path) as lake:
        assert [(one.name, one.rows()) for one in all_of_gold(lake)] == [("gold.dim_date", 2)]


def test_a_column_that_an_older_publication_has_not_is_left_out(tmp_path: Path) -> None:
    older = replace(gold.DIM_GEOGRAPHY, columns=gold.DIM_GEOGRAPHY.columns[:-1])
    publish(tmp_path, 1, {older.name: write(tmp_path, older, [{"geography_key": 1}])})
    with open_published(tmp_path) as lake:
        assert [list(row) for row in rows(subject(lake, older.name))] == [list(older.column_names)]


def test_names_are_taken_in_any_case(published: PublishedLake) -> None:
    assert subject(published, "GOLD.Fact_Sales").name == "gold.fact_sales"


@pytest.mark.parametrize(
    ("name", "error", "says"),
    [
        ("ops.job_runs", WrongExport, "in no publication"),
        ("bronze.shop_orders", WrongExport, "in no publication"),
        ("gold.fact_sale", UnknownTable, "Did you mean gold.fact_sales"),
        ("gold.fact_sales; DROP TABLE x", UnknownTable, "there is no table"),
        ('gold."fact_sales"', UnknownTable, "there is no table"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(
    published: PublishedLake, name: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        subject(published, name)


def test_a_table_that_nothing_declares_is_refused_for_it_may_be_personal(tmp_path: Path) -> None:
    write(tmp_path, gold.DIM_DATE, [])
    (tmp_path / "gold" / "dim_date").rename(tmp_path / "gold" / "secrets")
    publish(tmp_path, 1, {"gold.secrets": 0})
    with open_published(tmp_path) as lake, pytest.raises(WrongExport, match="nothing says what is personal"):
        subject(lake, "gold.secrets")


def test_a_lake_without_publication_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "ops").mkdir()
    with open_published(tmp_path) as lake:
        for ask in (lambda: all_of_gold(lake), lambda: subject(lake, "gold.fact_sales")):
            with pytest.raises(NothingPublished, match="lakehouse run"):
                ask()


def test_a_publication_without_gold_says_so(tmp_path: Path) -> None:
    publish(tmp_path, 1, {})
    with open_published(tmp_path) as lake, pytest.raises(WrongExport, match="publication 1 has no table of gold"):
        all_of_gold(lake)
