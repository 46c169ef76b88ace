"""Regular expressions within expressions: which of them could keep Java busy for ever over a few letters of a text.

Java goes back over what it has read. Where a repetition holds another one, or alternatives, a text can be divided among
them in 2^n ways, n being its length, and all of them are tried before it is said not to fit. Repetitions one after the
other are as slow as a power of the length, which texts of a shop's fields do not make long.

Engines other than Spark read each letter once, and have no part of this.

The rule is one of form, and refuses some that would be quick: `(?:\\w+ )*` is written `(?:\\w++ )*+` instead, whose
possessive repetitions keep what they took.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakehouse.engine.model import Node

_PLACES = {
    **dict.fromkeys(("rlike", "regexp", "regexp_like", "regexp_count", "regexp_extract", "regexp_extract_all"), (1,)),
    **dict.fromkeys(("regexp_instr", "regexp_replace", "regexp_substr", "split"), (1,)),
    "str_to_map": (1, 2),
    "parse_url": (2,),
    "try_parse_url": (2,),
}
"""Function -> which of its values are regular expressions, the first being 0."""
_FEW = 4
"""So often at most, a repetition is but some more alternatives."""
_COMMENTS = re.compile(r"\(\?[a-zA-Z]*x")
_PART = re.compile(
    r"""(?P<text>\\Q.*?(?:\\E|\Z)|\\.|[^\\\[\](){}|*+?])
    |(?P<class>\[)
    |(?P<opens>\((?:\?(?:<[A-Za-z]\w*>|[^<>)]*?[:)>=!]|<[=!]))?)
    |(?P<close>\))
    |(?P<or>\|)
    |(?P<repeat>(?:[*+?]|\{(?P<least>\d+)(?P<comma>,?)(?P<most>\d*)\})(?P<way>[+?]?))
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass
class _Group:
    """What a group that is being read holds."""

    is_atomic: bool = False
    divides: bool = False
    """Whether a text can fit it in more ways than one."""


def problem_of_patterns(found: Sequence[Node]) -> str:
    """Why a regular expression of an expression, whose parts these are, is refused; empty where none is."""
    for pattern in _patterns(found):
        if pattern is None:
            return "a regular expression is written out, and not worked out from columns"
        if _COMMENTS.search(pattern):
            return f"the regular expression {pattern} has comments: write it without (?x)"
        if repeated := _divided(pattern):
            return (
                f"the regular expression {repeated} repeats what repeats or has alternatives, which can take for ever:"
                " write possessive repetitions, (?:a++b)*+"
            )
    return ""


def _patterns(found: Sequence[Node]) -> Iterator[str | None]:
    """Each regular expression; None for one that is no text as it stands."""
    for place, node in enumerate(found):
        numbers = (1,) if node.kind == "RLike" else _PLACES.get(node.name.casefold(), ())
        for number in numbers:
            if number < node.children:
                yield found[_child(found, place, number)].text


def _child(found: Sequence[Node], place: int, number: int) -> int:
    """Where the child of that number is; parts stand in front of their own parts."""
    at = place + 1
    for _ in range(number):
        at = _behind(found, at)
    return at


def _behind(found: Sequence[Node], place: int) -> int:
    at = place + 1
    for _ in range(found[place].children):
        at = _behind(found, at)
    return at


def _divided(pattern: str) -> str:
    """The first repetition that a text can fit in 2^n ways, as it stands; empty where there is none."""
    starts, groups = [0], [_Group()]
    last, last_start, place = _Group(), 0, 0
    while match := _PART.match(pattern, place):
        if match["repeat"]:
            if _is_long(match) and last.divides and match["way"] != "+":
                return pattern[last_start : match.end()]
            varies = match["least"] is None or bool(match["comma"])
            last = _Group(divides=match["way"] != "+" and (last.divides or varies))
        else:
            groups[-1].divides |= last.divides  # no repetition follows that could keep what it took
            last, last_start = _Group(divides=bool(match["or"])), place
            if match["close"] and len(groups) > 1:
                last, last_start = groups.pop(), starts.pop()
                last.divides = last.divides and not last.is_atomic
            elif match["opens"] and not match["opens"].endswith(")"):
                starts.append(place)
                groups.append(_Group(is_atomic=match["opens"] == "(?>"))
        place = _end_of_class(pattern, place) if match["class"] else match.end()
    return ""


def _is_long(repeat: re.Match[str]) -> bool:
    if repeat["least"] is None:
        return not repeat["repeat"].startswith("?")
    most = repeat["most"] or ("" if repeat["comma"] else repeat["least"])
    return not most or int(most) > _FEW


def _end_of_class(pattern: str, start: int) -> int:
    """Behind the `]` of a class, which may hold classes."""
    depth, place = 0, start
    while place < len(pattern):
        depth += {"[": 1, "]": -1}.get(pattern[place], 0)
        place += 2 if pattern[place] == "\\" else 1
        if not depth:
            break
    return place
