"""SQL's LIKE in bounded time: at most the length of the text times that of the pattern, whatever they hold."""

from __future__ import annotations


def is_like(text: str, pattern: str) -> bool:
    """Whether the whole text fits: `%` is any letters or none, `_` any one letter."""
    at = place = 0
    last_any, resumed = -1, 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "%":
            last_any, resumed = place, at
            place += 1
        elif place < len(pattern) and pattern[place] in ("_", text[at]):
            at, place = at + 1, place + 1
        elif last_any >= 0:  # the last % takes one letter more; what those before it took is of no matter
            resumed += 1
            at, place = resumed, last_any + 1
        else:
            return False
    return set(pattern[place:]) <= {"%"}
