"""Works out expressions for single rows as Spark would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.numbers import ANY_CURRENCY
from lakehouse.sources.plain.dates import read_time, written_as
from lakehouse.sources.plain.decimals import EXACT, fitted, is_decimal
from lakehouse.sources.plain.numbers import of_minor_units, read_money
from lakehouse.sources.plain.sql import Unsupported, parsed
from lakehouse.sources.plain.texts import of_texts
from lakehouse.sources.plain.types import INT, Typed, typed

Value = str | int | Decimal | bool | datetime | None
Row = Mapping[str, Value]
"""Name in lower case -> value; of a joined file the name behind the file's, with a NUL between."""
CURRENCY = "\0currency"
"""Name of the currency that amounts of a row have, where that is settled."""


class UnreadError(Exception):
    """Raised where a text is there that `number()` or `minor()` cannot read."""


@dataclass(frozen=True)
class Names:
    """The names that an expression may use, in lower case, with their types; and how numbers are written."""

    types: Mapping[str, str]
    kind: FileKind
    own_currency: str
    """That of the source: `minor()` means it where nothing else is said."""
    own: str = ""
    """The name by which an expression may speak of the file that its row is of."""


@dataclass(frozen=True)
class Expression:
    """An expression with its type, to be worked out for one row after the other."""

    node: Typed
    names: Names

    @property
    def type(self) -> str:
        return self.node.type

    def __call__(self, row: Row) -> Value:
        """Raises UnreadError where the value hangs on a text that is there and does not read."""
        return _value(self.node, row, self.names)

    def or_none(self, row: Row) -> Value:
        """The value; None where it is that of a text that does not read. Raises Unsupported where more hangs on it."""
        try:
            return self(row)
        except UnreadError as error:
            if self.node.kind in ("number", "minor"):
                return None
            raise Unsupported(f"the number {error}") from error

    def is_sure(self, row: Row) -> bool:
        """Whether a condition holds, and hangs on no text that does not read."""
        try:
            return self(row) is True
        except UnreadError:
            return False


def compiled(sql: str, names: Names) -> Expression:
    """Raises Unsupported where Spark might see something else in it."""
    types = dict(names.types)
    if names.own:
        types |= {f"{names.own}\0{name}": type_ for name, type_ in names.types.items() if "\0" not in name}
    return Expression(_typed(sql, tuple(types.items())), names)


@cache
def _typed(sql: str, types: tuple[tuple[str, str], ...]) -> Typed:
    return typed(parsed(sql), dict(types))


def _value(node: Typed, row: Row, names: Names) -> Value:
    match node.kind:
        case "column":
            name = node.value.casefold()
            return row.get(name.removeprefix(f"{names.own}\0") if names.own else name)
        case "text":
            return node.value
        case "int":
            return int(node.value)
        case "decimal":
            return Decimal(node.value)
        case "bool":
            return node.value == "true"
        case "null":
            return None
        case "case" | "coalesce" | "if" | "and" | "or" | "ifnull" | "nvl":
            return _held(_lazily(node, row, names), node.type)
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
        case "number" | "minor":
            return _number(node.kind, values[0], row, names)
    return None if None in values else _of_values(node, values)


def _held(value: Value, type_name: str) -> Value:
    """A number with the decimals of the place where it stands."""
    return fitted(value, type_name) if is_decimal(type_name) and isinstance(value, int | Decimal) else value


def _number(name: str, text: Value, row: Row, names: Names) -> Decimal | None:
    if text is None or not str(text).strip(" "):
        return None
    settled = row.get(CURRENCY)
    found = read_money(str(text), names.kind, str(settled or ANY_CURRENCY))
    if found is None:
        raise UnreadError(str(text))
    return found if name == "number" else of_minor_units(found, str(settled or names.own_currency))


def _lazily(node: Typed, row: Row, names: Names) -> Value:
    """Of what may not be looked at before it is known to be needed."""
    if node.kind in ("coalesce", "ifnull", "nvl"):
        found = (value for part in node.parts if (value := _value(part, row, names)) is not None)
        return next(found, None)
    if node.kind in ("and", "or"):
        return _settled(node, row, names)
    parts = node.parts
    for place in range(0, len(parts) - 1, 2):
        if _value(parts[place], row, names) is True:
            return _value(parts[place + 1], row, names)
    return _value(parts[-1], row, names) if len(parts) % 2 else None


def _settled(node: Typed, row: Row, names: Names) -> bool | None:
    """What one condition settles, the others need not say; even where a number in them does not read."""
    decisive, values, unread = node.kind == "or", [], None
    for part in node.parts:
        try:
            values.append(_value(part, row, names))
        except UnreadError as error:
            unread = error
    if decisive in values:
        return decisive
    if unread:
        raise unread
    return None if None in values else not decisive


def _is_in(value: Value, listed: Sequence[Value]) -> bool | None:
    if value is None:
        return None
    return True if value in [one for one in listed if one is not None] else None if None in listed else False


def _of_values(node: Typed, values: Sequence[Value]) -> Value:
    """Of values none of which is NULL; their types were looked at before."""
    kind, first, others = node.kind, values[0], values[1:]
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
        case "try_to_timestamp":
            found = read_time(str(first), str(others[0]))
            return found[0] if found else None
        case "date_format":
            return written_as(first, str(others[0])) if isinstance(first, datetime) else None
    if isinstance(first, str):
        return of_texts(kind, first, [str(one) for one in others])
    numbers = [Decimal(one) for one in values if isinstance(one, int | Decimal)]
    found_number = _of_numbers(kind, numbers)
    if found_number is None or node.type == INT:
        return None if found_number is None else int(found_number)
    return fitted(found_number, node.type)


def _of_numbers(kind: str, numbers: Sequence[Decimal]) -> Decimal | None:
    first, second = numbers[0], numbers[-1]
    match kind:
        case "+":
            return EXACT.add(first, second)
        case "-":
            return EXACT.subtract(first, second)
        case "*":
            return EXACT.multiply(first, second)
        case "/" | "try_divide":
            if second:
                return EXACT.divide(first, second)
            if kind == "/":
                raise Unsupported("a division by zero, which stops a run: try_divide(a, b) gives NULL")
            return None
        case "negative":
            return -first
        case "abs":
            return abs(first)
    return first  # rounded where it is fitted into its type
