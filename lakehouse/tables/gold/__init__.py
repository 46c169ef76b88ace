"""Gold: the star schema, the marts that are worked out of it, and what models say."""

from lakehouse.tables.gold import campaigns, customers, features, products, sales, scores, star
from lakehouse.tables.gold.star import (
    DIM_CAMPAIGN,
    DIM_CUSTOMER,
    DIM_DATE,
    DIM_GEOGRAPHY,
    DIM_PRODUCT,
    FACT_ORDER_CHARGES,
    FACT_RETURNS,
    FACT_SALES,
)
from lakehouse.tables.model import Table

STAR: tuple[Table, ...] = star.TABLES
MARTS: tuple[Table, ...] = (*sales.TABLES, *customers.TABLES, *products.TABLES, *campaigns.TABLES)
TABLES: tuple[Table, ...] = (*STAR, *MARTS, *features.TABLES, *scores.TABLES)
__all__ = [
    "DIM_CAMPAIGN",
    "DIM_CUSTOMER",
    "DIM_DATE",
    "DIM_GEOGRAPHY",
    "DIM_PRODUCT",
    "FACT_ORDER_CHARGES",
    "FACT_RETURNS",
    "FACT_SALES",
    "STAR",
    "TABLES",
]
