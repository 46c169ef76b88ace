"""What type an expression has, and which expressions are left to Spark since their types do not fit as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lakehouse.sources.plain.sql import Node, Unsupported

TEXT, INT, NUMBER, PRODUCT, BOOL, NULL = "text", "int", "number", "product", "bool", "null"


def type_of(node: Node, columns: Mapping[str, str]) -> str:
    """The type of a part; `columns` has those of the names. Raises Unsupported.

    Spark turns one type into another where they meet; this only takes what fits as it is.
    """
    if node.kind == "column":
        if node.value.casefold() not in columns:
            raise Unsupported(f"no column {node.value}")
        return columns[node.value.casefold()]
    types = [type_of(part, columns) for part in node.parts]
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
