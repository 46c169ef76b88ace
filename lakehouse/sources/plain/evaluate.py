"""Works out expressions for single rows as Spark would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from lakehouse.sources.plain.like import is_like
from lakehouse.sources.plain.sql import Node, parsed
from lakehouse.sources.plain.types import type_of

Value = str | int | Decimal | bool | None
Row = Mapping[str, Value]
"""Name in lower case -> value; of a joined file the name behind the file's, with a NUL between."""
_NINTH, _EXACT = Decimal("1e-9"), Context(prec=200)
"""Spark keeps nine decimals of the product of two amounts."""


class UnreadError(Exception):
    """Raised where a text is there that `number()` cannot read."""


@dataclass(frozen=True)
class Names:
    """The names that an expression may use, in lower case, with their types; and how it reads numbers."""

    types: Mapping[str, str]
    read_number: Callable[[str], Decimal | None]


@dataclass(frozen=True)
class Expression:
    """An expression with its type, to be worked out for one row after the other."""

    node: Node
    type: str
    names: Names

    def __call__(self, row: Row) -> Value:
        return _value(self.node, row, self.names)


def compiled(sql: str, names: Names) -> Expression:
    """Raises Unsupported where Spark might see something else in it."""
    node = parsed(sql)
    return Expression(node, type_of(node, names.types), names)


def _value(node: Node, row: Row, names: Names) -> Value:
    match node.kind:
        case "column":
            return row.get(node.value.casefold())
        case "text":
            return node.value
        case "int":
            return int(node.value)
        case "bool":
            return node.value == "true"
        case "null":
            return None
        case "case" | "coalesce" | "if" | "and" | "or" | "ifnull" | "nvl":
            return _lazily(node, row, names)
    values = [_value(part, row, names) for part in node.parts]
    match node.kind:
        case "not":
            return None if values[0] is None else not values[0]
        case "is null":
            return values[0] is None
        case "<=>":
            return values[0] == values[1]
        case "in":
            return _is_in(values[0], values[1:])
        case "concat_ws":
            return str(values[0]).join(str(one) for one in values[1:] if one is not None)
        case "nullif":
            return None if values[0] is not None and values[0] == values[1] else values[0]
        case "number":
            return _number(values[0], names)
    return None if None in values else _of_values(node.kind, values)


def _number(text: Value, names: Names) -> Decimal | None:
    if text is None:
        return None
    found = names.read_number(str(text))
    if found is None:
        raise UnreadError(str(text))
    return found


def _lazily(node: Node, row: Row, names: Names) -> Value:
    """Of what may not be looked at before it is known to be needed."""
    if node.kind in ("coalesce", "ifnull", "nvl"):
        found = (value for part in node.parts if (value := _value(part, row, names)) is not None)
        return next(found, None)
    if node.kind in ("and", "or"):
        decisive = node.kind == "or"
        values = [_value(part, row, names) for part in node.parts]
        return decisive if decisive in values else None if None in values else not decisive
    parts = node.parts
    for place in range(0, len(parts) - 1, 2):
        if _value(parts[place], row, names) is True:
            return _value(parts[place + 1], row, names)
    return _value(parts[-1], row, names) if len(parts) % 2 else None


def _is_in(value: Value, listed: Sequence[Value]) -> bool | None:
    if value is None:
        return None
    return True if value in [one for one in listed if one is not None] else None if None in listed else False


def _of_values(kind: str, values: Sequence[Value]) -> Value:
    """Of values none of which is NULL; their types were looked at before."""
    first, *others = values
    match kind:
        case "=":
            return first == others[0]
        case "<>":
            return first != others[0]
        case "<":
            return first < others[0]  # type: ignore[operator]
        case "<=":
            return first <= others[0]  # type: ignore[operator]
        case ">":
            return first > others[0]  # type: ignore[operator]
        case ">=":
            return first >= others[0]  # type: ignore[operator]
        case "+":
            return first + others[0]  # type: ignore[operator]
        case "-":
            return first - others[0]  # type: ignore[operator]
        case "*":
            product = _EXACT.multiply(first, others[0])  # type: ignore[arg-type]
            return product.quantize(_NINTH, ROUND_HALF_UP, _EXACT)
        case "negative":
            return -first  # type: ignore[operator]
        case "abs":
            return abs(first)  # type: ignore[arg-type, return-value]
    return _of_texts(kind, str(first), [str(one) for one in others])


def _of_texts(kind: str, first: str, others: Sequence[str]) -> Value:
    match kind:
        case "concat":
            return first + "".join(others)
        case "upper" | "lower":
            return first.upper() if kind == "upper" else first.lower()
        case "trim" | "btrim":
            return first.strip(others[0] if others else " ")
        case "ltrim":  # with two values the letters to be taken away come first
            return others[0].lstrip(first) if others else first.lstrip(" ")
        case "rtrim":
            return others[0].rstrip(first) if others else first.rstrip(" ")
        case "replace":
            return first.replace(others[0], others[1] if len(others) > 1 else "") if others[0] else first
        case "split_part":
            parts, place = (first.split(others[0]) if others[0] else [first]), int(others[1])
            return parts[place - 1] if place <= len(parts) else ""
        case "startswith":
            return first.startswith(others[0])
        case "endswith":
            return first.endswith(others[0])
        case "contains":
            return others[0] in first
        case "like":
            return is_like(first, others[0])
    return _padded(kind, first, int(others[0]), others[1])


def _padded(kind: str, text: str, width: int, pad: str) -> str:
    if len(text) >= width:
        return text[:width]
    filling = (pad * width)[: width - len(text)]
    return filling + text if kind == "lpad" else text + filling
