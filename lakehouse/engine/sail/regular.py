"""Regular expressions that mean the same to Java, which Spark asks, and to Rust, which Sail asks."""

from __future__ import annotations

import re

FUNCTIONS = (
    *("regexp", "regexp_like", "rlike", "regexp_count", "regexp_extract", "regexp_extract_all", "regexp_instr"),
    *("regexp_replace", "regexp_substr", "split"),
)
"""Functions whose second argument is a regular expression."""
_PART = re.compile(
    r"""[^\\\[\](){}|*+?.$^]
    |\\[^A-Za-z0-9]|\\[nrtAz]
    |\[\^?(?:[^\\\[\]&^]|\\[^A-Za-z0-9]|\\[nrt])+\]
    |\((?:\?:|(?!\?))|\)|\||\^
    |(?:[*+?]|\{\d+(?:,\d*)?\})\??(?![*+?{])""",
    re.VERBOSE | re.DOTALL,
)


def problem_of_pattern(argument: str, *, may_be_empty: bool) -> str:
    """Why a pattern, in quotes, may mean something else to Sail; empty where it does not.

    Java's `\\d`, `\\w` and `\\s` know ASCII alone and Rust's all letters; Java's `.` and `$` know more ends of lines;
    and what fits nothing at all (`may_be_empty`) is found at other places.
    """
    if not re.fullmatch("'.*'", argument, re.DOTALL):
        return "a regular expression that is no text may mean something else"
    pattern = re.sub(r"\\(.)", _unescaped, argument[1:-1].replace("''", "'"), flags=re.DOTALL)
    place = 0
    while place < len(pattern):
        part = _PART.match(pattern, place)
        if part is None:
            odd = pattern[place : place + 2] if pattern[place] == "\\" else pattern[place]
            return f"{odd} in a regular expression may mean something else: write the signs that are meant, as [0-9]"
        place = part.end()
    if not may_be_empty and re.match(pattern, ""):
        return f"a regular expression that fits nothing at all, as {pattern!r}, is found at other places"
    return ""


def _unescaped(escape: re.Match[str]) -> str:
    """What a backslash and a sign in a text of SQL stand for."""
    known = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
    return known.get(escape[1], f"\\{escape[1]}" if escape[1] in "%_" else escape[1])
