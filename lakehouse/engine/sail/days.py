"""Functions of days, said to Sail in other words: as texts of SQL, and as calls of frames."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql.connect.proto import Expression

from lakehouse.engine.sail.calls import call, number
from lakehouse.engine.sail.texts import is_written_out

UNITS = {
    "week": "week", **dict.fromkeys(("month", "mon", "mm"), "month"), "quarter": "quarter",
    **dict.fromkeys(("year", "yyyy", "yy"), "year"),
}  # fmt: skip
"""What `trunc` calls the unit -> the unit."""


def weekday(arguments: Sequence[str]) -> str | None:
    """Monday is 0. Sail says 0 of Sundays."""
    return f"pmod(dayofweek({arguments[0]}) + 5, 7)" if len(arguments) == 1 else None


def extract(arguments: Sequence[str]) -> str | None:
    """The year of a day's ISO week is that of its Thursday."""
    if len(arguments) == 2 and arguments[0].strip("'").casefold() in ("yearofweek", "year_of_week"):
        return f"year(date_add({_monday(f'CAST({arguments[1]} AS DATE)')}, 3))"
    return None


def _monday(day: str) -> str:
    return f"date_sub({day}, pmod(dayofweek({day}) + 5, 7))"


def trunc(arguments: Sequence[str]) -> str | None:
    """Sail goes by nanoseconds, which are of the years 1678 to 2261 alone, and stops at a day of another."""
    if len(arguments) != 2 or not is_written_out(arguments[1]):
        return None
    day = f"CAST({arguments[0]} AS DATE)"
    return {
        "week": _monday(day),
        "month": f"date_sub({day}, day({day}) - 1)",
        "quarter": f"make_date(year({day}), 3 * quarter({day}) - 2, 1)",
        "year": f"make_date(year({day}), 1, 1)",
    }.get(UNITS.get(arguments[1].strip()[1:-1].casefold(), ""), "CAST(NULL AS DATE)")


def weekday_call(arguments: Sequence[Expression]) -> Expression | None:
    return call("pmod", call("+", call("dayofweek", *arguments), number(5)), number(7))


def extract_call(arguments: Sequence[Expression]) -> Expression | None:
    if arguments[0].literal.string.casefold() not in ("yearofweek", "year_of_week"):
        return None
    return call("year", call("date_add", _monday_call(_day_of(arguments[1])), number(3)))


def _day_of(value: Expression) -> Expression:
    made = Expression()
    made.cast.expr.CopyFrom(value)
    made.cast.type_str = "date"
    return made


def _monday_call(day: Expression) -> Expression:
    return call("date_sub", day, call("pmod", call("+", call("dayofweek", day), number(5)), number(7)))


def trunc_call(arguments: Sequence[Expression]) -> Expression | None:
    if arguments[1].WhichOneof("expr_type") != "literal":
        return None
    day, unit = _day_of(arguments[0]), UNITS.get(arguments[1].literal.string.casefold(), "")
    match unit:
        case "week":
            return _monday_call(day)
        case "month":
            return call("date_sub", day, call("-", call("day", day), number(1)))
        case "quarter":
            month = call("-", call("*", call("quarter", day), number(3)), number(2))
            return call("make_date", call("year", day), month, number(1))
        case "year":
            return call("make_date", call("year", day), number(1), number(1))
    return call("nullif", day, day)
