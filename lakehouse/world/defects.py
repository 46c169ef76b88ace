"""What is wrong with the rows of a shop's files: each kind of defect as data.

A kind may change the row itself, and may add a second row (its twin) that changes the same row otherwise. What the
pipeline must do with either is said here, in the words of silver's outcomes and reasons.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.tables.reasons import Outcome, RowReason

Change = Callable[[Column], Column]
MISSING = "missing_values"


@dataclass(frozen=True)
class Planted:
    """One row as a defect makes it, and what becomes of it."""

    outcome: Outcome
    changes: Mapping[str, Change] = field(default_factory=dict)
    reason: str = ""
    most_days_later: int = 0
    """The row is delivered up to so many days after its time."""
    is_repaired: bool = False
    """What is changed means the same, and must read as if it had not been changed."""


@dataclass(frozen=True)
class Defect:
    """A kind of defect of one kind of file."""

    kind: str
    row: Planted
    twin: Planted | None = None


def _text(value: str) -> Change:
    return lambda _: F.lit(value)


def _later(text: Column) -> Column:
    """A UTC text of an instant, a day later."""
    pattern = "yyyy-MM-dd'T'HH:mm:ss'Z'"
    return F.date_format(F.to_timestamp(text, pattern) + F.expr("INTERVAL 1 DAY"), pattern)


def _london(text: Column) -> Column:
    """A UTC text as the shop's clocks show it, without an offset."""
    local = F.from_utc_timestamp(F.to_timestamp(text, "yyyy-MM-dd'T'HH:mm:ss'Z'"), "Europe/London")
    return F.date_format(local, "yyyy-MM-dd HH:mm:ss")


def _with_offset(text: Column) -> Column:
    local = F.to_timestamp(text, "yyyy-MM-dd'T'HH:mm:ss'Z'") + F.expr("INTERVAL 2 HOURS")
    return F.concat(F.date_format(local, "yyyy-MM-dd'T'HH:mm:ss"), F.lit("+02:00"))


def _british(text: Column) -> Column:
    return F.date_format(F.to_timestamp(text, "yyyy-MM-dd'T'HH:mm:ss'Z'"), "dd/MM/yyyy HH:mm")


def _impossible(text: Column) -> Column:
    return F.concat(F.substring(text, 1, 4), F.lit("-02-30"), F.substring(text, 11, 10))


def _in_future(text: Column) -> Column:
    return F.concat(F.lit("2048"), F.substring(text, 5, 4), F.lit("01"), F.substring(text, 11, 10))


def _one_more(text: Column) -> Column:
    return (text.cast("int") + 1).cast("string")


def _mojibake(text: Column) -> Column:
    """UTF-8 read as Latin-1 and written again."""
    return F.decode(F.encode(text, "UTF-8"), "ISO-8859-1")


def _blanks(text: Column) -> Column:
    return F.concat(F.lit("  "), text, F.lit(" "))


def _decomposed(text: Column) -> Column:
    """Letters with marks as letter and mark (Unicode NFD), for the letters that the names have."""
    letters = {letter: unicodedata.normalize("NFD", letter) for letter in "àèáéíóúêîôãñäëïöüç"}
    return reduce(lambda done, pair: F.replace(done, F.lit(pair[0]), F.lit(pair[1])), letters.items(), text)


def _same(kind: str, planted: Mapping[str, Change]) -> Defect:
    """A second row that says the same in other letters."""
    return Defect(kind, Planted(Outcome.ACCEPTED), Planted(Outcome.SUPERSEDED, planted))


def _refused(kind: str, reason: str, changes: Mapping[str, Change]) -> Defect:
    return Defect(kind, Planted(Outcome.QUARANTINED, changes, reason))


def _mended(kind: str, reason: str, changes: Mapping[str, Change]) -> Defect:
    """A row that was sent wrongly too: the one that it describes is known all the same."""
    return Defect(kind, Planted(Outcome.ACCEPTED), Planted(Outcome.QUARANTINED, changes, reason))


def _repaired(kind: str, changes: Mapping[str, Change]) -> Defect:
    """A row that says what it means in another way."""
    return Defect(kind, Planted(Outcome.ACCEPTED, changes, is_repaired=True))


def _taken(kind: str, changes: Mapping[str, Change]) -> Defect:
    """A row that is odd, and is kept as it was sent."""
    return Defect(kind, Planted(Outcome.ACCEPTED, changes))


