"""What a run tells while it works."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lakehouse.pipeline.events import Events
from lakehouse.pipeline.summary import RunSummary
from lakehouse.terminal import Terminal

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def lines(events: Events) -> list[dict[str, Any]]:
    return [json.loads(line) for line in events.log_file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def events(tmp_path: Path, shown: io.StringIO) -> Iterator[Events]:
    console = Terminal(file=shown, width=100)
    with Events(tmp_path, "r1", progress=console, out=console, now=lambda: NOON) as made:
        yield made


def test_each_event_is_one_json_line_with_time_run_stage_and_its_fields(events: Events) -> None:
    events.emit("file loaded", path="a\nb.csv", rows=3)
    events.emit("file rejected", path="c.csv")
    first, second = lines(events)
    assert first == {
        "time": "2024-05-01T12:00:00+00:00", "run_id": "r1", "stage": "", "event": "file loaded",
        "path": "a\nb.csv", "rows": 3,
    }  # fmt: skip
    assert second["path"] == "c.csv"


def test_personal_fields_are_masked_at_any_depth(events: Events) -> None:
    events.emit("row", email="a@example.com", row={"phone": "0123", "city": "Leeds"}, first_name=None)
    [line] = lines(events)
    assert line["email"] == "***"
    assert line["row"] == {"phone": "***", "city": "Leeds"}
    assert line["first_name"] is None


def test_a_stage_is_logged_with_its_seconds_and_names_the_events_inside_it(events: Events, shown: io.StringIO) -> None:
    with events.stage("silver", "shop order_lines"):
        events.emit("rows", rows=2)
    started, inside, done = lines(events)
    assert [started["event"], done["event"]] == ["started", "done"]
    assert inside["stage"] == done["stage"] == "silver"
    assert done["what"] == "shop order_lines"
    assert done["seconds"] >= 0
    assert "silver shop order_lines" in shown.getvalue()


def test_a_failed_stage_says_so_without_the_message_that_may_quote_a_value(events: Events, shown: io.StringIO) -> None:
    value = "a@example.com"
    with pytest.raises(ValueError, match="a@example"), events.stage("silver"):
        raise ValueError(f"cannot cast {value}")
    failed = lines(events)[-1]
    assert (failed["event"], failed["error"]) == ("failed", "ValueError")
    assert "a@example.com" not in events.log_file.read_text(encoding="utf-8") + shown.getvalue()
    assert "failed silver" in shown.getvalue()


def test_on_a_terminal_a_stage_leaves_one_line(tmp_path: Path, shown: io.StringIO) -> None:
    terminal = Terminal(file=shown, width=100, force_terminal=True, color_system=None)
    with Events(tmp_path, "r2", progress=terminal, out=terminal) as events, events.stage("gold", "fact_sales"):
        pass
    assert shown.getvalue().count("done") == 1


def test_what_looks_like_markup_is_shown_as_it_is(events: Events, shown: io.StringIO) -> None:
    events.say("files [a-z].csv [/]")
    assert "files [a-z].csv [/]" in shown.getvalue()


def test_the_summary_counts_each_reason_and_names_the_publication(events: Events, shown: io.StringIO) -> None:
    events.closing_summary(
        RunSummary(files=1, rows_in=541_909, accepted=539_392, quarantined={"zero_price": 2515, "negative_price": 2},
                   published=7, seconds={"ingest": 1.25, "silver": 2, "gate": 1, "publish": 1})
    )  # fmt: skip
    text = shown.getvalue()
    rows = [line.split() for line in text.splitlines()]
    assert "541,909" in text
    assert text.index("zero_price") < text.index("negative_price")
    assert ["quarantined", "2,517"] in rows
    assert lines(events)[-1]["quarantined"] == {"zero_price": 2515, "negative_price": 2}
    assert lines(events)[-1]["published"] == 7


def test_a_run_without_anything_new_says_so(events: Events, shown: io.StringIO) -> None:
    events.closing_summary(RunSummary())
    assert "there was nothing new" in shown.getvalue()


@pytest.mark.parametrize(
    ("stages", "told", "untold"),
    [
        (["ingest"], ["files loaded", "rows in"], ["accepted", "pending", "published"]),
        (["silver"], ["accepted", "superseded", "quarantined", "pending"], ["files loaded", "rows in", "published"]),
        (["train"], ["train"], ["files loaded", "accepted", "published"]),
        (["gate"], ["published", "nothing"], ["files loaded", "accepted"]),
    ],
)
def test_the_summary_has_no_line_of_stages_that_did_not_run(
    events: Events, shown: io.StringIO, stages: list[str], told: list[str], untold: list[str]
) -> None:
    rows = 3 if stages == ["ingest"] else 0
    events.closing_summary(RunSummary(files=rows, rows_in=rows, seconds=dict.fromkeys(stages, 1.0)))
    text = shown.getvalue()
    assert [word for word in told if word not in text] == []
    assert [word for word in untold if word in text] == []


def test_a_refused_run_says_why(events: Events, shown: io.StringIO) -> None:
    events.closing_summary(RunSummary(rows_in=1, why_not_published="gold.fact_sales: 3 rows without a customer"))
    assert "3 rows without a customer" in shown.getvalue()


def test_the_summary_counts_rows_left_out_by_reason_and_names_sources_that_stay_as_they_were(
    events: Events, shown: io.StringIO
) -> None:
    events.closing_summary(
        RunSummary(left_out={"fee": 2, "total": 1}, published=7, not_taken={"cafe": "no feed takes 1 row"},
                   refused={"kiosk": "a rule"}, seconds={"silver": 1, "gate": 1, "publish": 1})
    )  # fmt: skip
    rows = [line.split() for line in shown.getvalue().splitlines()]
    assert [row[:3] for row in rows if "left" in row] == [["left", "out", "3"]]
    assert (["fee", "2"] in rows, ["total", "1"] in rows) == (True, True)
    assert [row[:3] for row in rows if "taken" in row] == [["not", "taken", "cafe"]]
    assert [row[:2] for row in rows if row[:1] == ["refused"]] == [["refused", "kiosk"]]


def test_a_summary_without_rows_left_out_has_no_line_of_them(events: Events, shown: io.StringIO) -> None:
    events.closing_summary(RunSummary(rows_in=1, published=1))
    assert "left out" not in shown.getvalue()
    assert "taken" not in shown.getvalue()
