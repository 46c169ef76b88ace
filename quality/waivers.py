"""Waivers: a person lets a publication pass although a rule fails, for a stated reason and a time that ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.settings import ConfigurationError
from lakehouse.tables.ops import WAIVERS
from quality.verdicts import Verdict


@dataclass(frozen=True)
class Waiver:
    """The latest decision about one rule."""

    rule: str
    expires_on: date
    """Its last day."""
    why: str
    decided_at: datetime


def waivers(root: Path) -> list[Waiver]:
    """The latest waiver of every rule, expired ones too."""
    rows = sorted(small_rows(root, WAIVERS), key=lambda row: row["decided_at"])
    latest = {row["rule"]: row for row in rows}
    return [Waiver(row["rule"], row["expires_on"], row["details"] or "", row["decided_at"]) for row in latest.values()]


def holding(root: Path, today: date) -> dict[str, Waiver]:
    """Rule -> the waiver that holds today."""
    return {one.rule: one for one in waivers(root) if today <= one.expires_on}


def with_waivers(verdicts: Sequence[Verdict], held: Mapping[str, Waiver]) -> list[Verdict]:
    """Failures whose rule is waived are let through, and say so."""
    return [
        replace(one, outcome="waived", observed=f"{one.observed}; waived until {held[one.rule].expires_on}")
        if one.outcome == "failed" and one.rule in held
        else one
        for one in verdicts
    ]


def waive(lake: Lake, rule: str, until: date, why: str, *, known: Sequence[str], now: datetime) -> None:
    """Records a waiver. Raises ConfigurationError for a rule that is not known, a day that is past, or no reason."""
    if rule not in known:
        near = get_close_matches(rule, known, n=3)
        advice = f"did you mean {', '.join(near)}?" if near else "the refusal names it in brackets"
        raise ConfigurationError(f"no rule is called {rule}: {advice}")
    if until < now.date():
        raise ConfigurationError(f"{until} is past: a waiver holds from now until the end of a day to come")
    if not why.strip():
        raise ConfigurationError("say why with --why: those who read the figures later need to know")
    row = {"rule": rule, "expires_on": until, "details": why, "run_id": lake.run_id, "decided_at": now}
    lake.append_rows(WAIVERS, [row])
