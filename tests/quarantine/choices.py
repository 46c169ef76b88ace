"""Rows in quarantine, and which of them are meant by what people say."""

from __future__ import annotations

import json
from typing import Any

from lakehouse.quarantine.selection import Chosen

ADA: dict[str, Any] = {
    "source_system": "shop", "feed": "customers", "file_kind": "customers", "_source_file": "customers.csv",
    "_file_delivery": "d1", "_row_in_file": 7, "reasons": ["missing:customer_id"], "status": "open",
    "raw_row": json.dumps({"email": "ada@example.org", "city": "York", "_rescued": {"mother": "Annabella"}}),
}  # fmt: skip
LINE: dict[str, Any] = {
    "source_system": "shop", "feed": "order_lines", "file_kind": "orders", "_source_file": "orders.csv",
    "_file_delivery": "d2", "_row_in_file": 3, "reasons": ["negative_price", "unparsable:quantity"], "status": "open",
    "raw_row": json.dumps({"order_id": "O1", "unit_price": "-1.50", "quantity": "=2+3", "ship_postal_code": "AB1"}),
}  # fmt: skip
WAITING = (ADA, LINE, LINE | {"_row_in_file": 4, "status": "discarded"})
CHOICES: list[tuple[Chosen, list[int]]] = [
    (Chosen(), [7, 3, 4]),
    (Chosen(status="open"), [7, 3]),
    (Chosen(feed="order_lines", status="open"), [3]),
    (Chosen(reason="unparsable"), [3, 4]),
    (Chosen(reason="unparsable:quantity"), [3, 4]),
    (Chosen(reason="unparsable:unit_price"), []),
    (Chosen(reason="negative_price"), [3, 4]),
    (Chosen(file="customers.csv"), [7]),
    (Chosen(source="o'reilly"), []),
]
"""And the places of the rows that are meant, in the order in which they are listed."""
