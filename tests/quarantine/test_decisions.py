"""What people decide about rows in quarantine: which rows they mean, and which decision counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.published import open_published
from lakehouse.quarantine import reading
from lakehouse.quarantine.decisions import _condition, decide_rows, decisions_so_far, discards
from lakehouse.quarantine.selection import Chosen
from lakehouse.settings import ConfigurationError
from lakehouse.tables.ops import QUARANTINE_DECISIONS
from lakehouse.tables.silver import QUARANTINE
from tests.lakes import publish, write
from tests.quarantine.choices import CHOICES, LINE, WAITING

pytestmark = pytest.mark.spark

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
PLACE = {name: LINE[name] for name in ("source_system", "feed", "file_kind", "_file_delivery", "_row_in_file")}


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    """A lake whose published quarantine has three rows, and whose working head has none of them any more."""
    version = write(tmp_path, QUARANTINE, WAITING)
    publish(tmp_path, 1, {"silver.quarantine": version}, run_id="published")
    write(tmp_path, QUARANTINE, [])
    return Lake(spark, tmp_path, run_id="r", as_of=date(2024, 3, 1))


def decided(lake: Lake) -> list[tuple[int, str, str]]:
    rows = lake.read(QUARANTINE_DECISIONS).select("_row_in_file", "decision", "details").collect()
    return sorted(map(tuple, rows))


def test_a_decision_is_about_the_rows_that_the_list_shows(lake: Lake) -> None:
    with open_published(lake.root) as published:
        names = [one.id for one in reading.rows(published, Chosen())]
        several = Chosen(ids=(names[0], names[2][:6]), feed="order_lines")
        choices = [*(chosen for chosen, _ in CHOICES), Chosen(ids=(names[1],)), several, Chosen(ids=("no name",))]
        shown = [sorted(one.row for one in reading.rows(published, chosen)) for chosen in choices]
    meant = [_condition(chosen).alias(f"c{place}") for place, chosen in enumerate(choices)]
    rows = lake.read_published(QUARANTINE).select("_row_in_file", *meant).collect()
    found = [sorted(row[0] for row in rows if row[place + 1]) for place in range(len(choices))]
    assert found == shown
    assert found[-3:] == [[3], [4], []]


def test_open_rows_are_discarded_and_discarded_ones_opened_again(lake: Lake) -> None:
    assert decide_rows(lake, Chosen(reason="unparsable"), "discard", "typed by mistake", NOW) == 1
    assert decide_rows(lake, Chosen(source="shop"), "reopen", "it was right", NOW) == 1
    assert decided(lake) == [(3, "discard", "typed by mistake"), (4, "reopen", "it was right")]


def test_a_decision_without_a_reason_or_about_no_row_is_refused(lake: Lake) -> None:
    with pytest.raises(ConfigurationError, match="say why"):
        decide_rows(lake, Chosen(), "discard", " ", NOW)
    with pytest.raises(ConfigurationError, match="no discarded row is meant"):
        decide_rows(lake, Chosen(feed="customers"), "reopen", "why", NOW)
    with pytest.raises(ConfigurationError, match="no open row is meant"):
        decide_rows(lake, Chosen(file="orders.csv", reason="missing"), "discard", "why", NOW)
    assert not lake.exists(QUARANTINE_DECISIONS)


def test_two_people_who_decide_at_once_are_both_heard(lake: Lake) -> None:
    lake.ensure(QUARANTINE_DECISIONS)
    people = [Lake(lake.spark, lake.root, run_id=name, as_of=lake.as_of) for name in ("one", "other")]
    with ThreadPoolExecutor(2) as pool:
        wanted = Chosen(feed="order_lines")
        assert list(pool.map(lambda one: decide_rows(one, wanted, "discard", one.run_id, NOW), people)) == [1, 1]
    assert decided(lake) == [(3, "discard", "one"), (3, "discard", "other")]


def decision(what: str, hours: int, **more: Any) -> dict[str, Any]:
    return PLACE | {"decision": what, "decided_at": NOW + timedelta(hours=hours)} | more


def test_the_latest_decision_about_a_row_counts_whatever_order_they_stand_in(lake: Lake) -> None:
    told = [
        *(decision("reopen", 2), decision("discard", 1)),
        *(decision(what, hours, _row_in_file=4) for what, hours in (("discard", 2), ("reopen", 1), ("discard", 0))),
        *(decision(what, 1, _row_in_file=5) for what in ("reopen", "discard")),  # in one instant: it stays out
        decision("discard", 1, _row_in_file=6, _file_delivery="another"),
        decision("reopen", 2, _row_in_file=6),
        decision("discard", 1, source_system="stall", _row_in_file=7),
    ]
    write(lake.root, QUARANTINE_DECISIONS, told)
    found = discards(lake, "shop")
    assert found is not None
    places = sorted((row["_file_delivery"], row["_row_in_file"]) for row in found.collect())
    assert places == [("another", 6), ("d2", 4), ("d2", 5)]


def test_every_decision_about_a_row_of_a_source_is_noticed_and_no_other(lake: Lake) -> None:
    assert decisions_so_far(lake, "shop") == ""
    write(lake.root, QUARANTINE_DECISIONS, [decision("discard", 1, source_system="stall")])
    assert decisions_so_far(lake, "shop") == ""
    assert discards(lake, "shop") is None
    of_another, seen = decisions_so_far(lake, "stall"), [""]
    for told in (decision("discard", 1), decision("reopen", 1), decision("discard", 0)):
        write(lake.root, QUARANTINE_DECISIONS, [told], mode="append")
        seen.append(decisions_so_far(lake, "shop"))
    assert len(set(seen)) == 4
    assert decisions_so_far(lake, "stall") == of_another != ""
