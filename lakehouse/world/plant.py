"""Plants defects in the rows of a shop's files: which row has which is a draw by hash."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.reasons import Outcome
from lakehouse.world.chance import Chance
from lakehouse.world.defects import BY_FILE_KIND, Defect, Planted


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

    Adds `_defect` (kind or NULL), `_copy` (1 for a twin), `_outcome`, `_reason`, `_expected` (what the lake must say in
    the changed columns of a row that it accepts), and `_late` (days from the row's time to its delivery).
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
            "_outcome": F.coalesce(
                _of_case({case: one.outcome for case, one in cases.items()}), F.lit(Outcome.ACCEPTED)
            ),
            "_reason": _of_case({case: one.reason for case, one in cases.items() if one.reason}),
            "_expected": F.when(F.col("_case").isNotNull(), _expected(columns, cases)),
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
        kind = kind.when(F.col("_draw") < bound, F.when(_shows(one), F.lit(one.kind)))
    twins = [one.kind for one in defects if one.twin]
    both = F.when(F.col("_defect").isin(*twins), F.array(F.lit(0), F.lit(1))).otherwise(F.array(F.lit(0)))
    marked = rows.withColumn("_draw", draw).withColumn("_defect", kind).withColumn("_copy", F.explode(both))
    return marked.drop("_draw").withColumn("_case", F.concat("_defect", F.lit(" "), "_copy"))


def _shows(defect: Defect) -> Column:
    """Whether the defect changes what it is about: a city without accents has no mojibake, nothing no capitals."""
    changes = [
        ~change(F.col(name)).eqNullSafe(F.col(name))
        for planted in (defect.row, defect.twin)
        for name, change in (planted.changes.items() if planted else ())
        if name != "updated_at"
    ]
    return reduce(and_, changes, F.lit(True))


def _of_case(values: Mapping[str, str]) -> Column:
    """A look-up by `_case`; NULL for others."""
    table = F.from_json(F.lit(json.dumps(values)), "map<string,string>")
    return F.when(F.col("_case").isNotNull(), F.try_element_at(table, F.col("_case")))


def _expected(columns: Sequence[str], cases: Mapping[str, Planted]) -> Column:
    """Column -> text, for the columns that a defect changes in a row or its twin, of the one that is accepted.

    Tables say nothing of `updated_at`.
    """
    entries = []
    for name in columns:
        sent, meant = F.col(name), F.when(F.lit(False), F.lit(""))
        for case, one in cases.items():
            pair = [cases[other] for other in (f"{case[:-1]}0", f"{case[:-1]}1") if other in cases]
            if one.outcome == Outcome.ACCEPTED and name != "updated_at" and any(name in each.changes for each in pair):
                as_sent = name in one.changes and not one.is_repaired
                meant = meant.when(F.col("_case") == case, one.changes[name](sent) if as_sent else sent)
        entries.append(F.when(meant.isNotNull(), F.struct(F.lit(name).alias("key"), meant.alias("value"))))
    return F.map_from_entries(F.array_compact(F.array(*entries)))


def _changed(name: str, cases: Mapping[str, Planted]) -> Column:
    """A column of the file as the defects make it."""
    sent, changes = F.col(name), F.when(F.col("_case").isNull(), F.col(name))
    for case, planted in cases.items():
        if case == "repeated_header 1":
            changes = changes.when(F.col("_case") == case, F.lit(name))
        elif name in planted.changes:
            changes = changes.when(F.col("_case") == case, planted.changes[name](sent))
    return changes.otherwise(sent)
