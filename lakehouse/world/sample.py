"""A small sample of a shop in the canonical layout: three months of orders, for a first look."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

FIRST_DAY = date(2024, 9, 1)
DAYS = 91
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
CUSTOMERS, PRODUCTS = 400, 60
_CITIES = {
    "United Kingdom": ("London", "Leeds", "Bristol"),
    "Germany": ("Berlin", "Köln", "München"),
    "France": ("Paris", "Lyon", "Nîmes"),
}
_CATEGORIES = {"Kitchen": 24, "Garden": 39, "Toys": 18, "Lighting": 52}
_FIRST = ("Ada", "Björn", "Chloé", "Dev", "Elif", "Finn", "Grace", "Hana")
_LAST = ("Okafor", "Müller", "Smith", "Dubois", "Novák", "O'Brien", "Silva")
Row = Mapping[str, Any]


def write_sample(folder: Path, seed: int = 42) -> int:
    """Writes the files of the sample below `folder`, the same for the same seed. Returns the number of order lines.

    Two order lines are planted that cannot be accepted: a negative price and an unknown status.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    customers = [_customer(chance, number) for number in range(1, CUSTOMERS + 1)]
    products = [_product(chance, number) for number in range(1, PRODUCTS + 1)]
    orders = list(_orders(chance, customers, products))
    _spoil(orders)
    _write_json_lines(folder / "customers.jsonl", [*customers, *_moves(chance, customers)])
    _write_csv(folder / "products.csv", products)
    for month in (9, 10, 11):
        lines = [line for line in orders if int(line["ordered_at"][5:7]) == month]
        _write_csv(folder / f"orders_2024-{month:02d}.csv.gz", lines)
    _write_csv(folder / "returns.csv", list(_returns(chance, orders)))
    _write_csv(folder / "fx_rates.csv", _rates())
    return len(orders)


def _customer(chance: random.Random, number: int) -> Row:
    country = chance.choices(tuple(_CITIES), (6, 2, 2))[0]
    first, last = chance.choice(_FIRST), chance.choice(_LAST)
    return {
        "customer_id": f"C{number:05d}",
        "email": f"{first}.{last}{number}@example.com",
        "first_name": first,
        "last_name": last,
        "customer_segment": chance.choices(("VIP", "Regular", "Occasional"), (1, 5, 4))[0],
        "city": chance.choice(_CITIES[country]),
        "country_name": country,
        "updated_at": _at(FIRST_DAY - timedelta(days=chance.randrange(1, 300))),
    }


def _moves(chance: random.Random, customers: list[Row]) -> Iterator[Row]:
    """Some customers move: a later version of the same customer."""
    for customer in chance.sample(customers, 20):
        country = chance.choice(tuple(_CITIES))
        moved = _at(FIRST_DAY + timedelta(days=chance.randrange(10, DAYS)))
        yield {**customer, "country_name": country, "city": chance.choice(_CITIES[country]), "updated_at": moved}


def _product(chance: random.Random, number: int) -> Row:
    category = chance.choice(tuple(_CATEGORIES))
    price = Decimal(round(_CATEGORIES[category] * chance.uniform(0.5, 1.8))) - Decimal("0.01")
    return {
        "product_id": f"P{number:04d}",
        "product_name": f"{category} item {number}",
        "category": category,
        "unit_cost": str((price * Decimal("0.55")).quantize(Decimal("0.01"))),
        "list_price": str(price),
        "currency": "GBP",
        "updated_at": _at(FIRST_DAY - timedelta(days=300)),
    }


def _orders(chance: random.Random, customers: list[Row], products: list[Row]) -> Iterator[dict[str, Any]]:
    weights = [1 / (rank + 3) for rank in range(len(products))]
    number = 0
    for day in range(DAYS):
        when = FIRST_DAY + timedelta(days=day)
        for _ in range(chance.randrange(12, 22) + (6 if when.weekday() >= 5 else 0)):
            number += 1
            customer = chance.choice(customers)
            status = chance.choices(("completed", "pending", "cancelled", "refunded"), (90, 4, 4, 2))[0]
            placed = _at(when, seconds=chance.randrange(86_400))
            basket = chance.choices(range(len(products)), weights, k=3)[: chance.randrange(1, 4)]
            for line, product in enumerate(dict.fromkeys(basket), 1):
                yield _line(chance, f"O{number:06d}", line, customer, products[product], placed, status)


def _line(
    chance: random.Random, order: str, number: int, customer: Row, product: Row, placed: str, status: str
) -> dict[str, Any]:
    quantity = chance.choices((1, 2, 3, 6), (70, 18, 8, 4))[0]
    tenth = (Decimal(product["list_price"]) * quantity / 10).quantize(Decimal("0.01"))
    discount = tenth if chance.random() < 0.15 else 0
    return {
        "order_id": order,
        "line_number": number,
        "customer_id": customer["customer_id"] if chance.random() < 0.95 else "",
        "product_id": product["product_id"],
        "ordered_at": placed,
        "order_status": status,
        "payment_method": chance.choice(("card", "paypal", "invoice")),
        "sales_channel": chance.choice(("web", "app")),
        "quantity": quantity,
        "unit_price": product["list_price"],
        "discount": discount,
        "currency": "EUR" if customer["country_name"] != "United Kingdom" else "GBP",
        "ship_country_name": customer["country_name"],
        "ship_city": customer["city"],
        "updated_at": placed,
    }


def _spoil(orders: list[dict[str, Any]]) -> None:
    orders[100]["unit_price"] = "-5.00"
    orders[200]["order_status"] = "lost in the post"


def _returns(chance: random.Random, orders: list[dict[str, Any]]) -> Iterator[Row]:
    for line in orders:
        if line["order_status"] == "completed" and not line["unit_price"].startswith("-") and chance.random() < 0.04:
            back = date.fromisoformat(line["ordered_at"][:10]) + timedelta(days=chance.randrange(3, 20))
            if back > LAST_DAY:
                continue
            yield {
                "return_id": f"R-{line['order_id']}-{line['line_number']}",
                "order_id": line["order_id"],
                "line_number": line["line_number"],
                "product_id": line["product_id"],
                "returned_at": _at(back),
                "quantity": 1,
                "refund_amount": line["unit_price"],
                "currency": line["currency"],
                "reason": chance.choice(("too small", "broken", "not as described")),
                "updated_at": line["ordered_at"],
            }


def _rates() -> list[Row]:
    weeks = ((week, FIRST_DAY + timedelta(weeks=week)) for week in range(DAYS // 7))
    return [
        {"currency": "EUR", "rate_date": day.isoformat(), "exchange_rate": f"{0.83 + week % 5 / 1000:.4f}"}
        for week, day in weeks
    ]


def _at(day: date, seconds: int = 43_200) -> str:
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    opened = gzip.GzipFile(path, "wb", mtime=0) if path.suffix == ".gz" else path.open("wb")
    with opened as binary:
        binary.write(_csv_text(rows).encode())


def _csv_text(rows: Sequence[Row]) -> str:
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write_json_lines(path: Path, rows: Iterable[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
