"""What a training of demand reads of a lake, as this process holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from pyspark.sql import DataFrame

from ml.demand.calendar import Known, known
from ml.demand.series import collected, weekly_sales


@dataclass(frozen=True)
class Gathered:
    """One source's weekly sales, and what is known beforehand of weeks to come."""

    source: str
    as_of: date
    sales: pd.DataFrame
    """See series.collected: at most (most_products + categories) x weeks rows for each currency."""
    beforehand: Known


def gathered(
    days: DataFrame, products: DataFrame, calendar: DataFrame, campaigns: DataFrame, *, as_of: date, most_products: int
) -> Gathered:
    """From gold.product_days, current gold.dim_product, gold.dim_date and gold.dim_campaign of one source."""
    row = products.select("source_system").first()
    sales = collected(weekly_sales(days, products, as_of=as_of, most_products=most_products))
    return Gathered(str(row["source_system"]) if row else "", as_of, sales, known(calendar, campaigns))
