"""`number(…)` and `minor(…)` in expressions: found, taken out, and told where a value hangs on what they read.

Spark has no such functions. Each call stands for a column that is worked out beforehand, or for SQL of functions that
Spark has. A text that is there and does not read makes the whole value unsure, whatever the expression does with it;
but not in a branch that is not taken: so each call knows under which conditions its value is asked for. Where these
cannot be told, there are fewer of them: a row too many is refused then, never one too few.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from lakehouse.sources.mapping.sql_tokens import Token, closing, end_of_case, joined, split, tokens

NAMES = ("number", "minor")
_MAY_CALL = re.compile(rf"\b(?:{'|'.join(NAMES)})\s*\(", re.IGNORECASE)
_FIRST_THERE = ("coalesce", "nvl", "ifnull")
_NO_CASE = "a CASE is not WHEN … THEN … (a column of that name stands in backticks)"
Conditions = tuple[str, ...]
Tokens = Sequence[Token]


@dataclass(frozen=True)
class Call:
    """One call."""

    name: str
    argument: str
    """SQL of what is read."""
    asked: Conditions = ()
    """SQL conditions that all hold where its value counts; calls within them stand as in `Calls.sql`."""


@dataclass(frozen=True)
class Calls:
    """An expression and the calls in it: in `sql` the one in place n stands as `held(n)`."""

    sql: str
    calls: tuple[Call, ...] = ()

    def filled(self, text: str, values: Sequence[str]) -> str:
        """The expression, or a condition of it, with SQL in the place of each call."""
        for place, value in enumerate(values):
            text = text.replace(held(place), value)
        return text

    def unsure(self, values: Sequence[str], unread: Sequence[str]) -> str:
        """SQL that is true where the value hangs on a text that does not read; `unread` says so of each call."""
        terms = (
            " AND ".join([nothing, *(self.filled(one, values) for one in call.asked)])
            for call, nothing in zip(self.calls, unread, strict=True)
        )
        return f"coalesce({' OR '.join(f'({term})' for term in terms)}, false)"


def held(place: int) -> str:
    """What stands for a call."""
    return f"`<number {place}>`"


@cache
def calls_in(sql: str) -> Calls:
    """The calls of an expression. Raises ValueError where it cannot be told what is called, or when."""
    if not _MAY_CALL.search(sql):
        return Calls(sql)
    found, calls = _taken_out(tokens(sql))
    if not calls:
        return Calls(sql)
    asked: dict[str, Conditions] = {}
    _walk(found, (), asked)
    return Calls(
        joined(found),
        tuple(Call(call.name, call.argument, asked[held(place)]) for place, call in enumerate(calls)),
    )


def _taken_out(found: Tokens) -> tuple[list[Token], list[Call]]:
    """The tokens with each call as one of them, and the calls."""
    rest: list[Token] = []
    calls: list[Call] = []
    place = 0
    while place < len(found):
        if (bracket := _bracket_of(found, place)) is None:
            rest.append(found[place])
            place += 1
            continue
        end = closing(found, bracket)
        calls.append(Call(found[place].text.casefold(), _argument(found[place].text, found[bracket + 1 : end])))
        rest.append(Token("call", held(len(calls) - 1)))
        place = end + 1
    return rest, calls


def _bracket_of(found: Tokens, place: int) -> int | None:
    """The place of the bracket of the call that begins here; None where none does."""
    if found[place].kind != "word" or not found[place].says(*NAMES):
        return None
    return _bracket_after(found, place)


def _bracket_after(found: Tokens, place: int) -> int | None:
    after = next((one for one in range(place + 1, len(found)) if found[one].kind != "space"), None)
    return after if after is not None and found[after].says("(") else None


def _argument(name: str, found: Tokens) -> str:
    text = joined(found).strip()
    if not text or len(split(found, ",")) > 1:
        raise ValueError(f"{name}() takes one text")
    if any(_bracket_of(found, place) is not None for place in range(len(found))):
        raise ValueError(f"{name}() within number() or minor(): what is read is no text any more")
    return text


def _walk(found: Tokens, asked: Conditions, into: dict[str, Conditions]) -> None:
    """Notes for each call within an expression, asked for under conditions, under which it is."""
    if not any(token.kind == "call" for token in found):
        return
    for word, settled in (("or", "NOT coalesce(({0}), false)"), ("and", "coalesce(({0}), true)")):
        parts = _whole_ranges(split(found, word)) if word == "and" else split(found, word)
        if len(parts) > 1:
            # What one of them settles, the others need not say.
            for place, part in enumerate(parts):
                others = (settled.format(joined(one)) for other, one in enumerate(parts) if other != place)
                _walk(part, (*asked, *others), into)
            return
    _walk_chain(found, asked, into)


def _whole_ranges(parts: list[list[Token]]) -> list[list[Token]]:
    """BETWEEN … AND … is one condition."""
    whole: list[list[Token]] = []
    for part in parts:
        if whole and len(split(whole[-1], "between")) - 1 > len(split(whole[-1], "and")) - 1:
            whole[-1] = [*whole[-1], Token("word", "AND"), *part]
        else:
            whole.append(part)
    return whole


def _walk_chain(found: Tokens, asked: Conditions, into: dict[str, Conditions]) -> None:
    place = 0
    while place < len(found):
        token = found[place]
        if token.kind == "call":
            into[token.text] = asked
        elif token.says("case"):
            end = end_of_case(found, place)
            _walk_case(found[place + 1 : end], asked, into)
            place = end
        elif token.says("(", "["):
            end = closing(found, place)
            name = next((one.text for one in reversed(found[:place]) if one.kind != "space"), "").casefold()
            _walk_arguments(name, split(found[place + 1 : end], ","), asked, into)
            place = end
        place += 1


def _walk_case(inner: Tokens, asked: Conditions, into: dict[str, Conditions]) -> None:
    subject, *branches = split(inner, "when")
    if not branches:
        raise ValueError(_NO_CASE)
    of = joined(subject).strip()
    _walk(subject, asked, into)
    *_, last = branches
    last, *otherwise = split(last, "else")
    for branch in (*branches[:-1], last):
        parts = split(branch, "then")
        if len(parts) != 2 or len(split(branch, "else")) > 1:
            raise ValueError(_NO_CASE)
        condition, result = parts
        _walk(condition, asked, into)
        holds = f"coalesce(({of}) = ({joined(condition)}), false)" if of else f"coalesce(({joined(condition)}), false)"
        _walk(result, (*asked, holds), into)
        asked = (*asked, f"NOT {holds}")
    for rest in otherwise:
        _walk(rest, asked, into)


def _walk_arguments(name: str, parts: list[list[Token]], asked: Conditions, into: dict[str, Conditions]) -> None:
    """What a function is given: some ask for an argument only where others say so."""
    texts = [joined(part) for part in parts]
    for place, part in enumerate(parts):
        more: Conditions = ()
        if name in _FIRST_THERE:
            more = tuple(f"({text}) IS NULL" for text in texts[:place])
        elif name == "if" and place:
            holds = f"coalesce(({texts[0]}), false)"
            more = (holds if place == 1 else f"NOT {holds}",)
        elif name == "nvl2" and place:
            more = (f"({texts[0]}) IS {'NOT ' if place == 1 else ''}NULL",)
        _walk(part, (*asked, *more), into)
