"""What types an expression and its parts have, and which expressions are left to Spark since theirs do not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lakehouse.sources.plain import decimals
from lakehouse.sources.plain.decimals import is_decimal
from lakehouse.sources.plain.sql import Node, Unsupported

TEXT, INT, BOOL, NULL, TIME = "text", "int", "bool", "null", "time"
NUMBER = "decimal(26,12)"
"""What `number(…)` gives: as wide as money is."""
MINOR = "minor"
"""What `minor(…)` gives: a number that is compared and taken, but not computed with here."""


@dataclass(frozen=True)
class Typed:
    """A part of an expression, with its type."""

    kind: str
    value: str
    parts: tuple[Typed, ...]
    type: str


def typed(node: Node, columns: Mapping[str, str]) -> Typed:
    """The parts with their types; `columns` has those of the names. Raises Unsupported.

    Spark turns one type into another where they meet; this only takes what fits as it is, and decimals.
    """
    parts = tuple(typed(part, columns) for part in node.parts)
    return Typed(node.kind, node.value, parts, _type_of(node, parts, columns))


def _type_of(node: Node, parts: Sequence[Typed], columns: Mapping[str, str]) -> str:
    types = [part.type for part in parts]
    match node.kind:
        case "column":
            if node.value.casefold() not in columns:
                raise Unsupported(f"no column {node.value}")
            return columns[node.value.casefold()]
        case "text" | "int" | "bool" | "null":
            return node.kind
        case "decimal":
            return decimals.of_literal(node.value)
        case "case":
            for condition in types[: len(types) - len(types) % 2 : 2]:
                _only(condition, BOOL)
            return _common([*types[1::2], *(types[-1:] if len(types) % 2 else [])])
        case "and" | "or" | "not":
            _only_all(types, BOOL)
            return BOOL
        case "is null":
            return BOOL
        case "=" | "<>" | "<" | "<=" | ">" | ">=" | "<=>" | "in":
            _comparable(types)
            return BOOL
        case "*" | "/" | "+" | "-" | "try_divide" if len(parts) == 2 and any(map(is_decimal, types)):
            return decimals.result_of({"try_divide": "/"}.get(node.kind, node.kind), *map(_operand, parts))
        case "negative" if node.parts[0].kind == "int":
            return INT
        case "abs" | "negative" if len(parts) == 1 and is_decimal(types[0]):
            return types[0]
    return _function_type(node, parts, types)


def _operand(part: Typed) -> str:
    """The decimal that a number is where it meets a decimal."""
    if is_decimal(part.type):
        return part.type
    literal = part.parts[0] if part.kind == "negative" else part
    if literal.kind == "int":
        return decimals.of_literal(literal.value)
    raise Unsupported(f"{part.type} in a sum or product")


def _function_type(node: Node, parts: Sequence[Typed], types: Sequence[str]) -> str:
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
        case "number" | "minor" if count == 1:
            _only(types[0], TEXT)
            return NUMBER if node.kind == "number" else MINOR
        case "round" if count in (1, 2) and is_decimal(types[0]):
            return decimals.rounded_to(types[0], _whole(parts[1]) if count == 2 else 0)
        case "try_to_timestamp" if count == 2 and parts[1].kind == "text":
            _only(types[0], TEXT)
            return TIME
        case "date_format" if count == 2 and parts[1].kind == "text":
            _only(types[0], TIME)
            return TEXT
    return _text_function(node, parts, types)


def _text_function(node: Node, parts: Sequence[Typed], types: Sequence[str]) -> str:
    count = len(types)
    match node.kind:
        case "concat_ws" if count > 1 and parts[0].kind == "text":
            for one in types[1:]:
                _only(one, TEXT, INT)
            return TEXT
        case "split_part" if count == 3 and _whole(parts[2]) > 0:
            _only_all(types[:2], TEXT)
            return TEXT
        case "lpad" | "rpad" if count == 3:
            _whole(parts[1])
            _only_all((types[0], types[2]), TEXT)
            return TEXT
        case "left" | "right" if count == 2 and _whole(parts[1]) >= 0:
            _only(types[0], TEXT)
            return TEXT
        case "substring" | "substr" if count in (2, 3) and _whole(parts[1]) > 0 and _whole(parts[-1]) >= 0:
            _only(types[0], TEXT)
            return TEXT
        case "length" if count == 1:
            _only(types[0], TEXT)
            return INT
        case "concat" | "upper" | "lower" | "trim" | "ltrim" | "rtrim" | "btrim" | "replace":
            if not count or count > {"concat": 99, "replace": 3, "upper": 1, "lower": 1, "trim": 1}.get(node.kind, 2):
                raise Unsupported(node.kind)
            _only_all(types, TEXT)
            return TEXT
        case "startswith" | "endswith" | "contains" | "like" if count == 2:
            if node.kind == "like" and (parts[1].kind != "text" or "\\" in parts[1].value):
                raise Unsupported("like")
            _only_all(types, TEXT)
            return BOOL
    raise Unsupported(f"the function {node.kind}")


def _whole(part: Typed) -> int:
    """A whole number that is written out, not below zero."""
    if part.kind != "int":
        raise Unsupported("a place that is worked out")
    return int(part.value)


def _only(given: str, *allowed: str) -> None:
    if given not in allowed:
        raise Unsupported(f"{given} where {' or '.join(allowed)} is expected")


def _only_all(types: Sequence[str], allowed: str) -> None:
    for one in types:
        _only(one, allowed)


def _common(types: Sequence[str]) -> str:
    """The one type of all that are not NULL; of decimals one that holds them all."""
    found = set(types) - {NULL}
    if any(map(is_decimal, found)) and all(is_decimal(one) or one == INT for one in found):
        as_decimal = sorted(decimals.decimal(decimals.INT_DIGITS, 0) if one == INT else one for one in found)
        widest, *others = as_decimal
        for one in others:
            widest = decimals.wider(widest, one)
        return widest
    if len(found) > 1:
        raise Unsupported(f"{' and '.join(sorted(found))} in one place")
    return found.pop() if found else NULL


def _comparable(types: Sequence[str]) -> None:
    if any(one not in (NULL, INT, MINOR) and not is_decimal(one) for one in types):
        _common(types)
