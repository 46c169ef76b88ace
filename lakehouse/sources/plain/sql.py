"""Reads the part of Spark's SQL that most expressions of declarations are made of. What it does not know it refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


class Unsupported(Exception):
    """Raised where only Spark can say what an expression means."""


@dataclass(frozen=True)
class Node:
    """A part of an expression: a column, a value that is written out, `case`, an operator, or a function's name."""

    kind: str
    value: str = ""
    parts: tuple[Node, ...] = ()

    @property
    def columns(self) -> set[str]:
        """Names of the columns in it."""
        own = {self.value} if self.kind == "column" else set()
        return own.union(*(part.columns for part in self.parts))


_TOKEN = re.compile(
    r"""\s*(?:(?P<name>`(?:[^`]|``)*`(?:\s*\.\s*(?:`(?:[^`]|``)*`|\w+))?|[A-Za-z_]\w*(?:\s*\.\s*(?:`(?:[^`]|``)*`|\w+))?)
    |(?P<text>'(?:[^'\\]|'')*')|(?P<decimal>\d+\.\d*(?![\w.])|\.\d+(?![\w.]))|(?P<int>\d+(?![\w.]))|(?P<sign><=>|<>|!=|<=|>=|==|\|\||[-+*/=<>(),]))""",
    re.VERBOSE | re.ASCII,
)
_WORDS = frozenset(
    "case when then else end and or not in is null like true false between".split()  # noqa: SIM905
)
_SHOWN = 20
_COMPARISONS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "<=>": "<=>"}


def parsed(sql: str) -> Node:
    """The expression as a tree. Raises Unsupported where it is not, or may not be, understood just as Spark would."""
    reader = _Reader(_tokens(sql))
    node = reader.expression()
    if reader.peek()[0] != "end":
        raise Unsupported(f"what follows an expression (`{reader.peek()[1]}`)")
    return node


def _tokens(sql: str) -> list[tuple[str, str]]:
    if "--" in sql or "/*" in sql:
        raise Unsupported("a comment")
    found, place = [], 0
    text = sql.strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise Unsupported(f"`{text[place:][:_SHOWN]}`")
        kind, value = match.lastgroup, match[match.lastgroup]
        if kind == "name" and value.casefold() in _WORDS:
            kind, value = "word", value.casefold()
        found.append((kind, value))
        place = match.end()
    return found


def column_name(token: str) -> str:
    """A name as it is written, without backticks; `kind.column` keeps its point as a NUL, which no name has."""
    parts = re.findall(r"`((?:[^`]|``)*)`|(\w+)", token, re.ASCII)
    return "\0".join(quoted.replace("``", "`") or bare for quoted, bare in parts)


class _Reader:
    """Goes through tokens from the loosest operator to the tightest."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.tokens = [*tokens, ("end", "")]
        self.place = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place]

    def take(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1]

    def accepts(self, kind: str, value: str) -> bool:
        if self.peek() != (kind, value):
            return False
        self.place += 1
        return True

    def needs(self, kind: str, value: str) -> None:
        if not self.accepts(kind, value):
            raise Unsupported(f"`{self.peek()[1] or 'the end'}` where `{value}` is expected")

    def expression(self) -> Node:
        node = self.conjunction()
        while self.accepts("word", "or"):
            node = Node("or", parts=(node, self.conjunction()))
        return node

    def conjunction(self) -> Node:
        node = self.negation()
        while self.accepts("word", "and"):
            node = Node("and", parts=(node, self.negation()))
        return node

    def negation(self) -> Node:
        return Node("not", parts=(self.negation(),)) if self.accepts("word", "not") else self.predicate()

    def predicate(self) -> Node:
        node = self.sum()
        kind, value = self.peek()
        if kind == "sign" and value in _COMPARISONS:
            self.take()
            return Node(_COMPARISONS[value], parts=(node, self.sum()))
        if self.accepts("word", "is"):
            negated = self.accepts("word", "not")
            self.needs("word", "null")
            return _maybe_not(Node("is null", parts=(node,)), negated)
        negated = self.accepts("word", "not")
        if self.accepts("word", "in"):
            self.needs("sign", "(")
            return _maybe_not(Node("in", parts=(node, *self.arguments("in"))), negated)
        if self.accepts("word", "between"):
            least = self.sum()
            self.needs("word", "and")
            both = Node(">=", parts=(node, least)), Node("<=", parts=(node, self.sum()))
            return _maybe_not(Node("and", parts=both), negated)
        if self.accepts("word", "like"):
            return _maybe_not(Node("like", parts=(node, self.sum())), negated)
        if negated:
            raise Unsupported("not")
        return node

    def sum(self) -> Node:
        node = self.product()
        while self.peek() in (("sign", "+"), ("sign", "-")):
            node = Node(self.take()[1], parts=(node, self.product()))
        return node

    def product(self) -> Node:
        node = self.joined()
        while self.peek() in (("sign", "*"), ("sign", "/")):
            node = Node(self.take()[1], parts=(node, self.joined()))
        return node

    def joined(self) -> Node:
        node = self.unary()
        while self.accepts("sign", "||"):
            node = Node("concat", parts=(node, self.unary()))
        return node

    def unary(self) -> Node:
        return Node("negative", parts=(self.unary(),)) if self.accepts("sign", "-") else self.single()

    def single(self) -> Node:
        kind, value = self.take()
        if kind == "text":
            return Node("text", value[1:-1].replace("''", "'"))
        if kind in ("int", "decimal"):
            return Node(kind, value)
        if (kind, value) == ("sign", "("):
            node = self.expression()
            self.needs("sign", ")")
            return node
        if kind == "word":
            return self.word(value)
        if kind != "name":
            raise Unsupported(f"`{value or 'the end'}` where a value is expected")
        if self.accepts("sign", "("):
            return Node(value.casefold(), parts=self.arguments(value))
        return Node("column", column_name(value))

    def word(self, value: str) -> Node:
        if value == "null":
            return Node("null")
        if value in ("true", "false"):
            return Node("bool", value)
        if value != "case":
            raise Unsupported(f"`{value}` where a value is expected")
        subject = None if self.peek() == ("word", "when") else self.expression()
        parts: list[Node] = []
        while self.accepts("word", "when"):
            condition = self.expression()
            self.needs("word", "then")
            parts += [Node("=", parts=(subject, condition)) if subject else condition, self.expression()]
        if self.accepts("word", "else"):
            parts.append(self.expression())
        self.needs("word", "end")
        return Node("case", parts=tuple(parts))

    def arguments(self, of: str) -> tuple[Node, ...]:
        """What stands between the brackets of a function, of which the first is taken already."""
        found: list[Node] = []
        while not self.accepts("sign", ")"):
            if found and not self.accepts("sign", ","):
                raise Unsupported(f"{of}(…)")
            found.append(self.expression())
        return tuple(found)


def _maybe_not(node: Node, negated: bool) -> Node:
    return Node("not", parts=(node,)) if negated else node
