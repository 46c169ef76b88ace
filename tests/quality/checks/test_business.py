"""What is expected of the business: every check is there, with bounds from what was published before."""

from __future__ import annotations

import pytest

from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.registry import PUBLISHED
from lakehouse.tables.silver import QUARANTINE
from quality.checks.business import Past, business_checks
from quality.checks.check import Check
from quality.thresholds import load_thresholds


def checks(past: Past) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = {}
    for one in business_checks(load_thresholds(), past):
        found.setdefault(one.code, []).append(one)
    return found


def test_rows_are_counted_in_every_table_but_the_one_where_fewer_are_good_news() -> None:
    counted = [one.table for one in checks({})["row_count"]]
    assert counted == [table for table in PUBLISHED if table.name != QUARANTINE.name]
    assert len(counted) == len(PUBLISHED) - 1


@pytest.mark.parametrize(("before", "at_least"), [((), None), ((1_000,), 900), ((1_000, 500, 200), 180)])
def test_fewer_rows_than_in_the_latest_publication_are_bounded(before: tuple[float, ...], at_least: int | None) -> None:
    limits = load_thresholds()
    limits = limits.model_copy(update={"history": limits.history.model_copy(update={"max_fewer_rows": 0.1})})
    rule = f"{DIM_DATE.name}.row_count"
    [found] = [one for one in business_checks(limits, {rule: before}) if one.rule == rule]
    assert (found.at_least, found.at_most, found.severity) == (at_least, None, "warning")


def test_every_feed_is_asked_for_what_became_nothing_and_no_two_checks_have_one_name() -> None:
    found = checks({})
    assert len(found["made_nothing"]) == len(FEEDS)
    rules = [one.rule for of_code in found.values() for one in of_code]
    assert len(rules) == len(set(rules))
    assert {"every_row_accounted_for", "same_sums", "same_customers", "ids_whole", "days_behind"} <= found.keys()
