"""The latest waiver of a rule counts, until its last day is over."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from lakehouse.tables.ops import WAIVERS
from quality.verdicts import Outcome, Verdict
from quality.waivers import holding, with_waivers
from tests.lakes import write
from tests.quality.star import NOW

LONG, SHORT = date(2024, 3, 31), date(2024, 2, 10)
EARLIER, LATER = NOW, NOW.replace(hour=9)


def waived(lake: Path, *rows: tuple[str, date, datetime]) -> None:
    """Rule, last day and time of decision."""
    write(lake, WAIVERS, [{"rule": rule, "expires_on": day, "decided_at": at} for rule, day, at in rows])


def verdict(rule: str, outcome: Outcome = "failed") -> Verdict:
    return Verdict("gold.t", rule, "holds", (), "critical", outcome, "1 row", 1, "none", 0.0)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_waiver_that_was_shortened_no_longer_holds_after_its_new_last_day(tmp_path: Path, backwards: bool) -> None:
    rows = [("a", LONG, EARLIER), ("a", SHORT, LATER)]
    waived(tmp_path, *(rows[::-1] if backwards else rows))
    assert holding(tmp_path, SHORT).keys() == {"a"}
    assert holding(tmp_path, date(2024, 2, 11)) == {}
    refused = [verdict("a")]
    assert with_waivers(refused, holding(tmp_path, date(2024, 2, 11))) == refused


@pytest.mark.parametrize("backwards", [False, True])
def test_a_waiver_that_was_prolonged_holds_to_its_new_last_day(tmp_path: Path, backwards: bool) -> None:
    rows = [("a", SHORT, EARLIER), ("a", LONG, LATER)]
    waived(tmp_path, *(rows[::-1] if backwards else rows))
    assert holding(tmp_path, LONG)["a"].expires_on == LONG
    assert holding(tmp_path, date(2024, 4, 1)) == {}


def test_a_waiver_lets_its_own_rule_pass_and_no_other_and_only_where_it_failed(tmp_path: Path) -> None:
    waived(tmp_path, ("a", LONG, EARLIER), ("b", SHORT, EARLIER))
    given = [verdict("a"), verdict("b"), verdict("c"), verdict("a", "passed"), verdict("a", "warned")]
    found = with_waivers(given, holding(tmp_path, LONG))
    assert [one.outcome for one in found] == ["waived", "failed", "failed", "passed", "warned"]
    assert found[0].observed == f"1 row; waived until {LONG}"
