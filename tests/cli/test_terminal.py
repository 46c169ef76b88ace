"""What people read at a terminal of 80 columns is whole: nothing is cut, and what they copy is not broken."""

from __future__ import annotations

from datetime import UTC, datetime

from jobs.cli.show_quarantine import show_counts
from jobs.cli.show_status import show_status
from lakehouse.published.status import StageRun, Status
from lakehouse.quarantine.reading import Waiting
from lakehouse.terminal import Terminal
from quality.reconcile import Balance, Reconciliation


def narrow() -> Terminal:
    return Terminal(width=80, record=True, force_terminal=False)


def shown(console: Terminal) -> str:
    text = console.export_text()
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    return text


def test_what_became_of_rows_is_a_sum_without_the_terms_that_are_nothing() -> None:
    outcomes = {"accepted": 1_046_111, "superseded": 1_000, "quarantined": 130, "pending": 0}
    balance = Balance("online_retail", "order_lines", "orders", 460, 1_047_246, 5, 0, outcomes, ())
    console = narrow()
    Reconciliation((balance,), (), ()).show(console)
    assert balance.summands == "1,046,111 accepted + 1,000 superseded + 130 quarantined + 5 not selected"
    assert "1,047,246" in shown(console)


def test_a_run_is_named_whole_with_the_rows_of_it() -> None:
    run = StageRun(
        "20240201T120000-0123abcd",
        "ingest",
        "done",
        datetime(2024, 2, 1, tzinfo=UTC),
        12345.6,
        1_210_951,
        1_209_000,
        1_951,
    )
    console = narrow()
    show_status(console, Status("lake", None, [], [run], [], [], []))
    text = shown(console)
    assert "20240201T120000-0123abcd" in text
    assert "1,210,951 read" in text


def test_a_refused_row_is_told_with_all_of_its_file() -> None:
    file = "orders/orders_of_a_shop_with_a_long_name_2024-01-01_first_try.csv.gz"
    row = Waiting("0466b1f742ab", "shop", "order_lines", "orders", file, 6, 1, ("unparsable:ordered_at",), "open", {})
    console = narrow()
    show_counts(console, [("shop", "order_lines", "unparsable:ordered_at", 1)], [row])
    text = shown(console)
    assert "0466b1f742ab" in text
    assert file in "".join(text.split())
