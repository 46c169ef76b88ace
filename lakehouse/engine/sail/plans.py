"""Plans on their way to Sail: what it does not know, or takes for something else than Spark, said in other words.

The one place for that. Frames are written for both engines, and so are the expressions of sources; tests/engine/sail
holds for each of these that Sail still needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import grpc
from google.protobuf.message import Message
from pyspark.sql.connect.proto import Expression

from lakehouse.engine.sail import days, in_arrow
from lakehouse.engine.sail.calls import call, number
from lakehouse.engine.sail.texts import Rewriting, is_written_out, rewritten

MOST_CUTS = 9
"""Of a percentile with many places, which Sail wants one by one, so many are asked for."""


def _try_divide(arguments: Sequence[str]) -> str | None:
    """Sail divides no doubles so."""
    if len(arguments) != 2:
        return None
    one, other = arguments
    return f"({one}) / nullif({other}, 0)"


def _percentile_approx(arguments: Sequence[str]) -> str | None:
    """Sail takes one place and no accuracy; where places are many, they are evenly spread and rough."""
    places = arguments[1].strip() if len(arguments) > 1 else ""
    if not places.casefold().startswith("array("):
        return None
    listed = places[len("array(") : -1].split(",")
    chosen = listed[:: max(1, len(listed) // MOST_CUTS)]
    value = f"CAST({arguments[0]} AS DOUBLE)"
    return f"array({', '.join(f'percentile_approx({value}, {one.strip()})' for one in chosen)})"


def _array(arguments: Sequence[str]) -> str | None:
    """Texts that are written out are never NULL, and Sail takes their array for another type than that of others."""
    is_text = bool(arguments) and all(map(is_written_out, arguments))
    return f"CAST(array({', '.join(arguments)}) AS ARRAY<STRING>)" if is_text else None


def _xxhash64(arguments: Sequence[str]) -> str | None:
    """Where each part comes out as one value for a whole batch, as CASE may, Sail stops at batches of several rows. A
    column never does, nor what is taken from an array."""
    if not arguments or any(re.fullmatch(r"[A-Za-z_]\w*|`[^`]+`", one) for one in arguments):
        return None
    first, *others = arguments
    return f"xxhash64({', '.join([f'array({first})[0]', *others])})"


def _coalesce(arguments: Sequence[str]) -> str | None:
    """Of a decimal and a whole number others than this one make a double."""
    return f"coalesce({', '.join(arguments)})" if len(arguments) == 2 else None


def _zeroifnull(arguments: Sequence[str]) -> str | None:
    return f"coalesce({arguments[0]}, 0)" if len(arguments) == 1 else None


REWRITINGS: dict[str, Rewriting] = {
    "weekday": days.weekday,
    "try_divide": _try_divide,
    "extract": days.extract,
    "trunc": days.trunc,
    "percentile_approx": _percentile_approx,
    "array": _array,
    "xxhash64": _xxhash64,
    "nvl": _coalesce,
    "ifnull": _coalesce,
    "zeroifnull": _zeroifnull,
}
"""Function, as expressions name it -> how it is said to Sail."""


def said_to_sail(request: Message) -> None:
    """Rewrites a request in its place."""
    data = request.SerializeToString().lower()
    if any(name in data for name in _NAMES):
        _walk(request)


def _walk(message: Message) -> None:
    for descriptor, value in message.ListFields():
        if descriptor.message_type is None:
            continue
        if descriptor.message_type.GetOptions().map_entry:
            if descriptor.message_type.fields_by_name["value"].message_type is not None:
                for one in value.values():
                    _walk(one)
        elif isinstance(value, Message):
            _walk(value)
        else:
            for one in value:
                _walk(one)
    if isinstance(message, Expression):
        _rewrite(message)


def _rewrite(expression: Expression) -> None:
    kind = expression.WhichOneof("expr_type")
    if kind == "expression_string":
        text = expression.expression_string
        text.expression = rewritten(text.expression, REWRITINGS)
    elif kind == "unresolved_function":
        name = expression.unresolved_function.function_name
        make = _FRAMES.get(name.casefold())
        if make and (made := make(list(expression.unresolved_function.arguments))) is not None:
            expression.CopyFrom(made)


# ── the same for functions that were not written as text ─────────────────────────────────────────────────────────────


def _try_divide_call(arguments: Sequence[Expression]) -> Expression | None:
    one, other = arguments
    return call("/", one, call("nullif", other, number(0)))


def _array_call(arguments: Sequence[Expression]) -> Expression | None:
    if not arguments or not all(map(_is_text, arguments)):
        return None
    made = Expression()
    made.cast.expr.CopyFrom(call("array", *arguments))
    made.cast.type_str = "array<string>"
    return made


def _xxhash64_call(arguments: Sequence[Expression]) -> Expression | None:
    if not arguments or any(one.WhichOneof("expr_type") == "unresolved_attribute" for one in arguments):
        return None
    first, *others = arguments
    made = Expression()
    made.unresolved_extract_value.child.CopyFrom(call("array", first))
    made.unresolved_extract_value.extraction.CopyFrom(number(0))
    return call("xxhash64", made, *others)


def _is_text(expression: Expression) -> bool:
    """Whether it is a text that is written out, or one of some by conditions."""
    if expression.WhichOneof("expr_type") == "literal":
        return expression.literal.WhichOneof("literal_type") == "string"
    call = expression.unresolved_function
    if call.function_name != "when":
        return False
    values = [*call.arguments[1::2], *(call.arguments[-1:] if len(call.arguments) % 2 else ())]
    return all(map(_is_text, values))


_FRAMES: dict[str, Callable[[Sequence[Expression]], Expression | None]] = {
    "weekday": days.weekday_call,
    "try_divide": _try_divide_call,
    "extract": days.extract_call,
    "trunc": days.trunc_call,
    "array": _array_call,
    "xxhash64": _xxhash64_call,
    "get": in_arrow.get_call,
    "ln": in_arrow.ln_call,
}
_NAMES = (*(name.encode() for name in REWRITINGS), *(bytes([len(name)]) + name.encode() for name in _FRAMES))
"""What a plan has somewhere that must be rewritten: within a text, or as a name, behind its length."""


class Rewriter(grpc.UnaryStreamClientInterceptor, grpc.UnaryUnaryClientInterceptor):  # type: ignore[misc]
    """Has each plan pass through `said_to_sail`."""

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        said_to_sail(request)
        return continuation(client_call_details, request)

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        said_to_sail(request)
        return continuation(client_call_details, request)
