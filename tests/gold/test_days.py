"""The days on which a source sold are told of the lake as it is and as it was published."""

from __future__ import annotations

from datetime import UTC, date, datetime

from lakehouse.gold.days import days_sold
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold import FACT_SALES
from tests.lakes import Frame

JANUARY, FEBRUARY = date(2024, 1, 5), date(2024, 2, 5)


def test_days_are_those_of_the_version_that_is_asked_for_each_once(lake: Lake, frame: Frame) -> None:
    def sold(day: date, line: int) -> dict[str, object]:
        month = day.replace(day=1)
        return {"line_number": line, "quantity": 1, "order_date": day, "order_month": month}

    lake.overwrite(FACT_SALES, frame(FACT_SALES, sold(JANUARY, 1), sold(JANUARY, 2)))
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    since = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    since.append(FACT_SALES, frame(FACT_SALES, sold(FEBRUARY, 1)))
    published, now = (sorted(map(tuple, days_sold(since, published=one).collect())) for one in (True, False))
    assert published == [("x", JANUARY)]
    assert now == [("x", JANUARY), ("x", FEBRUARY)]
    since.release()


def test_a_lake_without_an_order_has_no_days(lake: Lake, frame: Frame) -> None:
    lake.overwrite(FACT_SALES, frame(FACT_SALES))
    days = days_sold(lake)
    assert (days.collect(), days.dtypes) == ([], [("source_system", "string"), ("order_date", "date")])
    lake.release()
