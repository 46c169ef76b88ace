"""gold.dim_product: every version of every product, and members for those that facts name and nobody described."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.star.keys import member_key, version_key
from lakehouse.gold.star.members import Dimension, refresh_dimension, with_all_time, with_inferred
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_PRODUCT
from lakehouse.tables.silver import ORDER_LINES, PRODUCTS, RETURNS

PRODUCT = Dimension(DIM_PRODUCT, PRODUCTS, "product_id", (ORDER_LINES, RETURNS))


def dim_product(versions: DataFrame, named: DataFrame) -> DataFrame:
    """Grain: one version of one product. `named` (source_system, product_id) are those that must have a member.

    What nobody described counts as merchandise, as it does where a source does not say.
    """
    rows = with_all_time(with_inferred(versions, named, PRODUCT.keys))
    return rows.withColumn("is_merchandise", F.coalesce("is_merchandise", F.lit(True))).select(
        version_key(F.col("product_id"), F.col("valid_from")).alias("product_key"),
        member_key(F.col("product_id")).alias("product_durable_key"),
        *DIM_PRODUCT.column_names[2:],
    )


def build(lake: Lake, settings: Settings) -> None:
    refresh_dimension(lake, PRODUCT, dim_product)


STEP = Step("dim_product", PRODUCT.reads, (DIM_PRODUCT,), build)
