"""What models of one shop are made from: its rows of the tables of gold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.tables.gold import DIM_CAMPAIGN, DIM_CUSTOMER, DIM_DATE, DIM_PRODUCT
from lakehouse.tables.gold.features import CUSTOMER_FEATURES
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.model import Table

READS = (CUSTOMER_FEATURES, ORDER_TOTALS, PRODUCT_DAYS, DIM_PRODUCT, DIM_CAMPAIGN, DIM_CUSTOMER)
"""Tables whose changes move predictions. (A day of dim_date says nothing new.)"""


@dataclass(frozen=True)
class Shop:
    """One source of a lake, seen from a day."""

    lake: Lake
    source: str

    @property
    def as_of(self) -> date:
        return self.lake.as_of

    def _of(self, table: Table) -> DataFrame:
        return self.lake.read(table).where(F.col("source_system") == self.source)

    @property
    def features(self) -> DataFrame:
        """Of all cut-offs."""
        return self._of(CUSTOMER_FEATURES)

    @property
    def features_today(self) -> DataFrame:
        """Of all customers who ever ordered, as they are known at as_of."""
        return self.features.where(F.col("cut_off") == F.lit(self.as_of))

    @property
    def customers(self) -> DataFrame:
        """In their current versions, without the unknown one."""
        return self._of(DIM_CUSTOMER).where("is_current AND customer_id IS NOT NULL")

    @property
    def orders(self) -> DataFrame:
        return self._of(ORDER_TOTALS)

    @property
    def days(self) -> DataFrame:
        return self._of(PRODUCT_DAYS)

    @property
    def products(self) -> DataFrame:
        """In their current versions."""
        return self._of(DIM_PRODUCT).where("is_current")

    @property
    def campaigns(self) -> DataFrame:
        return self._of(DIM_CAMPAIGN).where("campaign_id IS NOT NULL")

    @property
    def calendar(self) -> DataFrame:
        return self.lake.read(DIM_DATE)


def shops_of(lake: Lake) -> list[Shop]:
    """One for each source of the lake: there are few."""
    return [Shop(lake, name) for name in sorted(row["source_system"] for row in small_rows(lake.root, MART_CURRENCIES))]
