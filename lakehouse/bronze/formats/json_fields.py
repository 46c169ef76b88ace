"""One line of JSON as texts, each exactly as sent."""

from __future__ import annotations

import json
from typing import Any

_SPACE = " \t\r\n"
_texts = json.JSONDecoder(object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str)


def json_fields(line: str) -> dict[str, str | None] | None:
    """Name -> text of each field of the object that the line holds; None where the line is not one object.

    Numbers keep their digits (1.10 stays 1.10), nested values are their own JSON text, null is None. A name that
    comes twice makes the line unreadable: one of the two values would be lost.
    """
    try:
        fields = _flat_fields(line)
        if "\\u" in line:
            json.dumps(fields, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return None
    return fields


def _flat_fields(line: str) -> dict[str, str | None]:
    """Raises ValueError where the line is not one object."""
    pairs = _texts.decode(line)
    if not line.lstrip(_SPACE).startswith("{"):
        raise ValueError("not an object")
    if not all(value is None or isinstance(value, str) for _, value in pairs):
        pairs = _pairs_as_sent(line)
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name comes twice")
    return fields


def _pairs_as_sent(line: str) -> tuple[tuple[str, str | None], ...]:
    """The fields of a line that is known to be a JSON object, each value cut out of the line as it stands."""
    pairs: list[tuple[str, str | None]] = []
    place = _skip(line, _skip(line, 0) + 1)
    while line[place] != "}":
        if line[place] == ",":
            place = _skip(line, place + 1)
        name, place = _texts.raw_decode(line, place)
        start = _skip(line, _skip(line, place) + 1)
        value, end = _texts.raw_decode(line, start)
        pairs.append((name, _as_sent(value, line[start:end])))
        place = _skip(line, end)
    return tuple(pairs)


def _as_sent(value: Any, text: str) -> str | None:
    return value if value is None or isinstance(value, str) else text


def _skip(line: str, place: int) -> int:
    while line[place] in _SPACE:
        place += 1
    return place
