"""Once there is no order any more, nothing is said of customers either."""

from __future__ import annotations

from lakehouse.gold.customers.customer_rfm import STEP
from lakehouse.lake import Lake
from lakehouse.settings import load_settings
from lakehouse.tables.gold.customers import CUSTOMER_CONCENTRATION, CUSTOMER_RFM, RFM_SEGMENTS
from tests.lakes import Frame


def test_where_no_order_is_left_no_customer_has_a_score(lake: Lake, frame: Frame) -> None:
    scored = dict.fromkeys(("recency_days", "frequency", "r_score", "f_score", "m_score"), 1)
    lake.append(CUSTOMER_RFM, frame(CUSTOMER_RFM, scored))
    STEP.build(lake, load_settings())
    for table in (CUSTOMER_RFM, RFM_SEGMENTS, CUSTOMER_CONCENTRATION):
        assert lake.exists(table)
        assert lake.is_empty(table)
