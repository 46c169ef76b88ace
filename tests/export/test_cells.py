"""No cell of a CSV file starts a formula, and other texts stay as they are."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakehouse.export.cells import safe_cell, safe_cell_sql


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@sum", "\t=1", "\r=1", " =1"])
def test_what_would_start_a_formula_is_a_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-7.00", "+1,5", "A=1", "", "1-2", "AB1 2CD"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(alphabet=st.sampled_from("=+-@.,1a' \t\r\n\f\vé"), max_size=5))
def test_duckdb_makes_of_a_text_what_python_makes_of_it(text: str) -> None:
    query = f"SELECT {safe_cell_sql('x')} FROM (SELECT ?::VARCHAR AS x)"
    assert duckdb.execute(query, [text]).fetchall() == [(safe_cell(text),)]
