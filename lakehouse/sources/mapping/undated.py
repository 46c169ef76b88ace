"""Texts that become times without a pattern: one that says no day, as `10:00`, is taken for a time of the present day.

What is made of one is another value on another day, so wherever an engine makes a time of a text by itself there is to
be what surely has its day: a text that was read by a pattern, a date, a time that stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lakehouse.sources.mapping.sql_tokens import Token, closing, split, tokens

Tokens = Sequence[Token]
_TIMES = ("timestamp", "timestamp_ltz", "timestamp_ntz")
_READ_WITHOUT_PATTERN = ("to_timestamp", "to_timestamp_ltz", "to_timestamp_ntz", "try_to_timestamp", *_TIMES)
_TAKE_A_TIME = {
    **dict.fromkeys(("date_format", "hour", "minute", "second", "from_utc_timestamp", "to_utc_timestamp"), (0,)),
    **dict.fromkeys(("unix_seconds", "unix_millis", "unix_micros"), (0,)),
    **dict.fromkeys(("date_trunc", "date_part", "datepart"), (1,)),
    **dict.fromkeys(("timestampadd", "dateadd", "date_add"), (2,)),
    **dict.fromkeys(("timestampdiff", "datediff", "date_diff"), (1, 2)),
    "convert_timezone": (1, 2),
    "months_between": (0, 1),
}
"""Function -> which of its arguments it takes for times, the first being 0."""
_OF_TWO = ("datediff", "date_diff", "date_add", "dateadd")
"""With two arguments these are about days."""
_GIVE_A_TIME = frozenset((
    *_READ_WITHOUT_PATTERN, *_TAKE_A_TIME, "to_date", "try_to_date", "date", "date_sub", "add_months", "last_day",
    "next_day", "trunc", "make_date", "make_timestamp", "make_timestamp_ltz", "make_timestamp_ntz",
    "try_make_timestamp",
    "try_make_timestamp_ltz", "try_make_timestamp_ntz", "timestamp_seconds", "timestamp_millis", "timestamp_micros",
    "date_from_unix_date", "from_unixtime", "cast", "try_cast",
))  # fmt: skip
"""Functions whose value has its day, or that are looked at themselves."""
_NUMBERS = ("int", "integer", "bigint", "long", "smallint", "decimal", "dec", "numeric", "double", "float")
_ONE_OF = {"coalesce": 0, "ifnull": 0, "nvl": 0, "greatest": 0, "least": 0, "if": 1, "nvl2": 1}
"""Function -> the first of its arguments that may be its value."""
_ENDS = (",", "and", "or", "not", "when", "then", "else", "end", "between", "=", "<", ">", "!", "in", "is")
_SAYS_ITS_DAY = re.compile(r"\s*(?:[+-]?\d{4}|epoch\b)", re.IGNORECASE)
_SAID = "a text without a day, as 10:00, becomes one of the present day: try_to_timestamp(…, 'yyyy-MM-dd HH:mm:ss')"


def problem_of_undated(sql: str) -> str:
    """Why an expression may hang on the day of the run; empty where it does not."""
    try:
        found = [one for one in tokens(sql) if one.kind != "space"]
    except ValueError as error:
        return str(error) if re.search("timestamp|date|hour|minute|second", sql, re.IGNORECASE) else ""
    for name, one in _made_times(found):
        if not _is_dated(one):
            return f"{name}: {_SAID}"
    for name, one in _made_days(found):
        if _is_put_together(one):
            return (
                f"{name}: a text that is put together of no column may be taken for the present: write the day itself"
            )
    return ""


def _is_put_together(found: Tokens) -> bool:
    """Whether it is worked out, and of no column: an engine may take such a text for `today`."""
    names = (
        one
        for one, after in zip(found, [*found[1:], Token("sign", "")], strict=True)
        if one.kind in ("word", "quoted") and not after.says("(") and not one.text[0].isdigit()
    )
    return len(found) > 1 and found[0].kind != "sign" and not any(names)


def _calls(found: Tokens) -> Iterator[tuple[str, Tokens]]:
    """Each function in lower case, and what stands in its brackets."""
    for place, (one, after) in enumerate(pairwise(found)):
        if one.kind in ("word", "quoted") and after.says("("):
            yield one.text.strip("`").casefold(), found[place + 2 : closing(found, place + 1)]


def _made_days(found: Tokens) -> Iterator[tuple[str, Tokens]]:
    """What a day is made of by itself, and by what."""
    for name, inner in _calls(found):
        value, *kind = split(inner, "as")
        is_cast = name in ("cast", "try_cast") and bool(kind and kind[0]) and kind[0][0].says("date")
        if is_cast or (name in ("to_date", "try_to_date", "date") and len(split(inner, ",")) == 1):
            yield name, value


def _made_times(found: Tokens) -> Iterator[tuple[str, Tokens]]:
    """What a time is made of by itself, and by what."""
    for name, inner in _calls(found):
        yield from ((name, argument) for argument in _times_of(name, inner))
    for place, one in enumerate(found):
        if one.says(*_TIMES) and found[max(0, place - 2) : place] == [Token("sign", ":")] * 2:
            yield "::", []
        elif one.says("interval") and place and found[place - 1].says("+", "-"):
            yield "INTERVAL", _before(found, place - 1)
        elif one.says(*_TIMES) and place + 1 < len(found) and found[place + 1].kind == "text":
            yield from (("TIMESTAMP", side) for side in _compared(found, place))


def _times_of(name: str, inner: Tokens) -> Iterator[Tokens]:
    if name in ("cast", "try_cast"):
        value, *kind = split(inner, "as")
        if kind and kind[0] and kind[0][0].says(*_TIMES) and not _is_number(value):
            yield value
        return
    if name == "extract":
        _, *of = split(inner, "from")
        yield from of
        return
    arguments = split(inner, ",")
    if name in _READ_WITHOUT_PATTERN and len(arguments) == 1 and not _is_number(arguments[0]):
        yield arguments[0]
    if not (name in _OF_TWO and len(arguments) == 2):
        yield from (arguments[place] for place in _TAKE_A_TIME.get(name, ()) if place < len(arguments))


def _compared(found: Tokens, place: int) -> Iterator[Tokens]:
    """What stands on the other side of a comparison with a time that is written out."""
    before = place - 1
    while before > 0 and found[before].says("=", "<", ">", "!", "between", "not"):
        before -= 1
    if before < place - 1:
        yield _before(found, before + 1)
    after = place + 2
    if after < len(found) and found[after].says("=", "<", ">", "!"):
        while after < len(found) and found[after].says("=", "<", ">", "!"):
            after += 1
        yield _behind(found, after)


def _before(found: Tokens, end: int) -> Tokens:
    """The value that ends in front of that place."""
    depth, start = 0, end
    while start > 0:
        one = found[start - 1]
        depth += one.says(")", "]") - one.says("(", "[")
        if depth < 0 or (depth == 0 and one.says(*_ENDS)):
            break
        start -= 1
    return found[start:end]


def _behind(found: Tokens, start: int) -> Tokens:
    """The value that begins at that place."""
    depth, end = 0, start
    while end < len(found):
        one = found[end]
        depth += one.says("(", "[") - one.says(")", "]")
        if depth < 0 or (depth == 0 and one.says(*_ENDS)):
            break
        end += 1
    return found[start:end]


def _is_dated(found: Tokens) -> bool:
    """Whether the value surely has its day."""
    if not found:
        return False
    first = split(found, "+", "-")[0]
    if len(first) < len(found):
        return _is_dated(first)
    one, end = found[0], len(found) - 1
    if one.says("(") and closing(found, 0) == end:
        return _is_dated(found[1:end])
    if one.says("case") and found[-1].says("end"):
        return all(_is_dated(value) for value in _values_of_case(found))
    if len(found) == 1:
        return one.says("_file_modified_at", "null") or (one.kind == "text" and _says_its_day(one))
    if one.says("date", *_TIMES) and len(found) == 2:
        return found[1].kind == "text"  # `present` looks at what it says
    if len(found) > 2 and found[1].says("(") and closing(found, 1) == end:
        return _is_dated_call(one.text.strip("`").casefold(), split(found[2:end], ","))
    return False


def _is_dated_call(name: str, arguments: Sequence[Tokens]) -> bool:
    if name in ("cast", "try_cast"):
        kind = split(arguments[0], "as")[-1]
        return bool(kind) and kind[0].says("date", *_TIMES)
    if name == "nullif":
        return _is_dated(arguments[0])
    if name in _ONE_OF:
        return all(_is_dated(one) for one in arguments[_ONE_OF[name] :])
    return name in _GIVE_A_TIME


def _values_of_case(found: Tokens) -> Iterator[Tokens]:
    for part in split(found[1:-1], "when", "else"):
        value = split(part, "then")
        if part:
            yield value[-1]


def _is_number(found: Tokens) -> bool:
    """Seconds since 1970, which have their day."""
    if len(found) > 2 and found[0].says("cast", "try_cast") and closing(found, 1) == len(found) - 1:
        kind = split(found[2:-1], "as")[-1]
        return bool(kind) and kind[0].says(*_NUMBERS)
    return len(found) == 1 and found[0].text.isdigit()


def _says_its_day(text: Token) -> bool:
    return bool(_SAYS_ITS_DAY.match(text.text.lstrip("rR")[1:-1]))
