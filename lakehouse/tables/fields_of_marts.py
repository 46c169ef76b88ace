"""Columns that only marts have: figures worked out of the star."""

from __future__ import annotations

from lakehouse.tables.model import Field
from lakehouse.tables.types import CURRENCY_UNIT, MONEY

_CURRENCY = (
    Field(
        "is_converted",
        "BOOLEAN",
        "True where the marts of the source are in the reporting currency: a rate is known for each of its amounts",
    ),
)
_ORDERS = (
    Field(
        "returned_cost",
        MONEY,
        "Cost of the units that came back, in proportion to those sold; NULL where the cost is unknown",
        CURRENCY_UNIT,
    ),
    Field(
        "margin_net_of_returns",
        MONEY,
        "margin - refund_amount + returned_cost: what comes back can be sold again; NULL where the cost is unknown",
        CURRENCY_UNIT,
    ),
)
MARTS = (*_CURRENCY, *_ORDERS)
