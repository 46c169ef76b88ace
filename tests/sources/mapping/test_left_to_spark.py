"""What Sail takes otherwise than Spark is refused on it in every place that holds SQL, and is Spark's to do."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.mapping.refuse import ExpressionsRefused, refuse
from tests.conftest import speaking_connect
from tests.sources.declared import PLACES, declared

OTHERWISE = "initcap(price)"
A_DOUBLE = "try_variant_get(parse_json(price), '$', 'double')"
"""One of which the words say nothing."""


@pytest.mark.parametrize("place", PLACES)
def test_it_is_refused_by_feed_and_place(sail: SparkSession, place: str) -> None:
    with speaking_connect(), pytest.raises(ExpressionsRefused) as refused:
        refuse(sail, declared({place: OTHERWISE}))
    assert f"feeds.order_lines.{place}: Sail takes it otherwise than Spark: initcap: letters behind signs" in str(
        refused.value
    )


def test_a_double_is_refused_whatever_it_came_from(sail: SparkSession) -> None:
    with speaking_connect():
        refuse(sail, declared({"columns.unit_price": A_DOUBLE}))
        with pytest.raises(ExpressionsRefused, match=r"columns\.unit_price: Sail .* it is a double"):
            check_source(sail, declared({"columns.unit_price": A_DOUBLE}))


@pytest.mark.spark
@pytest.mark.parametrize("sql", [OTHERWISE, A_DOUBLE])
def test_spark_does_it(classic: SparkSession, sql: str) -> None:
    source = declared({"columns.unit_price": sql})
    refuse(classic, source)
    check_source(classic, source)
