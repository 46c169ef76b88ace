"""What people decide about single rows: that they never come in, or that they may after all."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Literal

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.delta.order import WRITTEN_UPON
from lakehouse.delta.rows import answer
from lakehouse.frames import checkpointed
from lakehouse.lake import Lake
from lakehouse.quarantine.selection import IDENTITY, ROW_KEY, Chosen
from lakehouse.settings import ConfigurationError, fingerprint
from lakehouse.tables.ops import QUARANTINE_DECISIONS
from lakehouse.tables.reasons import RowStatus
from lakehouse.tables.silver import QUARANTINE

Decision = Literal["discard", "reopen"]
_STATUS: dict[Decision, RowStatus] = {"discard": RowStatus.OPEN, "reopen": RowStatus.DISCARDED}


def decide_rows(lake: Lake, chosen: Chosen, decision: Decision, why: str, now: datetime) -> int:
    """Records a decision about the chosen rows of the published quarantine; the next run acts on it.

    Open rows can be discarded, discarded ones opened again. Returns how many rows are concerned. Raises
    ConfigurationError where no reason is given or no such row is there.
    """
    if not why.strip():
        raise ConfigurationError("say why with --why: those who ask later where the row went need to know")
    status = _STATUS[decision]
    rows = lake.read_published(QUARANTINE).where(_condition(chosen) & (F.col("status") == status))
    told = {"decision": decision, "details": why, "run_id": lake.run_id, "decided_at": now}
    decided = checkpointed(
        rows.select(*ROW_KEY, "_source_file", *(F.lit(value).alias(name) for name, value in told.items()))
    )
    if not (count := decided.count()):
        raise ConfigurationError(f"no {status} row is meant by that: `lakehouse quarantine list` shows them")
    lake.append(QUARANTINE_DECISIONS, decided)
    return count


def discards(lake: Lake, source: str) -> DataFrame | None:
    """Places of the rows of a source that are discarded; None where nobody ever decided about one."""
    if not decisions_so_far(lake, source):
        return None
    mine = lake.read(QUARANTINE_DECISIONS).where(F.col("source_system") == source)
    order = [F.desc("decided_at"), F.asc("decision")]
    if WRITTEN_UPON in mine.columns:  # a table that nothing was added to since this is kept has it not
        order.insert(0, F.desc_nulls_last(WRITTEN_UPON))
    latest = Window.partitionBy(*ROW_KEY).orderBy(*order)
    ranked = mine.withColumn("_rank", F.row_number().over(latest))
    return ranked.where("_rank = 1 AND decision = 'discard'").select(
        *(name for name in ROW_KEY if name != "source_system")
    )


def decisions_so_far(lake: Lake, source: str) -> str:
    """Changes with every decision about a row of the source; empty where there is none."""
    text = "SELECT count(*), max(decided_at) FROM quarantine_decisions WHERE source_system = ?"
    [(count, last)] = answer(lake.root, QUARANTINE_DECISIONS, text, [source])
    return fingerprint(f"{count} {last}") if count else ""


def _condition(chosen: Chosen) -> Column:
    """The rows that are meant, as `Chosen.sql` has it for DuckDB."""
    parts = [F.col(name) == value for name, value in chosen.equal.items()]
    if chosen.reason:
        code = F.lit(chosen.reason)
        parts.append(F.exists("reasons", lambda one: (one == code) | (F.substring_index(one, ":", 1) == code)))
    if chosen.ids:
        parts.append(reduce(or_, (F.expr(IDENTITY).startswith(one) for one in chosen.ids)))
    return reduce(and_, parts, F.lit(True))
