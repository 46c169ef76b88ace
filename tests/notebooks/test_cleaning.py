"""The first notebook says of a lake what is true of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard.shop import Line
from tests.notebooks import people
from tests.notebooks.kernels import Executed, executed

NAME = "01_data_cleaning_eda"


@pytest.fixture(scope="module")
def run(full: tuple[Path, list[Line]], tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return executed(
        [NAME],
        full[0],
        tmp_path_factory.mktemp("elsewhere"),
        account="account.reset_index().to_dict('records')",
        gap="gap",
        reasons="quarantine.groupby('reason')['rows'].sum().to_dict()",
        median="median",
        months="months[['sold', 'net_of_returns']].sum().to_dict()",
        more="by_category.loc[more, 'category'].tolist()",
        delays="delays.tolist()",
    )


def test_it_runs_through_without_an_error_or_a_warning(run: Executed) -> None:
    assert (run.errors, run.complaints) == ([], "")
    assert run.pictures == 5


def test_every_row_of_the_file_is_accounted_for(run: Executed, full: tuple[Path, list[Line]]) -> None:
    lines = len(full[1])
    assert run.values["account"] == [
        {"file_kind": "orders", "feed": "order_lines", "rows_in_files": lines + 7, "accepted": lines,
         "quarantined": 3, "superseded": 4, "left_to_other_feeds": 0}
    ]  # fmt: skip
    assert run.values["gap"] == 0
    assert f"hold the same {lines} lines and the same money" in run.prose


def test_refusals_are_counted_by_reason(run: Executed) -> None:
    assert run.values["reasons"] == {"negative_quantity": 2, "unparsable:ordered_at": 2}
    assert "3 reasons are still open" in run.prose
    assert "1 could not" in run.prose


def test_sums_and_the_middle_are_those_of_the_lines(run: Executed, full: tuple[Path, list[Line]]) -> None:
    lines = full[1]
    sold, refunds = sum(float(line.revenue) for line in lines), sum(float(line.refund) for line in lines)
    assert run.values["months"] == pytest.approx({"sold": sold, "net_of_returns": sold - refunds})
    orders = {f"M{at}": float(order.revenue) for at, order in enumerate(people.orders())}
    for line in lines:
        orders[line.order] = orders.get(line.order, 0) + float(line.revenue)
    middle = sorted(orders.values())[len(orders) // 2 - 1 : len(orders) // 2 + 1]
    assert run.values["median"] == pytest.approx(sum(middle) / 2)


def test_what_comes_back_more_often_than_by_chance_is_named(run: Executed, full: tuple[Path, list[Line]]) -> None:
    assert run.values["more"] == ["Cups"]
    assert sorted(run.values["delays"]) == sorted((x.returned_on - x.day).days for x in full[1] if x.returned)
