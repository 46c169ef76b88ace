"""What is wrong with the rows of a shop's files: each kind of defect as data, planted by hash.

A kind may change the row itself, and may add a second row (its twin) that changes the same row otherwise. What the
pipeline must do with either is said here, in the words of silver's outcomes and reasons.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world.chance import Chance

Change = Callable[[Column], Column]
ACCEPTED, SUPERSEDED, QUARANTINED = "accepted", "superseded", "quarantined"
MISSING = "missing_values"


@dataclass(frozen=True)
class Planted:
    """One row as a defect makes it, and what becomes of it."""

    outcome: str
    changes: Mapping[str, Change] = field(default_factory=dict)
    reason: str = ""
    most_days_later: int = 0
    """The row is delivered up to so many days after its time."""


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
    return Defect(kind, Planted(ACCEPTED), Planted(SUPERSEDED, planted))


def _refused(kind: str, reason: str, changes: Mapping[str, Change]) -> Defect:
    return Defect(kind, Planted(QUARANTINED, changes, reason))


def _mended(kind: str, reason: str, changes: Mapping[str, Change]) -> Defect:
    """A row that was sent wrongly too: the one that it describes is known all the same."""
    return Defect(kind, Planted(ACCEPTED), Planted(QUARANTINED, changes, reason))


def _taken(kind: str, changes: Mapping[str, Change]) -> Defect:
    return Defect(kind, Planted(ACCEPTED, changes))


ORDER_DEFECTS = (
    _same("exact_duplicate", {}),
    _same("near_duplicate", {"customer_id": _blanks, "product_id": _blanks, "ship_city": _blanks}),
    Defect(
        "conflicting_duplicate",
        Planted(QUARANTINED, reason="ambiguous_version"),
        Planted(QUARANTINED, {"quantity": _one_more}, "ambiguous_version"),
    ),
    Defect(
        "correction",
        Planted(SUPERSEDED, {"quantity": _one_more}),
        Planted(ACCEPTED, {"updated_at": _later}, most_days_later=20),
    ),
    Defect("late", Planted(ACCEPTED, most_days_later=60)),
    _taken("orphan_customer", {"customer_id": lambda text: F.concat(F.lit("X"), text)}),
    _taken("orphan_product", {"product_id": lambda text: F.concat(F.lit("X"), text)}),
    _refused("negative_quantity", "negative_quantity", {"quantity": lambda text: F.concat(F.lit("-"), text)}),
    _refused("absurd_quantity", "absurd_quantity", {"quantity": _text("99999999")}),
    _refused(
        "decimal_comma",
        "unparsable:unit_price",
        {"unit_price": lambda text: F.concat(F.lit('"'), F.replace(text, F.lit("."), F.lit(",")), F.lit('"'))},
    ),
    _refused("impossible_date", "unparsable:ordered_at", {"ordered_at": _impossible}),
    _refused("future_date", "in_future:ordered_at", {"ordered_at": _in_future}),
    _refused("foreign_date_format", "unparsable:ordered_at", {"ordered_at": _british}),
    _taken("local_time", {"ordered_at": _london}),
    _taken("other_time_zone", {"ordered_at": _with_offset}),
    _refused("unknown_currency", "not_a_currency", {"currency": _text("pounds")}),
    _taken("mojibake", {"ship_city": _mojibake}),
    Defect(
        "repeated_header",
        Planted(ACCEPTED),
        # The names of the columns stand where values should: see `with_defects`.
        Planted(QUARANTINED, reason="unparsable:line_number"),
    ),
)
CUSTOMER_DEFECTS = (
    _same("exact_duplicate", {}),
    _same("email_case_and_blanks", {"email": lambda text: _blanks(F.upper(text)), "updated_at": _later}),
    _same("email_nfd", {"email": _decomposed, "updated_at": _later}),
    _taken("mojibake", {"last_name": _mojibake}),
    _taken("formula_text", {"company_name": _text('=HYPERLINK("http://example.com";"Ltd")')}),
    _mended("impossible_date", "unparsable:birth_date", {"birth_date": _text("1979-02-30")}),
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


def with_missing(rows: DataFrame, columns: Sequence[str], share: float, chance: Chance, *ids: str) -> DataFrame:
    """Empties a share of the values, the same for all rows with the same ids; `_missing` lists the columns."""
    if not share:
        return rows.withColumn("_missing", F.array().cast("array<string>"))
    keys = [F.col(name) for name in ids]
    is_empty = {name: chance.uniform(f"missing {name}", *keys) < share for name in columns}
    missing = F.array_compact(F.array(*(F.when(test, F.lit(name)) for name, test in is_empty.items())))
    values = {name: F.when(~test, F.col(name)) for name, test in is_empty.items()}
    return rows.withColumns({"_missing": missing, **values})


def with_defects(
    rows: DataFrame, file_kind: str, columns: Sequence[str], rates: Mapping[str, float], chance: Chance, *ids: str
) -> DataFrame:
    """Rows of texts with their defects, and their twins.

    Adds `_defect` (kind or NULL), `_copy` (1 for a twin), `_outcome`, `_reason`, and `_late` (days from the
    row's time to its delivery).
    """
    defects = [one for one in BY_FILE_KIND.get(file_kind, ()) if rates.get(one.kind, 0) > 0]
    if unknown := set(rates) - {one.kind for one in BY_FILE_KIND.get(file_kind, ())}:
        raise ValueError(f"defects.{file_kind}: no such kind: {', '.join(sorted(unknown))}")
    keys = [F.col(name) for name in ids]
    cases = {f"{one.kind} 0": one.row for one in defects}
    cases |= {f"{one.kind} 1": one.twin for one in defects if one.twin}
    most = _of_case({case: str(one.most_days_later) for case, one in cases.items()}).cast("int")
    lateness = 1 + F.floor(chance.uniform(f"late {file_kind}", *keys) * most)
    return _with_kind_and_twins(rows, defects, rates, chance.uniform(f"defect of {file_kind}", *keys)).withColumns(
        {
            **{name: _changed(name, cases) for name in columns},
            "_outcome": F.coalesce(_of_case({case: one.outcome for case, one in cases.items()}), F.lit(ACCEPTED)),
            "_reason": _of_case({case: one.reason for case, one in cases.items() if one.reason}),
            "_late": F.when(most > 0, lateness).otherwise(0).cast("int"),
        }
    )


def _with_kind_and_twins(
    rows: DataFrame, defects: Sequence[Defect], rates: Mapping[str, float], draw: Column
) -> DataFrame:
    """Adds `_defect`, `_copy` and both in one, `_case`: NULL for good rows."""
    kind, bound = F.when(F.lit(False), F.lit("")), 0.0
    for one in defects:
        bound += rates[one.kind]
        kind = kind.when(F.col("_draw") < bound, F.lit(one.kind))
    twins = [one.kind for one in defects if one.twin]
    both = F.when(F.col("_defect").isin(*twins), F.array(F.lit(0), F.lit(1))).otherwise(F.array(F.lit(0)))
    marked = rows.withColumn("_draw", draw).withColumn("_defect", kind).withColumn("_copy", F.explode(both))
    return marked.drop("_draw").withColumn("_case", F.concat("_defect", F.lit(" "), "_copy"))


Cases = Mapping[str, Planted]


def _of_case(values: Mapping[str, str]) -> Column:
    """A look-up by `_case`; NULL for others."""
    table = F.from_json(F.lit(json.dumps(values)), "map<string,string>")
    return F.when(F.col("_case").isNotNull(), F.try_element_at(table, F.col("_case")))


def _changed(name: str, cases: Cases) -> Column:
    """A column of the file as the defects make it."""
    sent, changes = F.col(name), F.when(F.col("_case").isNull(), F.col(name))
    for case, planted in cases.items():
        if case == "repeated_header 1":
            changes = changes.when(F.col("_case") == case, F.lit(name))
        elif name in planted.changes:
            changes = changes.when(F.col("_case") == case, planted.changes[name](sent))
    return changes.otherwise(sent)
