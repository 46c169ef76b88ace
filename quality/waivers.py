"""Waivers: a person lets a publication pass although a rule fails, for a stated reason and a time that ends.

A waiver is of a rule, or of what fails it of one source, or of one key: what else fails the rule refuses as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from lakehouse.delta.order import oldest_first
from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.settings import ConfigurationError, source_names
from lakehouse.tables.ops import WAIVERS
from quality.verdicts import Case, Verdict


@dataclass(frozen=True)
class Waived:
    """What a waiver is about."""

    rule: str
    source: str | None = None
    """None: of every source."""
    key: str | None = None
    """As the refusal shows it; None: every key."""

    def covers(self, case: Case) -> bool:
        return self.source in (None, case.source) and self.key in (None, case.key)

    @property
    def part(self) -> str:
        """What of the rule it is about, with a blank behind; empty where it is about all."""
        return "".join(f"{name} {value} " for name, value in (("source", self.source), ("key", self.key)) if value)

    def __str__(self) -> str:
        return f"{self.rule} {self.part and f'for {self.part}'}".strip()


@dataclass(frozen=True)
class Waiver:
    """The latest decision about one rule, or about a part of what may fail it."""

    of: Waived
    expires_on: date
    """Its last day."""
    why: str
    decided_at: datetime


def waivers(root: Path) -> list[Waiver]:
    """The latest waiver of everything that was waived, expired ones too."""
    rows = oldest_first(small_rows(root, WAIVERS), "decided_at")
    latest = {Waived(row["rule"], row["source_system"], row["waived_case"]): row for row in rows}
    return [Waiver(of, row["expires_on"], row["details"] or "", row["decided_at"]) for of, row in latest.items()]


def holding(root: Path, today: date) -> list[Waiver]:
    """The waivers that hold today."""
    return [one for one in waivers(root) if today <= one.expires_on]


def with_waivers(verdicts: Sequence[Verdict], held: Sequence[Waiver]) -> list[Verdict]:
    """Failures that are waived are let through, and say so. Of those waived in part the rest refuses."""
    return [_with_waivers(one, [waiver for waiver in held if waiver.of.rule == one.rule]) for one in verdicts]


def _with_waivers(verdict: Verdict, held: Sequence[Waiver]) -> Verdict:
    if verdict.outcome != "failed" or not held:
        return verdict
    until = ", ".join(f"{one.of.part}waived until {one.expires_on}" for one in held)
    said = replace(verdict, observed=f"{verdict.observed}; {until}")
    if _is_covered(verdict, held):
        return replace(said, outcome="waived")
    left = {source: count for source, count in verdict.by_source.items() if not _covers_source(verdict, source, held)}
    return replace(said, by_source=left, outcome="waived" if verdict.by_source and not left else "failed")


def _is_covered(verdict: Verdict, held: Sequence[Waiver]) -> bool:
    """Whether the whole rule is waived, or each of its cases, all of which are known."""
    if any(one.of.covers(Case(None, "")) for one in held):
        return True
    is_all = 0 < len(verdict.cases) == verdict.figure
    return is_all and all(any(one.of.covers(case) for one in held) for case in verdict.cases)


def _covers_source(verdict: Verdict, source: str, held: Sequence[Waiver]) -> bool:
    """Whether all that fails of one source is waived."""
    if Waived(verdict.rule, source) in [one.of for one in held]:
        return True
    mine = [case for case in verdict.cases if case.source == source]
    covered = [case for case in mine if any(one.of.covers(case) for one in held)]
    return 0 < verdict.by_source[source] == len(covered)


def waive(lake: Lake, of: Waived, until: date, why: str, *, known: Sequence[str], now: datetime) -> None:
    """Records a waiver. Raises ConfigurationError for a rule or source that is not known, a day that is past, or no
    reason."""
    if of.rule not in known:
        near = get_close_matches(of.rule, known, n=3)
        advice = f"did you mean {', '.join(near)}?" if near else "the refusal names it in brackets"
        raise ConfigurationError(f"no rule is called {of.rule}: {advice}")
    if of.source is not None and of.source not in source_names():
        raise ConfigurationError(f"no source is called {of.source}: there are {', '.join(source_names())}")
    if of.key is not None and not of.key.strip():
        raise ConfigurationError("--key is empty: name the key as the refusal shows it, or leave it away")
    if until < now.date():
        raise ConfigurationError(f"{until} is past: a waiver holds from now until the end of a day to come")
    if not why.strip():
        raise ConfigurationError("say why with --why: those who read the figures later need to know")
    subject = {"rule": of.rule, "source_system": of.source, "waived_case": of.key}
    row = subject | {"expires_on": until, "details": why, "run_id": lake.run_id, "decided_at": now}
    lake.append_rows(WAIVERS, [row])
