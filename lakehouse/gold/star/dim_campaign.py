"""gold.dim_campaign: every campaign that a source describes or an order names, and one for orders of none."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.star.keys import member_key
from lakehouse.gold.star.members import Dimension, refresh_dimension, with_inferred
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CAMPAIGN
from lakehouse.tables.silver import CAMPAIGNS, ORDER_LINES

CAMPAIGN = Dimension(DIM_CAMPAIGN, CAMPAIGNS, "campaign_id", (ORDER_LINES,))


def dim_campaign(campaigns: DataFrame, named: DataFrame) -> DataFrame:
    """Grain: one campaign. `named` (source_system, campaign_id) are those that must have a member."""
    rows = with_inferred(campaigns, named, CAMPAIGN.keys)
    return rows.select(member_key(F.col("campaign_id")).alias("campaign_key"), *DIM_CAMPAIGN.column_names[1:])


def build(lake: Lake, settings: Settings) -> None:
    refresh_dimension(lake, CAMPAIGN, dim_campaign)


STEP = Step("dim_campaign", CAMPAIGN.reads, (DIM_CAMPAIGN,), build)
