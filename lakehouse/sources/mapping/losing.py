"""What makes NULL of a value in silence, and what makes NULL because its author says so."""

from __future__ import annotations

from collections.abc import Sequence

from lakehouse.sources.mapping.sql_tokens import Token, closing, end_of_case, joined, tokens

_READ = """
    cast element_at from_csv from_json get get_json_object make_date make_timestamp parse_json parse_url regexp_substr
    to_binary to_date to_number to_time to_timestamp to_timestamp_ltz to_timestamp_ntz to_unix_timestamp unhex
    """
_LOSES = frozenset(_READ.split())
"""Functions that give NULL for what they cannot read, beside those that begin with `try_`."""
_SAYS_SO = frozenset(["nullif", "nullifzero"])


def says_nothing_itself(sql: str) -> bool:
    """Whether an expression makes NULL of what is there by words that mean just that: `nullif`, a CASE without ELSE,
    or NULL itself as a value."""
    found = _words(sql)
    return any(
        token.says(*_SAYS_SO)
        or (token.says("null") and not _asks(found[:place]))
        or (token.says("case") and _is_open(found, place))
        for place, token in enumerate(found)
    )


def losing_calls(sql: str) -> list[str]:
    """The calls in an expression that give NULL for what they cannot read, each as SQL of its own."""
    if "->" in sql:  # What a lambda names is no column.
        return []
    found = _words(sql)
    return [
        joined(_spaced(found[place : closing(found, place + 1) + 1]))
        for place, token in enumerate(found[:-1])
        if token.kind == "word" and _loses(token.text.casefold()) and found[place + 1].says("(")
    ]


def _loses(name: str) -> bool:
    return name in _LOSES or name.startswith("try_")


def _words(sql: str) -> list[Token]:
    """The tokens without blanks; none where the text cannot be split."""
    try:
        return [token for token in tokens(sql) if token.kind != "space"]
    except ValueError:
        return []


def _spaced(found: Sequence[Token]) -> list[Token]:
    blank = Token("space", " ")
    return [one for token in found for one in (token, blank)][:-1]


def _asks(before: Sequence[Token]) -> bool:
    """IS NULL, IS NOT NULL."""
    return bool(before) and before[-1].says("is", "not")


def _is_open(found: Sequence[Token], start: int) -> bool:
    """Whether the CASE at `start` has no ELSE of its own."""
    try:
        end = end_of_case(found, start)
    except ValueError:
        return True
    depth = cases = 0
    for token in found[start + 1 : end]:
        depth += token.says("(", "[") - token.says(")", "]")
        cases += token.says("case") - token.says("end")
        if depth == cases == 0 and token.says("else"):
            return False
    return True
