"""Works out expressions for single rows as Spark would."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from lakehouse.sources.plain.sql import Node, Unsupported, parsed

Value = str | int | Decimal | bool | None
Row = Mapping[str, Value]
"""Name in lower case -> value; of a joined file the name behind the file's, with a NUL between."""
TEXT, INT, NUMBER, PRODUCT, BOOL, NULL = "text", "int", "number", "product", "bool", "null"
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
    return Expression(node, _type(node, names), names)


def _type(node: Node, names: Names) -> str:
    """The type of a part. Spark turns one type into another where they meet; this only takes what fits as it is."""
    if node.kind == "column":
        if node.value.casefold() not in names.types:
            raise Unsupported(f"no column {node.value}")
        return names.types[node.value.casefold()]
    types = [_type(part, names) for part in node.parts]
    match node.kind:
        case "text" | "int" | "bool" | "null":
            return node.kind
        case "case":
            for condition in types[: len(types) - len(types) % 2 : 2]:
                _only(condition, BOOL)
            results = [*types[1::2], *(types[-1:] if len(types) % 2 else [])]
            return _common(results)
        case "and" | "or" | "not":
            _only_all(types, BOOL)
            return BOOL
        case "is null":
            return BOOL
        case "=" | "<>" | "<" | "<=" | ">" | ">=" | "<=>" | "in":
            _comparable(types)
            return BOOL
        case "*":
            _only_all(types, NUMBER)
            if any(part.kind not in ("number", "abs", "negative") for part in node.parts):
                raise Unsupported("a product of sums")
            return PRODUCT
        case "+" | "-" | "negative" | "abs":
            _only_all(types, NUMBER)
            return NUMBER
    return _function_type(node, types)


def _function_type(node: Node, types: Sequence[str]) -> str:
    count = len(types)
    match node.kind:
        case "coalesce" if count:
            return _common(types)
        case "ifnull" | "nvl" | "nullif" if count == 2:
            _comparable(types)
            return _common(types[:1]) if node.kind == "nullif" else _common(types)
        case "if" if count == 3:
            _only(types[0], BOOL)
            return _common(types[1:])
        case "number" if count == 1:
            _only(types[0], TEXT)
            return NUMBER
        case "concat_ws" if count > 1 and node.parts[0].kind == "text":
            for one in types[1:]:
                _only(one, TEXT, INT)
            return TEXT
        case "split_part" if count == 3 and node.parts[2].kind == "int" and int(node.parts[2].value) > 0:
            _only_all(types[:2], TEXT)
            return TEXT
        case "lpad" | "rpad" if count == 3 and node.parts[1].kind == "int" and node.parts[2].value:
            _only_all((types[0], types[2]), TEXT)
            return TEXT
        case "concat" | "upper" | "lower" | "trim" | "ltrim" | "rtrim" | "btrim" | "replace":
            if not count or count > {"concat": 99, "replace": 3, "upper": 1, "lower": 1, "trim": 1}.get(node.kind, 2):
                raise Unsupported(node.kind)
            _only_all(types, TEXT)
            return TEXT
        case "startswith" | "endswith" | "contains" | "like" if count == 2:
            if node.kind == "like" and (node.parts[1].kind != "text" or "\\" in node.parts[1].value):
                raise Unsupported("like")
            _only_all(types, TEXT)
            return BOOL
    raise Unsupported(f"the function {node.kind}")


def _only(given: str, *allowed: str) -> None:
    if given not in allowed:
        raise Unsupported(f"{given} where {' or '.join(allowed)} is expected")


def _only_all(types: Sequence[str], allowed: str) -> None:
    for one in types:
        _only(one, allowed)


def _common(types: Sequence[str]) -> str:
    """The one type of all that are not NULL."""
    found = set(types) - {NULL}
    if len(found) > 1:
        raise Unsupported(f"{' and '.join(sorted(found))} in one place")
    return found.pop() if found else NULL


def _comparable(types: Sequence[str]) -> None:
    if set(types) - {NULL, NUMBER, INT, PRODUCT}:
        _common(types)


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
            pattern = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in others[0])
            return re.fullmatch(pattern, first, re.DOTALL) is not None
    return _padded(kind, first, int(others[0]), others[1])


def _padded(kind: str, text: str, width: int, pad: str) -> str:
    if len(text) >= width:
        return text[:width]
    filling = (pad * width)[: width - len(text)]
    return filling + text if kind == "lpad" else text + filling
