"""What names columns have in Delta."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.column_names import (
    AS_SENT,
    comment_of,
    folded,
    in_backticks,
    name_as_sent,
    stored_name,
)

REFUSED_BY_DELTA = " ,;{}()\n\t="
REFUSED = REFUSED_BY_DELTA + ".`"
_awkward = st.sampled_from(REFUSED + "\"'\\/#[]%:$&+-*?|<>!@^~_\rAaSsÄäßİıé漢7")
_letters = _awkward | st.characters(exclude_categories=["Cs"])
_names = st.text(_letters, min_size=1, max_size=12).filter(str.strip)


@pytest.mark.parametrize(
    "name", ["order_id", "Qty", "2nd", "Order#", "Date/Time", "Größe", "a[0]", "it's", '"x"', "a\\b", "_id", "a\rb"]
)
def test_a_name_that_delta_takes_stays_as_it_is(name: str) -> None:
    assert (stored_name(name), comment_of(name)) == (name, AS_SENT)


@pytest.mark.parametrize("letter", REFUSED)
def test_a_name_with_a_letter_that_is_refused_is_kept_under_another(letter: str) -> None:
    stored = stored_name(f"Unit{letter}Price")
    assert stored.startswith("unit_price__x")
    assert not set(REFUSED) & set(stored)


@pytest.mark.parametrize("name", ["Order #", "Order ()", "Order =", "order\t;"])
def test_names_that_read_alike_stay_two(name: str) -> None:
    assert stored_name(name).startswith("order__x")
    assert stored_name(name) != stored_name("Order ,")


def test_a_safe_name_is_the_same_for_ever() -> None:
    assert stored_name("Unit Price (EUR)") == "unit_price_eur__xb5b4dcff7b"


def test_a_name_of_signs_alone_is_a_column_still() -> None:
    assert stored_name("( )").startswith("column__x")


def test_a_long_name_is_cut() -> None:
    assert len(stored_name("a b" * 100)) <= 73


def test_blanks_around_a_name_are_no_part_of_the_safe_one() -> None:
    assert stored_name(" Qty ") == "Qty"
    assert stored_name("Unit Price ") == stored_name("Unit Price")


def test_a_name_that_is_sent_like_a_safe_one_gets_its_own() -> None:
    safe = stored_name("Unit Price")
    assert len({safe, stored_name(safe), stored_name(safe.upper())}) == 2
    assert stored_name(safe).startswith(f"{safe.replace('__', '_')}__x")


@given(_names)
def test_a_safe_name_is_taken_by_delta_and_by_sql(name: str) -> None:
    assert stored_name(name)
    assert not set(REFUSED) & set(stored_name(name))


@given(_names, _names)
@example("Unit Price", "unit price")
@example("a b", "a  b")
@example("a b", stored_name("a b"))
@example("a b", stored_name("A B").upper())
def test_two_names_are_two_columns(one: str, other: str) -> None:
    is_same = folded(one) == folded(other)
    assume(folded(one.lower()) == folded(one))
    assert (folded(stored_name(one)) == folded(stored_name(other))) == is_same


@given(_names)
@example("Qty ")
@example("As sent, under the name x y")
def test_the_comment_tells_the_name_that_was_sent(name: str) -> None:
    assert name_as_sent(stored_name(name), comment_of(name)) == name


def test_a_comment_that_speaks_of_another_column_is_not_believed() -> None:
    assert name_as_sent("a", comment_of("Unit Price")) == "a"
    assert name_as_sent("a", "As sent, under the name b") == "a"
    assert name_as_sent("a", "") == "a"


def test_a_backtick_in_a_name_is_doubled_in_sql() -> None:
    assert in_backticks("a`b.c") == "`a``b.c`"


def test_a_column_declared_later_changes_no_other() -> None:
    before = bronze_table("shop", "sales", ["Unit Price", "unit.price"])
    after = bronze_table("shop", "sales", [stored_name("Unit Price"), "Unit_Price", "Unit Price", "unit.price"])
    assert set(before.columns) < set(after.columns)
    assert len({name.casefold() for name in after.column_names}) == len(after.column_names)
