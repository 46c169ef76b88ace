"""Texts that Spark takes for the present: `'now'` where a time is wanted, `DATE 'today'`, `TIMESTAMP '10:00'`.

What is made of one is another value on another day, so an expression may not hold one. Sail does not know them; they
are refused there too, so that a declaration is good for both or for neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakehouse.engine.model import Node
from lakehouse.sources.mapping.sql_tokens import Token, tokens

_PRESENT = re.compile(
    r"\s*(?:now|(?:today|tomorrow|yesterday)(?:[ \t]*[+-][\d:]+|[ \t]+[a-z][\w/+:-]*)?)\s*", re.IGNORECASE
)
"""With a zone behind it, as Spark allows all but `now`."""
_TYPED = ("date", "timestamp", "timestamp_ltz", "timestamp_ntz")
_A_TYPE = re.compile(r"\b(?:date|timestamp)", re.IGNORECASE)
_SAYS_ITS_DAY = re.compile(r"\s*(?:[+-]?\d{4}|epoch\b)", re.IGNORECASE)


def problem_of_times(sql: str, found: Sequence[Node]) -> str:
    """Why a text of an expression, whose parts these are, is refused; empty where none is."""
    try:
        words = [one for one in tokens(sql) if one.kind != "space"]
    except ValueError as error:  # A comment, in which Spark reads on: what stands before a text is not known.
        words = []
        if _A_TYPE.search(sql):
            return str(error)
    for before, one in zip([None, *words], words, strict=False):
        if one.kind != "text":
            continue
        if before and before.kind == "word" and before.says(*_TYPED) and not _SAYS_ITS_DAY.match(_inside(one)):
            return f"{before.text} {one.text} is taken from the present, which changes by itself: write the day itself"
    texts = [_inside(one) for one in words if one.kind == "text"]
    for text in (*texts, *(node.text for node in found if node.text is not None)):
        if _PRESENT.fullmatch(text):
            return (
                f"the text '{text.strip()}' may be taken for the present, which changes by itself: _file_modified_at is"
                f" a time that stays, and the word itself is found by rlike '^{text.strip()}$'"
            )
    return ""


def _inside(text: Token) -> str:
    """What stands between the quotes of a text; escapes as they are written."""
    return text.text.lstrip("rR")[1:-1]
