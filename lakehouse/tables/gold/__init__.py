"""Gold: the star schema, and the marts that are worked out of it."""

from lakehouse.tables.gold import campaigns, customers, features, products, sales, star
from lakehouse.tables.gold.star import (
    DIM_CAMPAIGN,
    DIM_CUSTOMER,
    DIM_DATE,
    DIM_GEOGRAPHY,
    DIM_PRODUCT,
    FACT_RETURNS,
    FACT_SALES,
)
from lakehouse.tables.model import Table

STAR: tuple[Table, ...] = star.TABLES
TABLES: tuple[Table, ...] = (
    *STAR, *sales.TABLES, *customers.TABLES, *products.TABLES, *campaigns.TABLES, *features.TABLES,
)  # fmt: skip
__all__ = [
    "DIM_CAMPAIGN",
    "DIM_CUSTOMER",
    "DIM_DATE",
    "DIM_GEOGRAPHY",
    "DIM_PRODUCT",
    "FACT_RETURNS",
    "FACT_SALES",
    "STAR",
    "TABLES",
]
