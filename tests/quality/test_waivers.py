"""The latest waiver of a rule counts, until its last day is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table
from lakehouse.tables.ops import WAIVERS
from quality.verdicts import Case, Outcome, Verdict
from quality.waivers import Waived, Waiver, holding, waivers, with_waivers
from tests.lakes import write
from tests.quality.star import NOW

LONG, SHORT = date(2024, 3, 31), date(2024, 2, 10)
EARLIER, LATER = NOW, NOW.replace(hour=9)


def waived(lake: Path, *rows: tuple[str, date, datetime]) -> None:
    """Rule, last day and time of decision."""
    write(lake, WAIVERS, [{"rule": rule, "expires_on": day, "decided_at": at} for rule, day, at in rows])


def verdict(rule: str, outcome: Outcome = "failed", **cases: str) -> Verdict:
    """`cases`: source -> the keys that fail, a letter each."""
    by_source = {source: len(keys) for source, keys in cases.items()}
    of_keys = tuple(Case(source, key) for source, keys in cases.items() for key in keys)
    figure = len(of_keys) or 1
    return Verdict(
        "gold.t", rule, "holds", (), "critical", outcome, "1 row", figure, "none", 0.0, (), by_source, of_keys
    )


def held(*of: Waived) -> list[Waiver]:
    return [Waiver(one, LONG, "", NOW) for one in of]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_waiver_that_was_shortened_no_longer_holds_after_its_new_last_day(tmp_path: Path, backwards: bool) -> None:
    rows = [("a", LONG, EARLIER), ("a", SHORT, LATER)]
    waived(tmp_path, *(rows[::-1] if backwards else rows))
    assert [one.of for one in holding(tmp_path, SHORT)] == [Waived("a")]
    assert holding(tmp_path, date(2024, 2, 11)) == []
    refused = [verdict("a")]
    assert with_waivers(refused, holding(tmp_path, date(2024, 2, 11))) == refused


@pytest.mark.parametrize("backwards", [False, True])
def test_a_waiver_that_was_prolonged_holds_to_its_new_last_day(tmp_path: Path, backwards: bool) -> None:
    rows = [("a", SHORT, EARLIER), ("a", LONG, LATER)]
    waived(tmp_path, *(rows[::-1] if backwards else rows))
    assert [one.expires_on for one in holding(tmp_path, LONG)] == [LONG]
    assert holding(tmp_path, date(2024, 4, 1)) == []


def test_a_waiver_lets_its_own_rule_pass_and_no_other_and_only_where_it_failed(tmp_path: Path) -> None:
    waived(tmp_path, ("a", LONG, EARLIER), ("b", SHORT, EARLIER))
    given = [verdict("a"), verdict("b"), verdict("c"), verdict("a", "passed"), verdict("a", "warned")]
    found = with_waivers(given, holding(tmp_path, LONG))
    assert [one.outcome for one in found] == ["waived", "failed", "failed", "passed", "warned"]
    assert found[0].observed == f"1 row; waived until {LONG}"


@pytest.mark.parametrize(
    ("of", "outcome", "left"),
    [
        ([Waived("r", "a")], "failed", {"b": 1}),
        ([Waived("r", "a"), Waived("r", "b")], "waived", {}),
        ([Waived("r", None, "x")], "failed", {"a": 2, "b": 1}),
        ([Waived("r", None, "x"), Waived("r", None, "y")], "failed", {"b": 1}),
        ([Waived("r", "b", "x"), Waived("r", None, "y")], "failed", {"a": 2, "b": 1}),
        ([Waived("r", None, "x"), Waived("r", None, "y"), Waived("r", "b", "z")], "waived", {}),
        ([Waived("r", "c")], "failed", {"a": 2, "b": 1}),
        ([Waived("q", "a")], "failed", {"a": 2, "b": 1}),
        ([Waived("r")], "waived", None),
    ],
)
def test_a_waiver_of_a_source_or_a_key_lets_that_pass_and_the_rest_is_refused(
    of: list[Waived], outcome: str, left: dict[str, int] | None
) -> None:
    """Of a the keys x and y fail, of b the key z."""
    [found] = with_waivers([verdict("r", a="xy", b="z")], held(*of))
    assert found.outcome == outcome
    assert outcome == "waived" or found.by_source == left


def test_keys_cover_a_source_only_where_all_of_its_cases_are_known() -> None:
    more = replace(verdict("r", a="xy"), figure=3, by_source={"a": 3})
    of = held(Waived("r", None, "x"), Waived("r", None, "y"))
    assert with_waivers([more], of)[0].outcome == "failed"


def test_keys_let_a_rule_pass_whose_cases_are_of_no_source() -> None:
    cases = (Case(None, "x"), Case(None, "y"))
    nobodys = replace(verdict("r"), figure=2, cases=cases)
    assert with_waivers([nobodys], held(Waived("r", None, "x")))[0].outcome == "failed"
    assert with_waivers([nobodys], held(Waived("r", None, "x"), Waived("r", None, "y")))[0].outcome == "waived"
    assert with_waivers([nobodys], held(Waived("r", "a")))[0].outcome == "failed"


def test_each_source_and_key_has_a_latest_waiver_of_its_own(tmp_path: Path) -> None:
    whole = {"rule": "a", "expires_on": LONG, "decided_at": EARLIER}
    write(tmp_path, WAIVERS, [whole, whole | {"source_system": "shop", "decided_at": LATER},
                              whole | {"source_system": "shop", "expires_on": SHORT}])  # fmt: skip
    assert [(one.of, one.expires_on) for one in waivers(tmp_path)] == [(Waived("a"), LONG), (Waived("a", "shop"), LONG)]


def test_waivers_of_older_code_are_of_every_source_and_key(tmp_path: Path) -> None:
    older = Table("ops.waivers", "", ("rule",), columns("rule expires_on details run_id decided_at"))
    write(tmp_path, older, [{"rule": "a", "expires_on": LONG, "decided_at": EARLIER}])
    assert [one.of for one in waivers(tmp_path)] == [Waived("a")]
