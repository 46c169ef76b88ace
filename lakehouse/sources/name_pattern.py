"""Regular expressions on names of files, in time that grows with the name and no faster, whatever both are.

RE2, which Arrow has within, never goes back over what it has read. So it knows neither look-around nor back-references;
all else of Python's notation means here what it means there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_PART = re.compile(r"\\.|\[\^?\]?|\]|\(\?|[^\\\[\](]+|.", re.DOTALL)
_LETTERS = {
    r"\w": r"[\p{L}\p{N}_]",
    r"\W": r"[^\p{L}\p{N}_]",
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\Z": r"\z",
}
"""What means letters of all languages to Python, and those of ASCII to RE2."""


class WrongPattern(ValueError):
    """No regular expression, or one that cannot be searched in bounded time."""


@cache
def groups(pattern: str) -> tuple[str, ...]:
    """The names of its groups. Raises WrongPattern."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        kind = pc.extract_regex(pa.array([""]), _in_re2(pattern)).type
    except pa.ArrowInvalid as error:
        raise WrongPattern(f"{error} (look-around and back-references are not known)") from error
    return tuple(field.name for field in kind)


def values(pattern: str, name: str) -> Mapping[str, str] | None:
    """What each named group finds in the name, without those that find nothing; None where the name does not fit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    [found] = pc.extract_regex(pa.array([name]), _in_re2(pattern)).to_pylist()
    return None if found is None else {key: value for key, value in found.items() if value}


@cache
def _in_re2(pattern: str) -> str:
    """The pattern with groups that have no name as such that are not kept, and letters of all languages.

    Raises WrongPattern.
    """
    parts, in_class = [], False
    for part in _PART.findall(pattern):
        if in_class:
            if part == r"\W":
                raise WrongPattern(r"\W within [] is not known: name the signs")
            in_class = part != "]"
            parts.append(_LETTERS[part][1:-1] if part == r"\w" else _LETTERS.get(part, part))
        elif part == "(":
            parts.append("(?:")
        else:
            in_class = part.startswith("[")
            parts.append(_LETTERS.get(part, part))
    return "".join(parts)
