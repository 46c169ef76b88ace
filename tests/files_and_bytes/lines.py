"""What the cases are made of: lines of sales, as merchants write them, and what merchants declare of their files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = date(2024, 2, 1)
HEADER = "sale,sku,at,units,price,coin,city"
COLUMNS = HEADER.split(",")
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "plain": {"pattern": "*", "format": ["csv", "jsonl", "parquet", "xlsx"]},
    "german": {
        "pattern": "*", "encoding": "latin-1", "delimiter": ";", "decimal_mark": ",", "thousands_mark": ".",
        "date_formats": ["dd/MM/yyyy"], "null_values": ["NULL", "N/A"],
    },
    "wide": {"pattern": "*", "encoding": "utf-16", "delimiter": "\t", "multiline": True},
    "marked": {
        "pattern": "*", "delimiter": "||", "trailing_delimiter": True, "comment": "#", "footer_lines": 1,
        "skip_lines": "to_header", "aliases": {"sale": ["Order No.", "Bon"]},
    },
}  # fmt: skip
"""What the merchants declare of their files. What `plain` does not declare is CSV in UTF-8 as RFC 4180 has it."""
Expected = str | Mapping[str, Any]
"""Reasons for which a row is quarantined; superseded; or columns of the line that it becomes."""
SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Case:
    """One file, and what becomes of it."""

    what: str
    says: str
    content: bytes
    rows: tuple[Expected, ...] = ()
    """For each row of the file, in its order."""
    rejected: str = ""
    """The reason, where no row is read."""
    source: str = "plain"
    suffix: str = ".csv"
    """Of the file's name. The content of a .zip is that of the one file in it, which is called .csv."""


def line(sale: str = "1", sep: str = ",", **values: str) -> str:
    plain = {"sku": "P", "at": "2024-01-05", "units": "1", "price": "2.50", "coin": "GBP", "city": "York"}
    return sep.join(({"sale": sale} | plain | values)[name] for name in COLUMNS)


def lines(*rows: str, end: str = "\n", header: str = HEADER) -> str:
    return end.join((header, *rows)) + end


def german(*rows: str) -> bytes:
    return lines(*rows, header=HEADER.replace(",", ";")).encode("latin-1")


def of_germany(sale: str = "1", **values: str) -> str:
    return line(sale, ";", **{"at": "05/01/2024", "price": "2,50"} | values)


def one(**values: str) -> bytes:
    return lines(line(**values)).encode()


def at_times(*times: str) -> bytes:
    """A line of a sale for each time."""
    return lines(*(line(str(number), at=at) for number, at in enumerate(times, 1))).encode()


def parquet(zone: str | None, *times: datetime) -> bytes:
    """A line of a sale for each time, in a column with that zone or without one."""
    rows = [line(str(number)).split(",") for number in range(1, len(times) + 1)]
    table = {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}
    sink = io.BytesIO()
    pq.write_table(pa.table(table | {"at": pa.array(times, pa.timestamp("us", zone))}), sink)
    return sink.getvalue()