ORDER_DEFECTS = (
    _same("exact_duplicate", {}),
    _same("near_duplicate", {"customer_id": _blanks, "product_id": _blanks, "ship_city": _blanks}),
    Defect(
        "conflicting_duplicate",
        Planted(Outcome.QUARANTINED, reason=RowReason.AMBIGUOUS_VERSION),
        Planted(Outcome.QUARANTINED, {"quantity": _one_more}, RowReason.AMBIGUOUS_VERSION),
    ),
    Defect(
        "correction",
        Planted(Outcome.SUPERSEDED, {"quantity": _one_more}),
        Planted(Outcome.ACCEPTED, {"updated_at": _later}, most_days_later=20),
    ),
    Defect("late", Planted(Outcome.ACCEPTED, most_days_later=60)),
    _taken("orphan_customer", {"customer_id": lambda text: F.concat(F.lit("X"), text)}),
    _taken("orphan_product", {"product_id": lambda text: F.concat(F.lit("X"), text)}),
    _refused("negative_quantity", "negative_quantity", {"quantity": lambda text: F.concat(F.lit("-"), text)}),
    _refused("absurd_quantity", "absurd_quantity", {"quantity": _text("99999999")}),
    _refused(
        "decimal_comma",
        RowReason.UNPARSABLE.of("unit_price"),
        {"unit_price": lambda text: F.concat(F.lit('"'), F.replace(text, F.lit("."), F.lit(",")), F.lit('"'))},
    ),
    _refused("impossible_date", RowReason.UNPARSABLE.of("ordered_at"), {"ordered_at": _impossible}),
    _refused("future_date", RowReason.IN_FUTURE.of("ordered_at"), {"ordered_at": _in_future}),
    _refused("foreign_date_format", RowReason.UNPARSABLE.of("ordered_at"), {"ordered_at": _british}),
    _repaired("local_time", {"ordered_at": _london}),
    _repaired("other_time_zone", {"ordered_at": _with_offset}),
    _refused("unknown_currency", "not_a_currency", {"currency": _text("pounds")}),
    _taken("mojibake", {"ship_city": _mojibake}),
    Defect(
        "repeated_header",
        Planted(Outcome.ACCEPTED),
        # The names of the columns stand where values should: see `plant.py`.
        Planted(Outcome.QUARANTINED, reason=RowReason.UNPARSABLE.of("line_number")),
    ),
)
CUSTOMER_DEFECTS = (
    _same("exact_duplicate", {}),
    _same("email_case_and_blanks", {"email": lambda text: _blanks(F.upper(text)), "updated_at": _later}),
    _same("email_nfd", {"email": _decomposed, "updated_at": _later}),
    _taken("mojibake", {"last_name": _mojibake}),
    _taken("formula_text", {"company_name": _text('=HYPERLINK("http://example.com";"Ltd")')}),
    _mended("impossible_date", RowReason.UNPARSABLE.of("birth_date"), {"birth_date": _text("1979-02-30")}),
)
CUSTOMER_CSV_DEFECTS = (
    *CUSTOMER_DEFECTS,
    _taken("embedded_newline", {"address": lambda text: F.concat(text, F.lit("\nground floor"))}),
    _taken("embedded_quotes", {"address": lambda text: F.concat(F.lit('"The Old Mill", '), text)}),
)
RETURN_DEFECTS = (
    _same("exact_duplicate", {}),
    _refused("negative_quantity", "negative_quantity", {"quantity": lambda text: F.concat(F.lit("-"), text)}),
    _taken("orphan_order", {"order_id": lambda text: F.concat(F.lit("X"), text)}),
)
PRODUCT_DEFECTS = (
    _taken("embedded_newline", {"product_name": lambda text: F.concat(text, F.lit("\n(refurbished)"))}),
    _taken("embedded_quotes", {"product_name": lambda text: F.concat(text, F.lit(', 24", "black"'))}),
    _taken("formula_text", {"product_name": lambda text: F.concat(F.lit("=1+1 "), text)}),
    _mended("negative_cost", "negative_cost", {"unit_cost": lambda text: F.concat(F.lit("-"), text)}),
)
BY_FILE_KIND: Mapping[str, Sequence[Defect]] = {
    "orders": ORDER_DEFECTS,
    "customers": CUSTOMER_DEFECTS,
    "customers_csv": CUSTOMER_CSV_DEFECTS,
    "returns": RETURN_DEFECTS,
    "products": PRODUCT_DEFECTS,
}
