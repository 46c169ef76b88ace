"""A refusal says what a header lacks, and of a row that is no header nothing that it holds."""

from __future__ import annotations

import pytest

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.headers import check_names
from lakehouse.sources.file_kind import FileKind

KIND = FileKind(
    pattern=("x",), columns=("customer_id", "email", "city", "updated_at", "note"), optional=("note",)
)  # fmt: skip
PERSON = ["C1", "anna@example.com", "Anna", "+44 20 7946 0000"]


def refused(names: list[str]) -> str:
    with pytest.raises(RefusedError) as found:
        check_names(names, KIND)
    return found.value.rejection.detail


@pytest.mark.parametrize(
    "row", [PERSON, [*PERSON, *PERSON], ["customer_id", *PERSON], ["note", *PERSON, "x" * 5_000_000]]
)
def test_a_first_row_that_is_no_header_is_not_quoted(row: list[str]) -> None:
    said = refused(row)
    assert not [value for value in PERSON if value.casefold() in said.casefold().split()]
    assert "anna" not in said.casefold()
    assert len(said) < 400


def test_a_row_that_is_no_header_says_how_many_fields_it_has_and_which_columns_it_lacks() -> None:
    said = refused(PERSON)
    assert "There is no column customer_id, email, city, updated_at" in said
    assert said.endswith(
        ": name in `aliases` what files call it, have the file mended, or declare the column as optional"
    )
    assert "the first row has 4 fields, none of which is like a declared one (is there a header?)" in said


def test_names_that_are_nearly_declared_are_named() -> None:
    said = refused(["CustomerId", "e-mail", "Anna", "when"])
    assert "of which CustomerId, e-mail come near" in said
    assert "Anna" not in said


@pytest.mark.parametrize(
    ("names", "is_shown"), [(["customer_id", "email", "town"], True), (["email", "note", "town"], False)]
)
def test_all_names_are_shown_where_half_of_the_needed_ones_are_there(names: list[str], is_shown: bool) -> None:
    assert ("the file has customer_id, email, town" in refused(names)) == is_shown


def test_a_name_that_comes_twice_is_named_in_a_header_alone() -> None:
    assert "The header names email more than once" in refused(["customer_id", "email", "Email", "city"])
    assert "The header names a column more than once" in refused(["Anna", "anna", "email"])
