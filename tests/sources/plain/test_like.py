"""LIKE says what it says in SQL, at once."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from lakehouse.sources.plain.like import is_like


@given(st.text("ab\n%_", max_size=12), st.text("ab\n%_", max_size=8))
def test_it_is_what_a_regular_expression_finds(text: str, pattern: str) -> None:
    written = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in pattern)
    assert is_like(text, pattern) == (re.fullmatch(written, text, re.DOTALL) is not None)


def test_a_text_made_to_hang_a_pattern_is_answered_at_once() -> None:
    began = time.monotonic()
    assert not is_like("a" * 3000, "%a" * 30 + "%b")
    assert time.monotonic() - began < 5
