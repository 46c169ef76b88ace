"""What a row rule is, for the rooms that state rules and the room that applies them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.engine.text_of import text_of
from lakehouse.settings import fingerprint
from lakehouse.sources.mapping.codes import codes


@dataclass(frozen=True)
class RowRule:
    """Something that may be wrong with a row of a feed."""

    code: str
    feed: str
    severity: Literal["quarantine", "warn"]
    sentence: str
    """For people: what is wrong and what to do."""
    is_broken: Callable[[], Column]
    """True for a row that breaks the rule; NULL counts as not broken."""


def broken_rules(rules: Sequence[RowRule], feed: str, accept: Sequence[str]) -> Column:
    """Codes of the quarantining rules that a row of the feed breaks (array, empty where none)."""
    holding = [r for r in rules if r.feed == feed and r.severity == "quarantine" and r.code not in accept]
    found = [F.when(F.coalesce(rule.is_broken(), F.lit(False)), F.lit(rule.code)) for rule in holding]
    return codes(*found) if found else F.array().cast("array<string>")


def rules_fingerprint(rules: Sequence[RowRule]) -> str:
    """Changes when a rule does."""
    return _fingerprint(tuple(rules))


@cache
def _fingerprint(rules: tuple[RowRule, ...]) -> str:
    # The engine writes down what each rule says: once for all feeds.
    return fingerprint("\n".join(sorted(f"{r.feed} {r.code} {r.severity} {text_of(r.is_broken())}" for r in rules)))
