"""Odd files and odd values, and what becomes of each: tested as it stands here, and printed on a page by page.py."""

from __future__ import annotations

import gzip
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = date(2024, 2, 1)
HEADER = "sale,sku,at,units,price,coin,city"
COLUMNS = HEADER.split(",")
SOURCES: Mapping[str, Mapping[str, Any]] = {
    "plain": {"pattern": "*", "format": ["csv", "jsonl", "parquet"]},
    "german": {
        "pattern": "*", "encoding": "latin-1", "delimiter": ";", "decimal_mark": ",", "thousands_mark": ".",
        "date_formats": ["dd/MM/yyyy"], "null_values": ["NULL", "N/A"],
    },
    "wide": {"pattern": "*", "encoding": "utf-16", "delimiter": "\t", "multiline": True},
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


NFC, NFD = "Caf\u00e9", unicodedata.normalize("NFD", "Caf\u00e9")
FIVE_MEGABYTES = "x" * 5_000_000
ENCODING = (
    Case("UTF-8 with a byte order mark", "the mark is no part of the first column's name",
         b"\xef\xbb\xbf" + one(), ({"order_id": "1"},)),
    Case("UTF-16 that is not declared", "the source has to say `encoding`", one().decode().encode("utf-16"),
         rejected="wrong_encoding"),
    Case("UTF-16, declared", "", lines(line(sep="\t", city=NFC), header=HEADER.replace(",", "\t")).encode("utf-16"),
         ({"ship_city": NFC},), source="wide"),
    Case("Latin-1 that is not declared", "a wrong letter is worse than none; the message names byte and line",
         lines(line(city=NFC)).encode("latin-1"), rejected="wrong_encoding"),
    Case("Latin-1, declared", "", german(of_germany(city=NFC)), ({"ship_city": NFC},), source="german"),
    Case("a NUL byte", "the message names the line", one(city="Yo\0rk"), rejected="nul_byte"),
    Case("a value of 5 MB", "", one(city=FIVE_MEGABYTES), ({"ship_city": FIVE_MEGABYTES},)),
)  # fmt: skip
LAYOUT = (
    Case("`;` between values, not declared", "the message names the delimiter that would fit",
         lines(line(sep=";"), header=HEADER.replace(",", ";")).encode(), rejected="wrong_delimiter"),
    Case("tabs between values, not declared", "likewise",
         lines(line(sep="\t"), header=HEADER.replace(",", "\t")).encode(), rejected="wrong_delimiter"),
    Case("lines that end in a carriage return alone", "", lines(line(), end="\r").encode(), rejected="cr_line_ends"),
    Case("lines that end in CR LF", "", lines(line(), end="\r\n").encode(), ({"ship_city": "York"},)),
    Case("a line break within a quoted value, declared (`multiline`)", "the value keeps it",
         lines(line(sep="\t", city='"York\nMinster"'), header=HEADER.replace(",", "\t")).encode("utf-16"),
         ({"ship_city": "York\nMinster"},), source="wide"),
    Case("a line break within a quoted value, not declared", "neither half looks like a row",
         lines(line(city='"York\nMinster"'), line("2")).encode(), ("unreadable_row", "too_few_fields", {})),
    Case("doubled quotes", "one quote, as RFC 4180 says", one(city='"the ""old"" town"'),
         ({"ship_city": 'the "old" town'},)),
    Case("a quote that is not closed", "the rows after it are not swallowed",
         lines(line(city='"York'), line("2")).encode(), ("unreadable_row", {"order_id": "2"})),
    Case("a quote that is not closed, where values may hold line breaks", "nobody can say where the row ends",
         lines(line(sep="\t", city='"York'), header=HEADER.replace(",", "\t")).encode("utf-16"),
         rejected="unclosed_quote", source="wide"),
    Case("a header that names a column twice", "also where only case differs",
         lines(line() + ",x", header=HEADER + ",City").encode(), rejected="duplicate_header"),
    Case("columns in another order", "columns are known by name",
         lines("York,1,P,2024-01-05,1,2.50,GBP", header="city,sale,sku,at,units,price,coin").encode(),
         ({"order_id": "1", "ship_city": "York"},)),
    Case("a column missing", "unless it is declared `optional`",
         lines("1,P,2024-01-05,1", header="sale,sku,at,units").encode(), rejected="missing_column"),
    Case("a column that nobody declared", "kept in bronze (`_rescued`)",
         lines(line() + ",blue", header=HEADER + ",colour").encode(), ({"order_id": "1"},)),
    Case("columns without a name, and one that is called like a column of the lake",
         "kept in bronze (`_rescued`), under its place or its name",
         lines(line() + ",x,y,z", header=HEADER + ",,,_source_file").encode(), ({"order_id": "1"},)),
    Case("a row with a field too few, and one with a field too many", "never shifted",
         lines(line().rsplit(",", 1)[0], line() + ",x").encode(), ("too_few_fields", "too_many_fields")),
    Case("a header and no row", "a delivery without rows", lines().encode()),
    Case("an empty file", "", b"", rejected="empty_file"),
    Case("a JSON line that is no object, in a kind that comes as CSV or JSON lines", "the others go on",
         b'{"sale": "1", "sku": "P", "at": "2024-01-05", "units": 1, "price": 2.50}\n{"sale": "2", "sku"\n',
         ({"order_id": "1"}, "unreadable_row"), suffix=".jsonl"),
    Case("gzip that is cut off", "no part of it is loaded", gzip.compress(one() * 50, mtime=0)[:-20],
         rejected="truncated_gzip", suffix=".csv.gz"),
    Case("gzip in a file called .csv", "gzip is known by its bytes", gzip.compress(one(), mtime=0),
         ({"order_id": "1"},)),
    Case("a file called .gz that is no gzip", "", one(city="Not zipped"), rejected="not_gzip", suffix=".csv.gz"),
)  # fmt: skip
VALUES = (
    Case("a decimal comma, not declared", "10,50 is not 1050", one(price='"10,50"'), ("unparsable:unit_price",)),
    Case("a decimal comma, declared", "", german(of_germany(price="10,50")), ({"unit_price": "10.5000"},),
         source="german"),
    Case("a thousands separator, not declared", "", one(units='"1,000"'), ("unparsable:quantity",)),
    Case("a thousands separator, declared", "in groups of three only",
         german(of_germany(units="1.000"), of_germany("2", units="1.00")),
         ({"quantity": 1000}, "unparsable:quantity"), source="german"),
    Case("`1e3`", "digits, a sign and the declared marks are all that a number is written with", one(units="1e3"),
         ("unparsable:quantity",)),
    Case("`NaN`", "likewise", one(price="NaN"), ("unparsable:unit_price",)),
    Case("numbers with blanks and zeros before them", "", one(units=" 007 ", price="  2.50"),
         ({"quantity": 7, "unit_price": "2.5000"},)),
    Case("a number with more decimals than the lake keeps", "never rounded", one(price="2.12345"),
         ("excess_scale:unit_price",)),
    Case("`NULL` and `N/A`, not declared", "no number; as a text they are texts",
         lines(line(units="NULL"), line("2", price="N/A"), line("3", city="N/A")).encode(),
         ("unparsable:quantity", "unparsable:unit_price", {"ship_city": "N/A"})),
    Case("`NULL` and `N/A`, declared (`null_values`)", "nothing where something may be missing",
         german(of_germany(units="NULL"), of_germany("2", city="N/A")), ("missing:quantity", {"ship_city": None}),
         source="german"),
    Case("a quantity below zero, and zero", "returns are a feed of their own",
         lines(line(units="-1"), line("2", units="0")).encode(), ("negative_quantity", "zero_quantity")),
    Case("a day after the one that the lake is seen from", "it waits, and comes in by itself when its day has come",
         at_times("2024-02-02", "2024-02-01T23:30:00Z"), ("in_future:ordered_at",) * 2),
    Case("a time on the day that the lake is seen from", "the day ends when it ends in the source's time zone",
         at_times("2024-02-01", "2024-02-01T23:59:59", "2024-02-01T22:30:00Z"), ({"order_date": "2024-02-01"},) * 3),
    Case("the year 1", "outside the calendar of conf/lakehouse.toml", one(at="0001-01-01"),
         ("outside_calendar:ordered_at",)),
    Case("times with offsets, and without", "one instant in UTC; without an offset it is the clock of the source's"
         " time zone (here Berlin)",
         at_times("2024-01-05T10:00:00Z", "2024-01-05T10:00:00+05:30", "2024-01-05T10:00:00"),
         ({"ordered_at": "2024-01-05 10:00:00"}, {"ordered_at": "2024-01-05 04:30:00"},
          {"ordered_at": "2024-01-05 09:00:00"})),
    Case("times around midnight and the end of a month", "day and month are those of the source's time zone",
         at_times("2024-01-05T00:30:00", "2024-01-04T23:30:00Z", "2024-01-31T22:30:00Z", "2024-01-31T23:30:00Z"),
         (*({"ordered_at": "2024-01-04 23:30:00", "order_date": "2024-01-05", "order_month": "2024-01-01"},) * 2,
          {"ordered_at": "2024-01-31 22:30:00", "order_date": "2024-01-31", "order_month": "2024-01-01"},
          {"ordered_at": "2024-01-31 23:30:00", "order_date": "2024-02-01", "order_month": "2024-02-01"})),
    Case("times without a zone in Parquet", "the clock of the source's time zone, as in a text",
         parquet(None, datetime(2024, 1, 5, 0, 30), datetime(2024, 1, 31, 23, 30)),
         ({"ordered_at": "2024-01-04 23:30:00", "order_date": "2024-01-05"},
          {"ordered_at": "2024-01-31 22:30:00", "order_date": "2024-01-31", "order_month": "2024-01-01"}),
         suffix=".parquet"),
    Case("times with a zone in Parquet", "instants",
         parquet("UTC", datetime(2024, 1, 5, 0, 30, tzinfo=UTC), datetime(2024, 1, 31, 23, 30, tzinfo=UTC)),
         ({"ordered_at": "2024-01-05 00:30:00", "order_date": "2024-01-05"},
          {"ordered_at": "2024-01-31 23:30:00", "order_date": "2024-02-01", "order_month": "2024-02-01"}),
         suffix=".parquet"),
    Case("01/02/2023, with no format declared", "nobody knows which is the month", one(at="01/02/2023"),
         ("unparsable:ordered_at",)),
    Case("01/02/2023, declared as dd/MM/yyyy", "the first of February; 02/13/2023 does not read",
         german(of_germany(at="01/02/2023"), of_germany("2", at="02/13/2023")),
         ({"ordered_at": "2023-01-31 23:00:00"}, "unparsable:ordered_at"), source="german"),
    Case("a key in two Unicode forms (NFC and NFD)", "one key, in NFC; the repeat is superseded",
         lines(line(NFC), line(NFD)).encode(), ({"order_id": NFC}, SUPERSEDED)),
    Case("keys that differ in case", "two keys: shops use both", lines(line("a7"), line("A7")).encode(),
         ({"order_id": "a7"}, {"order_id": "A7"})),
    Case("one key with two contents that nothing orders", "which came last never decides",
         lines(line("9"), line("9", units="2")).encode(), ("ambiguous_version", "ambiguous_version")),
    Case("a product that no file names", "in gold it gets an inferred member, completed when it comes",
         one(sku="never sent"), ({"product_id": "never sent"},)),
    Case("several currencies in one file", "each line keeps its own; nothing adds two up",
         lines(line(coin="EUR"), line("2", coin="gbp"), line("3", coin="£")).encode(),
         ({"currency": "EUR"}, {"currency": "GBP"}, "not_a_currency")),
    Case("a text that a spreadsheet would take for a formula", "kept as sent; `lakehouse quarantine export` puts an"
         " apostrophe before it", one(city="=HYPERLINK(1)"), ({"ship_city": "=HYPERLINK(1)"},)),
)  # fmt: skip
GROUPS = {"Bytes and encodings": ENCODING, "Layout of files": LAYOUT, "Values": VALUES}
CASES = tuple(case for group in GROUPS.values() for case in group)
