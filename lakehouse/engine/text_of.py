"""An expression as classic Spark writes it down, whichever engine it is for: fingerprints of rules hang on that."""

from __future__ import annotations

from typing import Any

from pyspark.sql import Column

_CALLED = {"==": "=", "not": "!"}
"""Function, as Spark Connect calls it -> as classic Spark does."""


def text_of(column: Column) -> str:
    """Raises ValueError for an expression for Sail that is none of columns, calls and plain values."""
    if not type(column).__module__.startswith("pyspark.sql.connect"):
        return str(column)
    of_connect: Any = column
    return f"Column<'{_text(of_connect.to_plan(None))}'>"


def _text(expression: Any) -> str:
    kind = expression.WhichOneof("expr_type")
    if kind == "unresolved_attribute":
        return str(expression.unresolved_attribute.unparsed_identifier)
    if kind == "unresolved_function":
        call = expression.unresolved_function
        name = _CALLED.get(call.function_name, call.function_name)
        return f"{name}({', '.join(_text(one) for one in call.arguments)})"
    if kind == "literal":
        return _literal(expression.literal)
    raise ValueError(f"a rule is written with columns, functions and plain values, not with {kind}")


def _literal(literal: Any) -> str:
    kind = literal.WhichOneof("literal_type")
    value = getattr(literal, kind)
    if kind == "string":
        return f"'{value}'"
    if kind == "boolean":
        return str(value).lower()
    if kind in ("integer", "long", "short", "byte", "double", "float"):
        return str(value)
    raise ValueError(f"a rule holds a value of kind {kind}")
