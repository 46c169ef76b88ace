"""The field dictionary: every column name of silver, gold and ops, with its one meaning, type and unit."""

from __future__ import annotations

from lakehouse.tables.fields.campaigns import CAMPAIGNS
from lakehouse.tables.fields.features import FEATURES
from lakehouse.tables.fields.marts import MARTS
from lakehouse.tables.fields.ops import OPS
from lakehouse.tables.fields.shop import SHOP
from lakehouse.tables.model import Column, Field

GROUPS = (SHOP, MARTS, CAMPAIGNS, FEATURES, OPS)
FIELDS: dict[str, Field] = {one.name: one for group in GROUPS for one in group}


def columns(names: str) -> tuple[Column, ...]:
    """Columns by name, in order, as in `order_id line_number customer_id?`: a question mark allows NULL.

    Raises KeyError for a name that the dictionary does not hold.
    """
    return tuple(Column(FIELDS[name.removesuffix("?")], nullable=name.endswith("?")) for name in names.split())
