"""Small random silver tables that change step by step, and what the star must say of them, in plain loops."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lakehouse.tables import silver

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
# Few instants, so that orders often fall exactly on the change of a version.
INSTANTS = [datetime(2024, month, day, tzinfo=UTC) for month in range(1, 7) for day in (1, 15)]
SOURCES, CURRENCIES = ("north", "south"), ("GBP", "EUR", "USD")
CITIES = ("Bath", "Bonn", None)
Row = dict[str, Any]
Tables = Mapping[str, list[Row]]


class RandomSilver:
    """What silver holds, as dictionaries by key; `change` alters some of them a little."""

    def __init__(self, seed: int, size: int = 30) -> None:
        self.rng = random.Random(seed)
        self.size = size
        self.rows: dict[str, dict[Any, Any]] = {name: {} for name in KINDS}
        for _ in range(size):
            for name in KINDS:
                self._put(name)

    def change(self, *names: str) -> None:
        """Puts in, alters and takes out a few rows of these kinds."""
        for one in names:
            for _ in range(self.rng.randint(1, 4)):
                if self.rows[one] and self.rng.random() < 0.4:
                    del self.rows[one][self.rng.choice(sorted(self.rows[one], key=str))]
                else:
                    self._put(one)

    def tables(self) -> Tables:
        """The rows of each silver table that the star reads, by short name."""
        return {
            "customers": _history(self.rows["customers"], "customer_id"),
            "products": _history(self.rows["products"], "product_id"),
            "order_lines": list(self.rows["lines"].values()),
            "returns": list(self.rows["returns"].values()),
            "campaigns": list(self.rows["campaigns"].values()),
            "campaign_touches": list(self.rows["touches"].values()),
            "fx_rates": list(self.rows["rates"].values()),
        }

    # ── one row of each kind ───────────────────────────────────────────────────────────────────────────────────────

    def _put(self, name: str) -> None:
        key, row = getattr(self, f"_{name}")(self.rng.choice(SOURCES))
        self.rows[name][key] = row

    def _id(self, letter: str, count: int, null: float = 0.0) -> str | None:
        return None if self.rng.random() < null else f"{letter}{self.rng.randrange(count)}"

    def _customers(self, source: str) -> tuple[Any, Row]:
        key = (source, self._id("c", self.size // 3), self.rng.choice(INSTANTS))
        names = {"country_name": self.rng.choice(("France", None)), "city": self.rng.choice(CITIES)}
        return key, {"email": self.rng.choice(("a@b.c", None)), **names}

    def _products(self, source: str) -> tuple[Any, Row]:
        key = (source, self._id("p", self.size // 3), self.rng.choice(INSTANTS))
        cost = self.rng.choice((None, Decimal("1.1000"), Decimal("2.5000")))
        return key, {"unit_cost": cost, "currency": self.rng.choice(CURRENCIES), "is_merchandise": True}

    def _lines(self, source: str) -> tuple[Any, Row]:
        key = (source, self._id("o", self.size // 2), self.rng.randint(1, 3))
        at, ships = self.rng.choice(INSTANTS), self.rng.random() < 0.4
        quantity, price = self.rng.randint(1, 5), Decimal(self.rng.randint(0, 9999)) / 100
        return key, dict(zip(("source_system", "order_id", "line_number"), key, strict=True)) | {
            "customer_id": self._id("c", self.size // 2, null=0.2),
            "product_id": self._id("p", self.size // 2),
            "ordered_at": at,
            "order_date": at.date(),
            "order_month": at.date().replace(day=1),
            "order_status": self.rng.choice(silver.ORDER_STATUSES),
            "campaign_id": self._id("k", 4, null=0.5),
            "quantity": quantity,
            "unit_price": price,
            "discount": Decimal(0),
            "gross_revenue": quantity * price,
            "net_revenue": quantity * price,
            "currency": self.rng.choice(CURRENCIES),
            "ship_city": self.rng.choice(CITIES) if ships else None,
            "ship_country_name": "Italy" if ships else None,
        }

    def _returns(self, source: str) -> tuple[Any, Row]:
        key, at = (source, self._id("r", self.size)), self.rng.choice(INSTANTS)
        return key, dict(zip(("source_system", "return_id"), key, strict=True)) | {
            "order_id": self._id("o", self.size // 2, null=0.2),
            "line_number": self.rng.choice((None, None, 1, 2, 3)),
            "customer_id": self._id("c", self.size // 2, null=0.6),
            "product_id": self._id("p", self.size // 2, null=0.3),
            "returned_at": at,
            "return_date": at.date(),
            "return_month": at.date().replace(day=1),
            "quantity": 1,
            "refund_amount": self.rng.choice((None, Decimal(3))),
            "currency": self.rng.choice(CURRENCIES),
        }

    def _campaigns(self, source: str) -> tuple[Any, Row]:
        key = (source, self._id("k", 4))
        more = {"campaign_name": self.rng.choice(("Spring", "Sale")), "currency": "GBP"}
        return key, dict(zip(("source_system", "campaign_id"), key, strict=True)) | more

    def _touches(self, source: str) -> tuple[Any, Row]:
        key = (source, self._id("t", self.size))
        named = {"campaign_id": self._id("k", 6), "customer_id": self._id("c", self.size), "touched_at": INSTANTS[0]}
        return key, dict(zip(("source_system", "touch_id"), key, strict=True)) | named | {"is_holdout": False}

    def _rates(self, source: str) -> tuple[Any, Row]:
        key = (source, self.rng.choice(CURRENCIES), self.rng.choice(INSTANTS).date())
        rate = {"exchange_rate": Decimal(self.rng.randint(1, 300)) / 100}
        return key, dict(zip(("source_system", "currency", "rate_date"), key, strict=True)) | rate


KINDS = ("customers", "products", "lines", "returns", "campaigns", "touches", "rates")


def _history(versions: Mapping[tuple[str, str, datetime], Row], id_name: str) -> list[Row]:
    """Versions with their validity, as silver holds them: the earliest of a member holds from the first instant."""
    rows = []
    for source, member in sorted({key[:2] for key in versions}):
        instants = sorted(key[2] for key in versions if key[:2] == (source, member))
        for place, instant in enumerate(instants):
            until = instants[place + 1] if place + 1 < len(instants) else LAST
            since = instant if place else FIRST
            times = {"valid_from": since, "valid_to": until, "is_current": until == LAST}
            rows.append({"source_system": source, id_name: member} | versions[source, member, instant] | times)
    return rows


# ── what the star must say ─────────────────────────────────────────────────────────────────────────────────────────


def version_at(versions: list[Row], id_name: str, source: str, member: str | None, at: datetime) -> Row:
    """The version that was valid; for a member without any the inferred one."""
    mine = [row for row in versions if (row["source_system"], row[id_name]) == (source, member)]
    valid = [row for row in mine if row["valid_from"] <= at < row["valid_to"]]
    assert len(valid) == (1 if mine else 0)
    return valid[0] if valid else {"valid_from": FIRST}


def rate_on(rates: list[Row], source: str, currency: str, day: date) -> Decimal | None:
    """The newest rate of the source up to the day."""
    if currency == "GBP":
        return Decimal(1)
    known = [r for r in rates if (r["source_system"], r["currency"]) == (source, currency) and r["rate_date"] <= day]
    return max(known, key=lambda row: row["rate_date"])["exchange_rate"] if known else None


def expected_sale(line: Row, tables: Tables) -> tuple[Any, ...]:
    """(key…, customer, its valid_from, product, its valid_from, country, city, campaign, cost, rate) of one line."""
    source, at = line["source_system"], line["ordered_at"]
    customer = version_at(tables["customers"], "customer_id", source, line["customer_id"], at)
    product = version_at(tables["products"], "product_id", source, line["product_id"], at)
    ships = line["ship_country_name"] is not None
    place = (
        (line["ship_country_name"], line["ship_city"])
        if ships
        else (customer.get("country_name"), customer.get("city"))
    )
    known_cost = product.get("unit_cost") is not None and product["currency"] == line["currency"]
    return (
        *(source, line["order_id"], line["line_number"]),
        *(line["customer_id"], customer["valid_from"], line["product_id"], product["valid_from"]),
        *place,
        line["campaign_id"],
        line["quantity"] * product["unit_cost"] if known_cost else None,
        rate_on(tables["fx_rates"], source, line["currency"], line["order_date"]),
    )


def expected_return(row: Row, tables: Tables) -> tuple[Any, ...]:
    """(key…, order, line, stated order, customer, its valid_from, product, its valid_from, rate) of one return."""
    source = row["source_system"]
    order = (source, row["order_id"])
    lines = [line for line in tables["order_lines"] if (line["source_system"], line["order_id"]) == order]
    sold = [line for line in lines if line["line_number"] == row["line_number"]]
    if not sold:
        same = [line for line in lines if line["product_id"] == row["product_id"]]
        sold = same if len(same) == 1 else []
    line = sold[0] if sold else {}
    customer_id = row["customer_id"] or line.get("customer_id")
    product_id = row["product_id"] or line.get("product_id")
    at = line.get("ordered_at", row["returned_at"])
    return (
        *(source, row["return_id"], line.get("order_id"), line.get("line_number"), row["order_id"]),
        *(customer_id, version_at(tables["customers"], "customer_id", source, customer_id, at)["valid_from"]),
        *(product_id, version_at(tables["products"], "product_id", source, product_id, at)["valid_from"]),
        rate_on(tables["fx_rates"], source, row["currency"], row["return_date"]),
    )
