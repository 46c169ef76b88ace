"""What an expression is made of, told from its words: Sail hands out no tree.

Whatever is not surely a part that an expression may have is told as one that it may not. So a text that is refused here
may be taken by Spark's parser, never the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence

from lakehouse.engine.model import Node
from lakehouse.engine.sail.texts import Token, after, tokens

_KINDS = {
    "select": "ScalarSubquery",
    "with": "ScalarSubquery",
    "values": "ScalarSubquery",
    "table": "ScalarSubquery",
    "over": "WindowExpression",
    "within": "WindowExpression",
    "identifier": "ExpressionWithUnresolvedIdentifier",
}
"""Word -> what it begins."""
_SIGNS = frozenset("()[]+-*/%<>=!|&^~,.")
_BEFORE_BRACKETS = frozenset(
    {
        *("and", "or", "not", "in", "is", "case", "when", "then", "else", "end", "between", "like", "ilike", "rlike"),
        *("regexp", "any", "all", "some", "div", "distinct", "escape", "from", "for", "by", "as", "cast", "try_cast"),
        *("interval", "decimal", "dec", "numeric", "varchar", "char", "array", "map", "struct", "exists"),
    }
)
"""Words of the syntax that may stand before a bracket. What each makes of it is a function that may be, or no call."""
_SYNTAX = _BEFORE_BRACKETS | {"null", "true", "false", "date", "timestamp"}


def nodes(sql: str) -> list[Node]:
    """Every call, name and strange part of the expression. Raises ValueError where it cannot surely be split."""
    found = [one for one in tokens(sql) if one.kind != "space"]
    made: list[Node] = []
    for place, one in enumerate(found):
        follows = after(found, place)
        is_called = follows < len(found) and found[follows].text == "("
        is_field = place > 0 and found[place - 1].text == "."
        name = one.text[1:-1].replace("``", "`") if one.kind == "quoted" else one.text
        word = one.text.casefold() if one.kind == "word" else ""
        if one.kind == "sign" and one.text not in _SIGNS:
            made.append(Node(f"the sign {one.text}", ""))
        elif one.text == "*" and not _is_product(found, place):
            made.append(Node("UnresolvedStar", ""))
        elif word == "from" and place > 0 and found[place - 1].text == "(":
            made.append(Node("ScalarSubquery", ""))
        elif word in _KINDS and not is_field:
            made.append(Node(_KINDS[word], ""))
        elif one.kind in ("word", "quoted") and is_called and not (word in _BEFORE_BRACKETS and not is_field):
            made.append(Node("UnresolvedFunction", f"{found[place - 2].text}, {name}" if is_field else name))
        elif one.kind in ("word", "quoted") and not is_field and word not in _SYNTAX:
            made.append(Node("UnresolvedAttribute", name))
    return made


def _is_product(found: Sequence[Token], place: int) -> bool:
    """Whether a star stands between two values."""
    if place == 0 or place + 1 == len(found):
        return False
    before, behind = found[place - 1], found[place + 1]
    return (before.kind != "sign" or before.text in ")]") and (behind.kind != "sign" or behind.text in "(+-~.")
