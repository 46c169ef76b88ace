"""The words and signs that an SQL text is made of, as Spark's lexer splits it; each text is its tokens joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["space", "text", "quoted", "word", "sign", "call"]
_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\r\n]*)
    |(?P<text>[rR]'[^']*'|[rR]"[^"]*"|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
    |(?P<quoted>`(?:[^`]|``)*`)
    |(?P<word>\w+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True)
class Token:
    """A word (a name, a keyword, a number), a text in quotes, a name that is no keyword, one other sign, or blanks."""

    kind: Kind
    text: str

    def says(self, *words: str) -> bool:
        """True for one of these keywords, in letters of any case, or one of these signs."""
        return self.kind in ("word", "sign") and self.text.casefold() in words


def tokens(sql: str) -> list[Token]:
    """Raises ValueError for what cannot be split surely."""
    found = [Token(match.lastgroup, match[0]) for match in _TOKEN.finditer(sql)]  # type: ignore[arg-type]
    between = "".join(token.text for token in found if token.kind in ("sign", "space"))
    if "/*" in between or "--" in between:
        raise ValueError("leave out the comment")
    if any(token.kind == "sign" and token.text in "'\"`" for token in found):
        raise ValueError("a quote is not closed")
    _check_brackets(found)
    return [
        Token("quoted", token.text) if token.kind == "word" and place and found[place - 1].says(".") else token
        for place, token in enumerate(found)
    ]


def _check_brackets(found: Sequence[Token]) -> None:
    open_ones: list[str] = []
    for token in found:
        if token.says("(", "["):
            open_ones.append(token.text)
        elif token.says(*_PAIRS) and (not open_ones or open_ones.pop() != _PAIRS[token.text]):
            raise ValueError("a bracket is closed that was not opened")
    if open_ones:
        raise ValueError("a bracket is not closed")


def split(found: Sequence[Token], *words: str) -> list[list[Token]]:
    """The parts between these keywords or signs that stand in no brackets and no CASE."""
    parts: list[list[Token]] = [[]]
    depth = cases = 0
    for token in found:
        depth += token.says("(", "[") - token.says(")", "]")
        if depth == 0:
            cases += token.says("case")
            if not cases and token.says(*words):
                parts.append([])
                continue
            cases -= token.says("end")
        parts[-1].append(token)
    return parts


def joined(found: Sequence[Token]) -> str:
    return "".join(token.text for token in found)


def closing(found: Sequence[Token], start: int) -> int:
    """The place of the bracket that closes the one at `start`."""
    depth = 0
    for place in range(start, len(found)):
        depth += found[place].says("(", "[") - found[place].says(")", "]")
        if depth == 0:
            return place
    raise ValueError("a bracket is not closed")


def end_of_case(found: Sequence[Token], start: int) -> int:
    """The place of the END of the CASE at `start`."""
    depth = cases = 0
    for place in range(start, len(found)):
        depth += found[place].says("(", "[") - found[place].says(")", "]")
        if depth == 0:
            cases += found[place].says("case") - found[place].says("end")
            if cases == 0:
                return place
    raise ValueError("a CASE has no END (a column of that name stands in backticks)")
