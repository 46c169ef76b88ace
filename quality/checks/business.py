"""What the business expects of whole tables, by hand, as data: each expectation with its measure.

Critical ones refuse a publication. They are functions of the set of rows alone, so no order of delivery decides them;
what is compared with earlier publications only warns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.gold import FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI, MODELS
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED
from lakehouse.tables.silver import LINEAGE, ORDER_CHARGES, ORDER_LINES, PAYMENTS, QUARANTINE, RETURNS
from quality.checks.accounts import quarantined_share, quarantined_share_of_files, unaccounted_files
from quality.checks.against_files import FACTORS, money_as_sent, rows_as_accepted
from quality.checks.campaigns import credits_beyond_one, revenue_of_campaigns
from quality.checks.check import Check
from quality.checks.days import days_behind, days_without_orders
from quality.checks.early import early_checks
from quality.checks.made_nothing import made_nothing
from quality.checks.marts import mart_checks
from quality.checks.measures import returned_beyond_sold, rows_there, same_sums
from quality.checks.predictions import prediction_checks
from quality.checks.shift import CATEGORIES, shift_of_categories
from quality.checks.stated import lines_beside_prices, orders_beside_payments, orders_beside_totals
from quality.thresholds import History, MadeNothing, Quarantine, Stated, Thresholds

SALES_SUMS = ("quantity", "gross_revenue", "net_revenue")
RETURNS_SUMS = ("quantity", "refund_amount")
Past = Mapping[str, Sequence[float]]
"""Rule -> its figures at the publications so far, the oldest first."""


def business_checks(limits: Thresholds, past: Past) -> list[Check]:
    """All of them; `past` gives those that compare their bounds."""
    fixed = [*_accounts(limits.quarantine), *_stars(), *mart_checks(), *_campaigns(), *prediction_checks()]
    return [
        *fixed,
        *early_checks(),
        *_stated(limits.stated),
        *(_made_nothing(feed, limits.made_nothing) for feed in FEEDS),
        *_days(limits.history, past),
        *_counts(limits.history, past),
    ]


def _accounts(limits: Quarantine) -> list[Check]:
    return [
        Check(
            "every_row_accounted_for",
            LINEAGE,
            "every row of a new file is accepted, superseded, in quarantine, pending, left out or left to another feed",
            ("rows", "outcome"),
            unaccounted_files,
        ),
        Check(
            "rows_as_accepted",
            LINEAGE,
            "every feed's table has just the rows that were accepted",
            ("rows", "outcome"),
            rows_as_accepted,
            reads=tuple(feed.table for feed in FEEDS.values()),
        ),
        Check(
            "quarantined_share",
            LINEAGE,
            "no feed has a larger share of its rows in quarantine than conf/quality/quarantine.toml allows",
            ("rows", "outcome"),
            partial(quarantined_share, limits=limits),
        ),
        Check(
            "quarantined_share_of_a_file",
            LINEAGE,
            f"no new file has more than {limits.max_share_of_a_file:.0%} of its rows in quarantine",
            ("rows", "outcome"),
            partial(quarantined_share_of_files, limits=limits),
            severity="warning",
        ),
    ]


def _stars() -> list[Check]:
    return [
        *(_money_as_sent(feed, amount, factors) for feed, (amount, factors) in FACTORS.items()),
        _same_sums(FACT_SALES, ORDER_LINES, SALES_SUMS),
        _same_sums(FACT_RETURNS, RETURNS, RETURNS_SUMS),
        Check(
            "returned_within_sold",
            FACT_RETURNS,
            "no more units of a line come back than were sold",
            ("quantity",),
            returned_beyond_sold,
            reads=(FACT_SALES,),
        ),
    ]


def _made_nothing(feed: str, limits: MadeNothing) -> Check:
    return Check(
        "made_nothing",
        FEEDS[feed].table,
        "no expression of a source makes NULL of what is written in new rows (number(…) refuses what does not read;"
        " nullif and null_values say what means nothing)",
        (),
        partial(made_nothing, feed=feed),
        severity="warning",
        at_most=limits.max_share,
    )


def _stated(limits: Stated) -> list[Check]:
    beside = {
        "lines_beside_prices": (
            ORDER_LINES,
            "stated amounts of lines are their price x quantity",
            ("gross_amount", "unit_price", "quantity"),
            lines_beside_prices,
            (),
        ),
        "orders_beside_totals": (
            ORDER_LINES,
            "stated totals of orders are those of their lines, with the charges on top of prices",
            ("stated_order_total", "net_revenue"),
            orders_beside_totals,
            (ORDER_CHARGES,),
        ),
        "orders_beside_payments": (
            PAYMENTS,
            "payments of completed orders are what the order comes to",
            ("amount",),
            orders_beside_payments,
            (ORDER_LINES, ORDER_CHARGES),
        ),
    }
    return [
        Check(
            code,
            table,
            sentence,
            columns,
            partial(measure, limits=limits),
            severity="warning",
            at_most=limits.max_share,
            reads=reads,
        )
        for code, (table, sentence, columns, measure, reads) in beside.items()
    ]


def _campaigns() -> list[Check]:
    return [
        Check(
            "credits_add_up",
            CAMPAIGN_ATTRIBUTION,
            "the shares of every order add up to 1, by each model of attribution",
            MODELS,
            credits_beyond_one,
        ),
        Check(
            "same_revenue",
            CAMPAIGN_ROI,
            f"revenue credited to last contacts is that of {CAMPAIGN_ATTRIBUTION.name}, per source and currency",
            ("last_touch_revenue",),
            revenue_of_campaigns,
            reads=(CAMPAIGN_ATTRIBUTION,),
        ),
    ]


def _money_as_sent(feed: str, amount: str, factors: tuple[str, ...]) -> Check:
    return Check(
        "money_as_sent",
        FEEDS[feed].table,
        f"{amount} of new rows is what the files say, per source and currency, to the last decimal",
        factors,
        partial(money_as_sent, feed=feed),
    )


def _same_sums(table: Table, of: Table, amounts: tuple[str, ...]) -> Check:
    return Check(
        "same_sums",
        table,
        f"rows, {', '.join(amounts)} equal {of.name}, per source and currency, to the last decimal",
        amounts,
        partial(same_sums, here=of.name, there=table.name, amounts=amounts),
        reads=(of,),
    )


def _days(limits: History, past: Past) -> list[Check]:
    behind = past.get(f"{ORDER_LINES.name}.days_behind", ())
    return [
        Check(
            "days_without_orders",
            ORDER_LINES,
            f"of the last {limits.weeks} weeks every day has orders whose weekday had some in all weeks before",
            ("order_date",),
            partial(days_without_orders, weeks=limits.weeks),
            severity="warning",
        ),
        Check(
            "days_behind",
            ORDER_LINES,
            "the newest order is about as old as at earlier publications",
            ("order_date",),
            days_behind,
            severity="warning",
            at_most=max(behind) + limits.max_days_later if behind else None,
        ),
        Check(
            "shift_of_categories",
            ORDER_LINES,
            f"new lines are of the same kinds as earlier ones, by {', '.join(CATEGORIES)}",
            CATEGORIES,
            partial(shift_of_categories, min_lines=limits.min_lines),
            severity="warning",
            at_most=limits.max_shift,
        ),
    ]


def _counts(limits: History, past: Past) -> list[Check]:
    # That fewer rows wait in quarantine is good news.
    tables = [table for table in PUBLISHED if table is not QUARANTINE]
    return [_row_count(table, past.get(f"{table.name}.row_count", ()), limits) for table in tables]


def _row_count(table: Table, before: Sequence[float], limits: History) -> Check:
    return Check(
        "row_count",
        table,
        "has about as many rows as when it was last published, or more",
        (),
        partial(rows_there, table=table),
        severity="warning",
        at_least=round(before[-1] * (1 - limits.max_fewer_rows)) if before else None,
        at_most=None,
    )
