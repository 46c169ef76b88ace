"""SQL expressions split into words and signs, as far as Sail and Spark surely agree on where one ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:[^'\\]|\\.|'')*')
    |(?P<quoted>`(?:[^`]|``)*`)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:BD|[LSYDF])?(?!\w))
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_BEFORE_TEXTS = ("date", "timestamp", "timestamp_ltz", "timestamp_ntz", "interval")
Rewriting = Callable[[Sequence[str]], str | None]
"""The arguments of a call -> what stands in its place; None where the call stays as it is."""


@dataclass(frozen=True)
class Token:
    """A word (a name or a keyword), a number, a text in quotes, a quoted name, one other sign, or blanks."""

    kind: str
    text: str


@cache
def tokens(sql: str) -> tuple[Token, ...]:
    """Raises ValueError for what cannot surely be split: comments, double quotes, raw texts, open quotes."""
    found = tuple(Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(sql))
    for one, after in zip(found, (*found[1:], Token("end", "")), strict=True):
        if one.kind == "sign" and one.text in "'\"`":
            raise ValueError("a quote that is not closed, or a double one: write texts in single quotes")
        if (one.text, after.text) in (("-", "-"), ("/", "*")):
            raise ValueError("leave out the comment")
        if one.kind == "word" and after.kind == "text" and one.text.casefold() not in _BEFORE_TEXTS:
            raise ValueError(f"{one.text}'…': write the text without a letter before it")
        if one.kind == "text" and after.kind == "text":
            raise ValueError("two texts without a sign between them")
        if one.kind == "text" and "\\'" in one.text:
            raise ValueError("write a quote within a text twice, not behind a backslash")
    return found


def after(found: Sequence[Token], place: int) -> int:
    """The place of the next token that is no blank; the number of tokens where there is none."""
    place += 1
    while place < len(found) and found[place].kind == "space":
        place += 1
    return place


def rewritten(sql: str, rewritings: Mapping[str, Rewriting]) -> str:
    """The expression with some calls in other words, those within their arguments first. As it is where it cannot be
    split: then it is the engine's to refuse."""
    if not any(name in sql.casefold() for name in rewritings):
        return sql
    try:
        return _rewritten(tokens(sql), rewritings)
    except ValueError:
        return sql


def _rewritten(found: Sequence[Token], rewritings: Mapping[str, Rewriting]) -> str:
    text, place = "", 0
    while place < len(found):
        one, bracket = found[place], after(found, place)
        is_call = one.kind == "word" and bracket < len(found) and found[bracket].text == "("
        rewriting = rewritings.get(one.text.casefold()) if is_call else None
        if rewriting is None:
            text, place = text + one.text, place + 1
            continue
        end = closing(found, bracket)
        arguments = [_rewritten(part, rewritings).strip() for part in _arguments(found[bracket + 1 : end])]
        said = rewriting(arguments)
        text += f"{one.text}({', '.join(arguments)})" if said is None else f"({said})"
        place = end + 1
    return text


@dataclass(frozen=True)
class Call:
    """A function in lower case, and its arguments as they stand."""

    name: str
    arguments: tuple[str, ...]


def calls(sql: str) -> Iterator[Call]:
    """Every call of an expression, those within arguments too. Raises ValueError for what cannot be split."""
    found = tokens(sql)
    for place, one in enumerate(found):
        bracket = after(found, place)
        if one.kind in ("word", "quoted") and bracket < len(found) and found[bracket].text == "(":
            parts = _arguments(found[bracket + 1 : closing(found, bracket)])
            texts = tuple("".join(token.text for token in part).strip() for part in parts)
            yield Call(one.text.strip("`").casefold(), texts)


def closing(found: Sequence[Token], start: int) -> int:
    """The place of the bracket that closes the one at `start`. Raises ValueError where none does."""
    depth = 0
    for place in range(start, len(found)):
        depth += (found[place].text in ("(", "[")) - (found[place].text in (")", "]"))
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")


def _arguments(found: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for one in found:
        depth += (one.text in ("(", "[")) - (one.text in (")", "]"))
        if one.text == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def is_written_out(argument: str) -> bool:
    """Whether it is a text between quotes and nothing else."""
    return [one.kind for one in tokens(argument)] == ["text"]
