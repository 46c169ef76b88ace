"""What is said of rows that no feed takes, and what a run then works with."""

from __future__ import annotations

import pytest

from lakehouse.pipeline.unread import what_is_unread, without_unread
from lakehouse.quarantine.unread_rows import LONGEST, MOST_VALUES
from lakehouse.settings import ConfigurationError
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.load import load_source
from lakehouse.sources.untaken import UnreadRow, UnreadRows

NEW, IDLE = BatchSelection((), (1,)), BatchSelection((1,), ())


def said_of(values: dict[str, str], rows: int = 1) -> list[str]:
    row = UnreadRow("orders.csv", 3, values)
    return what_is_unread(load_source("shop"), [UnreadRows("orders", rows, (row,))]).splitlines()


def test_a_source_with_such_rows_is_left_out_and_what_is_wrong_is_said() -> None:
    heard: list[str] = []
    assert without_unread({"shop": NEW, "stall": NEW}, {"stall": "no feed"}, heard.append) == {"shop": NEW}
    assert heard == ["no feed"]


def test_where_the_others_have_nothing_to_do_it_ends_there() -> None:
    with pytest.raises(ConfigurationError, match="no feed"):
        without_unread({"shop": IDLE, "stall": NEW}, {"stall": "no feed"}, lambda said: None)
    assert without_unread({"shop": IDLE}, {}, lambda said: None) == {"shop": IDLE}


def test_what_can_be_told_comes_first_and_what_cannot_is_masked() -> None:
    told = said_of({"a_secret": "Ann", "order_id": "A1", "b_secret": "Bob"})[2]
    assert told.startswith("    orders.csv, row 3: order_id = A1, a_secret = ")
    assert "Ann" not in told
    assert "Bob" not in told


def test_what_a_terminal_would_act_on_is_made_visible_and_long_texts_are_cut() -> None:
    told = said_of({"order_id": "\x1b[2J" + "x" * LONGEST})[2]
    assert "order_id = \\x1b[2Jx" in told
    assert told.endswith("x…")
    assert said_of({"order_id": "x" * LONGEST})[2].endswith("= " + "x" * LONGEST)


def test_only_so_many_values_and_rows_are_shown_and_the_rest_is_counted() -> None:
    names = [f"n{number}" for number in range(MOST_VALUES + 1)]
    assert said_of(dict.fromkeys(names, "1"))[2].endswith(", …")
    assert not said_of(dict.fromkeys(names[1:], "1"))[2].endswith("…")
    assert said_of({}, rows=1)[1:3] == ["  no feed takes 1 row of orders:", "    orders.csv, row 3: nothing in it"]
    assert said_of({}, rows=3)[1:4:2] == ["  no feed takes 3 rows of orders:", "    and 2 more"]
