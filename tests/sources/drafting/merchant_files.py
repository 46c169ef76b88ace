"""Files as merchants write them, with what they mean: strategies for hypothesis."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from pyarrow import parquet

from lakehouse.sources.drafting.synonyms import SYNONYMS

Truth = Mapping[str, Any]
"""A line of an order: canonical column -> what is meant."""
COLUMNS = ("order_id", "line_number", "product_id", "ordered_at", "quantity", "unit_price", "discount", "ship_city")
MARKS = ((".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", "'"))
ENCODINGS = {
    "utf-8": "Łódź 東京",
    "utf-8-sig": "Köln",
    "utf-16": "Łódź",
    "iso-8859-1": "Köln",
    "windows-1252": "Œuilly",
}
"""Encoding -> a town that it can write."""
INDIA = timezone(timedelta(hours=5, minutes=30))


def _zoned(pattern: str, ending: Callable[[str], str]) -> Callable[[datetime], str]:
    """Writes a time as clocks in India show it; `ending` makes the offset of `+0530`."""
    return lambda at: (local := at.astimezone(INDIA)).strftime(pattern) + ending(local.strftime("%z"))


def _plain(pattern: str) -> Callable[[datetime], str]:
    return lambda at: at.strftime(pattern)


def _short(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at.year} {at.hour}:{at.minute:02d}"


TIMES: Mapping[str, tuple[timedelta, Callable[[datetime], str]]] = {
    "day": (timedelta(days=1), _plain("%Y-%m-%d")),
    "German day": (timedelta(days=1), _plain("%d.%m.%Y")),
    "American day": (timedelta(days=1), _plain("%m/%d/%Y")),
    "day of a short year": (timedelta(days=1), _plain("%d/%m/%y")),
    "SQL": (timedelta(seconds=1), _plain("%Y-%m-%d %H:%M:%S")),
    "ISO": (timedelta(seconds=1), _plain("%Y-%m-%dT%H:%M:%S")),
    "Python": (timedelta(microseconds=1), lambda at: at.replace(tzinfo=None).isoformat(" ")),
    "JavaScript": (
        timedelta(milliseconds=1),
        lambda at: f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z",
    ),
    "minutes": (timedelta(minutes=1), _plain("%d.%m.%Y %H:%M")),
    "spreadsheet": (timedelta(minutes=1), _short),
    "American clock": (timedelta(minutes=1), _plain("%m/%d/%Y %I:%M %p")),
    "offset": (timedelta(seconds=1), _zoned("%Y-%m-%dT%H:%M:%S", lambda text: f"{text[:3]}:{text[3:]}")),
    "offset without colon": (timedelta(seconds=1), _zoned("%Y-%m-%d %H:%M:%S", str)),
    "offset behind a blank": (
        timedelta(seconds=1),
        _zoned("%Y-%m-%d %H:%M:%S ", lambda text: f"{text[:3]}:{text[3:]}"),
    ),
}
"""Way to write a time -> the finest part of it, and how."""
TYPED_TIMES: Mapping[str, tuple[timedelta, pa.DataType]] = {
    "date": (timedelta(days=1), pa.date32()),
    "milliseconds": (timedelta(milliseconds=1), pa.timestamp("ms")),
    "microseconds": (timedelta(microseconds=1), pa.timestamp("us")),
    "an instant": (timedelta(microseconds=1), pa.timestamp("us", "Asia/Kolkata")),
    "nanoseconds": (timedelta(microseconds=1), pa.timestamp("ns")),
    "INT96": (timedelta(microseconds=1), pa.timestamp("us")),
}
TYPED_NUMBERS: Mapping[str, pa.DataType] = {
    "decimal": pa.decimal128(18, 4), "double": pa.float64(), "integer decimal": pa.decimal128(12, 4),
}  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """Files of one merchant, and the order lines that they mean."""

    files: Mapping[str, bytes] = field(repr=False)
    truth: Sequence[Truth] = field(repr=False)
    how: str
    """What a person has to know to make the same files."""


@st.composite
def _lines(draw: st.DrawFn, finest: timedelta, town: str) -> list[Truth]:
    """A few lines. The first says which part of a date is the day, and what the marks of numbers mean."""
    # The values of its own generator are spread, where those of hypothesis lie close to nothing at first.
    chance = Random(draw(st.integers(0, 2**32)))

    def amount(most: int) -> Decimal:
        return Decimal(chance.randint(200, most)) / 100

    def time() -> datetime:
        return datetime(2000, 1, 1, tzinfo=UTC) + chance.randrange(timedelta(days=9_000) // finest) * finest

    return [
        {
            "order_id": f"A{number}",
            "line_number": 1,
            "product_id": f"P{number}",
            "ordered_at": time().replace(month=12, day=31) if number == 0 else time(),
            "quantity": chance.choice([chance.randint(1, 99), chance.randint(1_000, 20_000)]),
            "unit_price": Decimal("1234567.89") if number == 0 else amount(10**9),
            "discount": amount(150_000),
            "ship_city": town,
        }
        for number in range(chance.randint(2, 4))
    ]


@st.composite
def _names(draw: st.DrawFn) -> dict[str, str]:
    """Canonical column -> one of its usual names, as a merchant writes it."""
    written = draw(st.sampled_from([str, str.upper, str.title, lambda name: f"{name[:4]} {name[4:]}".strip()]))
    return {name: written(draw(st.sampled_from(SYNONYMS["order_lines"][name].split()))) for name in COLUMNS}


def number(value: Decimal | int, marks: tuple[str, str]) -> str:
    """A number with these marks."""
    decimal, thousands = marks
    return (
        (f"{value:,.2f}" if isinstance(value, Decimal) else f"{value:,}")
        .replace(",", "T")
        .replace(".", decimal)
        .replace("T", thousands)
    )


def _texts(line: Truth, at: Callable[[datetime], str], marks: tuple[str, str]) -> dict[str, str]:
    return {name: at(value) if name == "ordered_at" else number(value, marks) if not isinstance(value, str) else value
            for name, value in line.items()}  # fmt: skip


@st.composite
def csv_deliveries(draw: st.DrawFn) -> Delivery:
    """One file of lines; or lines, and their dates in a file of orders that is written otherwise."""
    encoding = draw(st.sampled_from(sorted(ENCODINGS)))
    way = draw(st.sampled_from(sorted(TIMES)))
    truth = draw(_lines(TIMES[way][0], ENCODINGS[encoding]))
    names, marks = draw(_names()), draw(st.sampled_from(MARKS))
    rows = [_texts(line, TIMES[way][1], marks) for line in truth]
    layout = {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
    }
    how = f"{way}, {marks}, {encoding}, {layout}, {names}"
    heads = [("sales", COLUMNS)]
    if draw(st.booleans()):
        names["order_id"] = "Order Number"
        heads = [
            ("lines", tuple(name for name in COLUMNS if name != "ordered_at")),
            ("heads", ("order_id", "ordered_at")),
        ]
    files = {}
    for file, columns in heads:
        text = io.StringIO()
        writer = csv.writer(text, **layout if file != "heads" else {"lineterminator": "\n"})
        writer.writerow([names[name] for name in columns])
        writer.writerows([[row[name] for name in columns] for row in rows])
        files[f"{file}.csv"] = text.getvalue().encode(encoding if file != "heads" else "utf-8")
    return Delivery(files, truth, how)


@st.composite
def json_deliveries(draw: st.DrawFn) -> Delivery:
    """Lines of JSON, with numbers as numbers or as texts."""
    way = draw(st.sampled_from(sorted(TIMES)))
    truth = draw(_lines(TIMES[way][0], "Łódź"))
    names, marks = draw(_names()), draw(st.sampled_from([None, *MARKS]))
    rows = [_texts(line, TIMES[way][1], marks or (".", "")) for line in truth]
    numbers = ("line_number", "quantity", "unit_price", "discount")
    objects = [
        {names[name]: json.loads(text) if marks is None and name in numbers else text for name, text in row.items()}
        for row in rows
    ]
    return Delivery({"sales.jsonl": "\n".join(map(json.dumps, objects)).encode()}, truth, f"{way}, {marks}, {names}")


@st.composite
def parquet_deliveries(draw: st.DrawFn) -> Delivery:
    """Columns with types, or of texts."""
    way = draw(st.sampled_from(sorted(TYPED_TIMES)))
    finest, kind = TYPED_TIMES[way]
    truth = draw(_lines(finest, "Łódź"))
    names, amounts = draw(_names()), draw(st.sampled_from(sorted(TYPED_NUMBERS)))
    whole = draw(st.sampled_from([pa.int64(), pa.uint16(), pa.float64()]))
    held = {name: [line[name] for line in truth] for name in COLUMNS}
    types = {"ordered_at": kind, "quantity": whole, "line_number": pa.int8()}
    columns = {}
    for name, values in held.items():
        if name in ("unit_price", "discount"):
            held_as = TYPED_NUMBERS[amounts]
            given = [float(value) for value in values] if held_as == pa.float64() else values
            columns[names[name]] = pa.array(given, held_as)
        elif name == "ordered_at" and pa.types.is_date(kind):
            columns[names[name]] = pa.array([value.date() for value in values])
        elif name == "ordered_at" and pa.types.is_timestamp(kind) and kind.tz is None:
            columns[names[name]] = pa.array([value.replace(tzinfo=None) for value in values], kind)
        else:
            columns[names[name]] = pa.array(values, types.get(name, pa.string()))
    sink = io.BytesIO()
    stored = {"store_decimal_as_integer": amounts == "integer decimal"}
    parquet.write_table(pa.table(columns), sink, use_deprecated_int96_timestamps=way == "INT96", **stored)
    return Delivery({"sales.parquet": sink.getvalue()}, truth, f"{way}, {amounts}, {whole}, {names}")
