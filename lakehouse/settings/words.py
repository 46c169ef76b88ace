"""What is wrong in a file of configuration, place by place, in the words of those who write it."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

WORDS = {
    "missing": "is needed, and is not there",
    "too_short": "is needed, and is empty",
    "string_too_short": "is needed, and is empty",
    "string_type": "must be a text, in quotes",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "dict_type": "must be a table, [in brackets]",
    "model_type": "must be a table, [in brackets]",
    "tuple_type": "must be a list, [in brackets]",
}
"""Kind of error, as pydantic calls it -> what is said of it."""


def said(error: ValidationError, also: Mapping[tuple[int | str, ...], str] | None = None) -> list[str]:
    """One line for each place. `also`: for something that is missing there, what is said instead.

    Words of our own come through as they are.
    """
    return [f"{_place(one['loc'])}{_in_words(one, also or {})}" for one in error.errors()]


def _place(location: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, location))}: " if location else ""


def _in_words(error: ErrorDetails, also: Mapping[tuple[int | str, ...], str]) -> str:
    kind, place = error["type"], error["loc"]
    if kind in ("missing", "too_short") and place in also:
        return also[place]
    if kind == "extra_forbidden":
        return "there is no such key here"
    return WORDS.get(kind, error["msg"]).removeprefix("Value error, ")
