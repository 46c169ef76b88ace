"""Files of well-known exports, from what is drafted for them to gold: all of them in one lake, by one run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.sources.drafting.draft import draft_source
from tests.own_conf import own_conf

pytestmark = [pytest.mark.journey, pytest.mark.long]


EXPORTS = Path(__file__).parent / "exports"
NAMES = ("amazon", "etsy", "magento", "olist", "shopify", "square", "stripe", "woocommerce")
Query = Callable[[str], list[dict[str, str]]]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Query]:
    """gold("select …"): rows of the lake that one run made of all exports."""
    folder = tmp_path_factory.mktemp("exports")
    with pytest.MonkeyPatch.context() as patch, own_conf(folder, patch) as conf:
        for shipped in (conf / "sources").glob("*.toml"):
            shipped.unlink()
        for name in NAMES:
            draft = draft_source(name, EXPORTS / name)
            (conf / "sources" / f"{name}.toml").write_text(draft, encoding="utf-8")
        patch.setenv("LAKEHOUSE_ENGINE", "sail")
        options = ["--lake", str(folder / "lake")]
        run = CliRunner().invoke(app, ["run", "--landing", str(EXPORTS), "--as-of", "2024-06-30", *options])
        assert run.exit_code == 0, run.output

        def ask(sql: str) -> list[dict[str, str]]:
            found = CliRunner().invoke(app, ["sql", sql, "--format", "csv", *options])
            assert found.exit_code == 0, found.output
            return list(csv.DictReader(io.StringIO(found.stdout)))

        yield ask


def _sums(gold: Query, sql: str) -> dict[tuple[str, str], Decimal]:
    return {(row["source_system"], row["what"]): Decimal(row["amount"]) for row in gold(sql)}


def test_revenue_of_each_status_is_what_the_export_states(gold: Query) -> None:
    sql = (
        "select source_system, order_status as what, sum(net_revenue) as amount from gold.fact_sales"
        " group by source_system, order_status"
    )
    assert _sums(gold, sql) == {
        ("amazon", "completed"): Decimal("54.00"),
        ("amazon", "pending"): Decimal("5.00"),
        ("etsy", "completed"): Decimal("1064.80"),
        ("etsy", "cancelled"): Decimal("20.00"),
        ("magento", "completed"): Decimal("83.00"),
        ("magento", "cancelled"): Decimal("20.00"),
        ("olist", "completed"): Decimal("119.80"),
        ("olist", "cancelled"): Decimal("59.90"),
        ("shopify", "completed"): Decimal("70.32"),
        ("shopify", "cancelled"): Decimal("50.00"),
        ("shopify", "refunded"): Decimal("30.00"),
        ("square", "completed"): Decimal("1155.00"),
        ("stripe", "completed"): Decimal("200.00"),
        ("stripe", "refunded"): Decimal("50.00"),
        ("stripe", "cancelled"): Decimal("50.00"),
        ("woocommerce", "completed"): Decimal("45.00"),
        ("woocommerce", "cancelled"): Decimal("10.00"),
        ("woocommerce", "refunded"): Decimal("10.00"),
    }


def test_what_came_back_is_what_the_export_states(gold: Query) -> None:
    sql = "select source_system, '' as what, sum(refund_amount) as amount from gold.fact_returns group by source_system"
    assert {name: amount for (name, _), amount in _sums(gold, sql).items()} == {
        "amazon": Decimal("15.00"),
        "etsy": Decimal("16.00"),
        "magento": Decimal("25.00"),
        "shopify": Decimal("12.00"),
        "square": Decimal("4.00"),
        "stripe": Decimal("30.00"),
        "woocommerce": Decimal("10.00"),
    }


def test_charges_are_no_revenue(gold: Query) -> None:
    sql = (
        "select source_system, charge_kind as what, sum(amount) as amount from gold.fact_order_charges"
        " group by source_system, charge_kind"
    )
    assert _sums(gold, sql) == {
        ("amazon", "fee"): Decimal("1.50"),
        ("etsy", "shipping"): Decimal("4.00"),
        ("magento", "shipping"): Decimal("7.00"),
        ("olist", "shipping"): Decimal("39.87"),
        ("shopify", "shipping"): Decimal("4.90"),
        ("shopify", "tax"): Decimal("24.00"),
        ("square", "tax"): Decimal("92.40"),
        ("square", "tip"): Decimal("5.00"),
        ("stripe", "fee"): Decimal("6.40"),
        ("woocommerce", "shipping"): Decimal("5.00"),
        ("woocommerce", "tax"): Decimal("8.55"),
    }


def test_payments_in_parts_are_all_there(gold: Query) -> None:
    sql = "select source_system, payment_method as what, sum(amount) as amount from silver.payments group by all"
    assert _sums(gold, sql) == {
        ("olist", "credit_card"): Decimal("100.00"),
        ("olist", "voucher"): Decimal("46.38"),
        ("olist", "boleto"): Decimal("73.19"),
        ("square", "card"): Decimal("1241.60"),
        ("square", "cash"): Decimal("10.80"),
    }


def test_orders_come_to_what_the_exports_state_and_what_was_paid(gold: Query) -> None:
    sql = (
        "select rule, observed from ops.quality_results where rule in ('silver.order_lines.orders_beside_totals',"
        " 'silver.payments.orders_beside_payments')"
    )
    assert {row["rule"]: row["observed"] for row in gold(sql)} == {
        "silver.order_lines.orders_beside_totals": "none",
        "silver.payments.orders_beside_payments": "none",
    }
    tax = "select source_system, is_within_prices from gold.fact_order_charges where charge_kind = 'tax' group by all"
    assert {(row["source_system"], row["is_within_prices"]) for row in gold(tax)} == {
        ("shopify", "true"), ("square", "false"), ("woocommerce", "false"),
    }  # fmt: skip


def test_no_row_waits_in_quarantine(gold: Query) -> None:
    assert gold("select source_system, feed, _source_file, reasons from silver.quarantine") == []
