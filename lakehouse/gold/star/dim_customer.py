"""gold.dim_customer: every version of every customer, and members for those that facts name and nobody described."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.star.keys import member_key, version_key
from lakehouse.gold.star.members import Dimension, refresh_dimension, with_all_time, with_inferred
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES, RETURNS

CUSTOMER = Dimension(DIM_CUSTOMER, CUSTOMERS, "customer_id", (ORDER_LINES, RETURNS))


def dim_customer(versions: DataFrame, named: DataFrame) -> DataFrame:
    """Grain: one version of one customer. `named` (source_system, customer_id) are those that must have a member."""
    rows = with_all_time(with_inferred(versions, named, CUSTOMER.keys))
    return rows.select(
        version_key(F.col("customer_id"), F.col("valid_from")).alias("customer_key"),
        member_key(F.col("customer_id")).alias("customer_durable_key"),
        *DIM_CUSTOMER.column_names[2:],
    )


def build(lake: Lake, settings: Settings) -> None:
    refresh_dimension(lake, CUSTOMER, dim_customer)


STEP = Step("dim_customer", CUSTOMER.reads, (DIM_CUSTOMER,), build)
