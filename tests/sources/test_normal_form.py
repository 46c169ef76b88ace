"""Texts are brought into normal form C unless they surely are in it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from lakehouse.sources.normal_form import is_surely_nfc


@given(st.text(), st.text())
def test_texts_that_surely_are_in_normal_form_stay_so_when_they_are_joined(one: str, other: str) -> None:
    if is_surely_nfc(one) and is_surely_nfc(other):
        assert unicodedata.is_normalized("NFC", one + other)


def test_letters_with_a_mark_of_their_own_are_sure_and_loose_marks_are_not() -> None:
    assert is_surely_nfc("Nîmes, Köln, Łódź, 東京, £")
    assert not is_surely_nfc("Ni\u0302mes")
