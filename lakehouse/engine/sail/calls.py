"""Calls of functions as plans hold them."""

from __future__ import annotations

from pyspark.sql.connect.proto import Expression


def call(name: str, *arguments: Expression) -> Expression:
    made = Expression()
    made.unresolved_function.function_name = name
    made.unresolved_function.arguments.extend(arguments)
    return made


def number(value: int) -> Expression:
    made = Expression()
    made.literal.integer = value
    return made
