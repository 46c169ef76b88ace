"""gold.customer_features: the step that keeps the features of customers at the cut-offs that models use.

What a run costs: of the cut-offs, those after the earliest day of which something is not what it was; each takes a pass
over the orders before it. On an ordinary day that is as_of alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.rows import partition_values
from lakehouse.gold.amounts import converted_sources, counted_returns
from lakehouse.gold.refresh import in_months, is_full, net_changed, weight
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.features import CUSTOMER_FEATURES
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from ml.features.customer_features import ATTRIBUTES, attributes, contact_day, customer_features
from ml.features.purchases import CUSTOMER

READS = (ORDER_TOTALS, FACT_RETURNS, DIM_CUSTOMER, CAMPAIGN_TOUCHES, MART_CURRENCIES)
_ORDER = (
    "order_id", "order_date", "currency", "customer_durable_key", "customer_id", "source_system", "lines", "units",
    "gross_revenue", "discount", "net_revenue", "margin",
)  # fmt: skip
_RETURN = (
    "return_id", "return_date", "customer_key", "order_status", "quantity", "refund_amount", "currency",
    "reporting_currency", "reporting_rate", "source_system",
)  # fmt: skip
_TOUCH = ("touch_id", "customer_id", "touched_at", "is_holdout", "source_system")


def wanted_cut_offs(as_of: date, months: int) -> list[date]:
    """The newest so many month starts up to as_of, and as_of itself, in order."""
    starts = [as_of.replace(day=1)]
    while len(starts) < months:
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    return sorted({*starts, as_of})


def build(lake: Lake, settings: Settings) -> None:
    rules = settings.models.churn
    wanted = wanted_cut_offs(lake.as_of, rules.cut_offs)
    whole = is_full(lake, CUSTOMER_FEATURES, READS)
    present = {date.fromisoformat(one) for one in partition_values(lake.path(CUSTOMER_FEATURES), "cut_off")}
    due = set(wanted) if whole else _due(lake, wanted, present)
    replaced = due | (present - set(wanted))
    if not replaced and not whole:
        return
    rows = customer_features(
        lake.read(ORDER_TOTALS),
        counted_returns(lake.read(FACT_RETURNS), converted_sources(lake)),
        lake.read(DIM_CUSTOMER),
        lake.read(CAMPAIGN_TOUCHES),
        cut_offs=sorted(due) or wanted[-1:],
        look_back_days=rules.look_back_days,
        everyone_at=(lake.as_of,),
    )
    if whole:
        lake.overwrite(CUSTOMER_FEATURES, rows)
    else:
        kept = rows if due else rows.limit(0)
        lake.replace_where(CUSTOMER_FEATURES, kept, in_months("cut_off", replaced))


# ── what to build again ────────────────────────────────────────────────────────────────────────────────────────────


def _due(lake: Lake, wanted: Sequence[date], present: Collection[date]) -> set[date]:
    """The cut-offs that are not there as they should be."""
    if lake.changes(MART_CURRENCIES):
        return set(wanted)
    due = {one for one in wanted if one not in present}
    if due and (first := _earliest(lake.read(ORDER_TOTALS).select(F.col("order_date").alias("_day")))):
        # Before the first order there is nothing to keep.
        due = {one for one in due if one > first}
    if lake.as_of_moved and lake.publication is not None:
        # As of that day everyone was asked about; as of another it is a cut-off like others, and the other way round.
        due |= {one for one in wanted if one in (lake.publication.as_of, lake.as_of)}
    earliest = min(_days_changed(lake), default=None)
    if earliest is not None:
        due |= {one for one in wanted if one > earliest}
    left = [one for one in wanted if one not in due]
    return due | _with_other_attributes(lake, left)


def _days_changed(lake: Lake) -> list[date]:
    """The earliest day of an order, of a return and of a contact that came, went or is not what it was."""
    touches = net_changed(lake, CAMPAIGN_TOUCHES, _TOUCH)
    days = (
        (net_changed(lake, ORDER_TOTALS, _ORDER), F.col("order_date")),
        (net_changed(lake, FACT_RETURNS, _RETURN), F.col("return_date")),
        (touches if touches is None else touches.where("NOT is_holdout"), contact_day()),
    )
    found = (_earliest(rows.select(day.alias("_day"))) for rows, day in days if rows is not None)
    return [day for day in found if day is not None]


def _earliest(days: DataFrame) -> date | None:
    row = days.agg(F.min("_day")).first()
    return None if row is None else row[0]


def _with_other_attributes(lake: Lake, cut_offs: list[date]) -> set[date]:
    """Those of the cut-offs at which a customer in the table has other attributes than were published."""
    changes = lake.changes(DIM_CUSTOMER).rows
    if changes is None or not cut_offs:
        return set()
    values = attributes(changes.withColumn("_weight", weight()), cut_offs, "_weight")
    known = lake.read(CUSTOMER_FEATURES).select(*CUSTOMER, "cut_off")
    nets = values.groupBy(*CUSTOMER, "cut_off", "signed_up_on", *ATTRIBUTES).agg(F.sum("_weight").alias("_net"))
    other = nets.where("_net <> 0").join(known, [*CUSTOMER, "cut_off"], "leftsemi")
    return {row[0] for row in other.select("cut_off").distinct().collect()}


STEP = Step("customer_features", READS, (CUSTOMER_FEATURES,), build, follows_as_of=True)
