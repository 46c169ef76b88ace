"""What of an expression Sail works out otherwise than Spark, and without a word: such an expression is Spark's to do.

Found by asking both engines for each function over edge values (`python -m bench.parity`), which tests/engine/sail/
test_parity.py does again: what differs in silence is refused here. What Sail stops at needs no mention: then Spark
does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from lakehouse.engine.sail.arithmetic import problem_of_arithmetic
from lakehouse.engine.sail.regular import FUNCTIONS, problem_of_pattern
from lakehouse.engine.sail.texts import Call, Token, calls, tokens

_BY_WHAT_DIFFERS = {
    "numbers above 127": "char chr",
    "ties are rounded otherwise, and decimals lose their point": "format_number format_string printf",
    "ties are rounded away from zero, not to even": "rint bround",
    "the last digits of doubles, zero below zero, infinities": "acos acosh asin asinh atan atan2 atanh cbrt cos cosh"
    " cot csc exp expm1 hypot ln log log10 log1p log2 pow power sec sin sinh sqrt tan tanh degrees radians sign signum"
    " width_bucket isnan nanvl months_between",
    "how numbers and blanks are written, and what is NULL": "get_json_object json_array_length from_json to_json"
    " json_object_keys str_to_map from_csv to_csv",
    "instants before 1970 are rounded up": "unix_seconds unix_millis to_unix_timestamp",
    "fractions of a second are lost": "timestamp_seconds",
    "Spark has no times of day yet": "time make_time to_time try_to_time time_diff time_trunc",
    "quotients keep other digits: round(a / nullif(b, 0), 4)": "try_divide",
    "a NULL among the values": "array_contains",
    "numbers below zero, and texts that go on with other signs": "conv",
    "places that there are not are NULL": "elt",
    "decimals": "hash",
    "letters behind signs": "initcap",
    "NULL is not valid": "is_valid_utf8",
    "letters beyond 65,535": "mask",
    "a backslash": "quote",
    "where words end": "sentences",
}
NAMES = {name: why for why, names in _BY_WHAT_DIFFERS.items() for name in names.split()}
"""Function -> what it takes otherwise."""
_WHOLE = re.compile(r"\d+")
_KINDS = ("double", "float", "real")
_TIMES = re.compile(
    r"timestamp(?:_\w+)?\s*[('`]|\bAS\s+TIMESTAMP|_file_modified_at|date_trunc|convert_timezone", re.IGNORECASE
)
"""What gives a time."""


def unlike(sql: str) -> str:
    """What Sail would work out otherwise, in words; empty where nothing. Raises ValueError for what cannot be split."""
    found = [one for one in tokens(sql) if one.kind != "space"]
    return next(filter(None, _problems(sql, found)), "")


def _problems(sql: str, found: Sequence[Token]) -> Iterator[str]:
    for call in calls(sql):
        yield _about_call(call)
    yield from map(_about_token, found, (*found[1:], Token("end", "")))
    yield _about_joined_times(sql, found)
    yield problem_of_arithmetic(sql)


def _about_call(call: Call) -> str:
    if why := NAMES.get(call.name):
        return f"{call.name}: {why}"
    check = _CHECKS.get(call.name)
    if check and (why := check(call.arguments)):
        return f"{call.name}: {why}"
    if call.name not in FUNCTIONS or len(call.arguments) < 2:
        return ""
    return problem_of_pattern(call.arguments[1], may_be_empty=call.name in ("regexp", "regexp_like", "rlike"))


def _about_token(one: Token, after: Token) -> str:
    word = one.text.casefold()
    if one.kind == "word" and word in _KINDS:
        return f"{one.text}: a double is rounded by what it is in binary: DECIMAL is exact"
    if one.kind == "number" and re.search("[eEfF]|(?<![bB])[dD]", one.text):
        return f"{one.text} is a double, which is rounded by what it is in binary: write a decimal"
    if one.kind == "word" and word in ("rlike", "regexp") and after.kind == "text":
        return problem_of_pattern(after.text, may_be_empty=True)
    return ""


def _about_joined_times(sql: str, found: Sequence[Token]) -> str:
    """A time that becomes text on its own ends in zeros."""
    joins = any((one.text, after.text) == ("|", "|") for one, after in pairwise(found))
    joins = joins or any(call.name in ("concat", "concat_ws", "array_join") for call in calls(sql))
    return (
        "a time within a text ends in zeros: date_format says how it is written"
        if joins and _has_bare_time(sql)
        else ""
    )


def _has_bare_time(sql: str) -> bool:
    """Whether a time stands anywhere but as what date_format writes."""
    for call in calls(sql):
        if call.name == "date_format":
            sql = sql.replace(call.arguments[0], "", 1)
    return bool(_TIMES.search(sql))


# ── what the arguments decide ────────────────────────────────────────────────────────────────────────────────────────


def _letters(arguments: Sequence[str]) -> str:
    if len(arguments) == 2 and not _WHOLE.fullmatch(arguments[1]):
        return "a number of letters below zero counts from the other end: write the number itself"
    return ""


def _substring(arguments: Sequence[str]) -> str:
    text = re.fullmatch(r".*\bFROM\s+(\S+).*", arguments[0], re.IGNORECASE | re.DOTALL) if len(arguments) == 1 else None
    start = text[1] if text else (arguments[1] if len(arguments) > 1 else "")
    return "" if _WHOLE.fullmatch(start) else "a start in front of a text: write the number itself, from 1"


def _locate(arguments: Sequence[str]) -> str:
    is_at_start = len(arguments) < 3 or (_WHOLE.fullmatch(arguments[2]) and arguments[2] != "0")
    return "" if is_at_start else "a place before the text: write the number itself, from 1"


def _extract(arguments: Sequence[str]) -> str:
    field = re.split(r"\s|,", " ".join(arguments).strip("' "), maxsplit=1)[0].strip("'")
    return "days of a week count from 0: dayofweek(…)" if field.casefold().startswith(("dow", "dayofweek")) else ""


def _encode(arguments: Sequence[str]) -> str:
    return "" if [one.upper() for one in arguments[1:]] == ["'UTF-8'"] else "UTF-16 begins with a mark"


def _cast(arguments: Sequence[str]) -> str:
    found = re.fullmatch(r"(.*)\bAS\s+(\w+)\b.*", arguments[0], re.IGNORECASE | re.DOTALL) if arguments else None
    value, kind = (found[1], found[2].casefold()) if found else ("", "")
    if kind == "date" and not _TIMES.search(value):
        return "a text with a time: to_date(…, 'yyyy-MM-dd')"
    if kind in ("bigint", "long") and _TIMES.search(value):
        return "instants before 1970 are rounded up"
    return ""


def _try_cast(arguments: Sequence[str]) -> str:
    if arguments and re.search(r"\bAS\s+(DECIMAL|DEC|NUMERIC)\b", arguments[0], re.IGNORECASE):
        return "numbers with an exponent, as 1e3, are NULL: number(…)"
    return _cast(arguments)


_CHECKS: dict[str, Callable[[Sequence[str]], str]] = {
    "left": _letters,
    "right": _letters,
    "substring": _substring,
    "substr": _substring,
    "locate": _locate,
    "position": _locate,
    "extract": _extract,
    "date_part": _extract,
    "datepart": _extract,
    "encode": _encode,
    "cast": _cast,
    "try_cast": _try_cast,
}
"""Function -> what its arguments must be for Sail to take it as Spark does."""
