"""Files of other kinds than CSV, files that are no tables, and marks of CSV that are declared."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.files_and_bytes.lines import COLUMNS, HEADER, Case, line, one


def workbook(*rows: list[Any]) -> bytes:
    """A sheet with the header and these rows."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([COLUMNS, *rows]):
            sheet.write_row(place, 0, row)
    return sink.getvalue()


def half_floats() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"sale": ["1"], "share": pa.array(np.array([0.5], np.float16))}), sink)
    return sink.getvalue()


def zipped(content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(zipfile.ZipInfo("inner.csv"), content)
    return sink.getvalue()


def old_office(*names: str) -> bytes:
    """A document of Office before 2007, or one with a password, as far as its directory."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries + bytes(256)


def marked(*rows: str, header: str = HEADER, footer: str = "Total||9||") -> bytes:
    """Lines that end in their delimiter, a total at the end."""
    named = header.replace(",", "||") + "||"
    return "\n".join([named, *(f"{row}||" for row in rows), footer, ""]).encode()


def of_marks(sale: str = "1", **values: str) -> str:
    return line(sale, "||", **values)


KINDS = (
    Case("a zip archive", "each file in it is one of its own, with its name, hash and place (`archive.zip/file.csv`)",
         one(city="Of an archive"), ({"ship_city": "Of an archive"},), suffix=".zip"),
    Case("a zip archive in a zip archive", "nobody looks further into it", zipped(one(city="Deep within")),
         rejected="unreadable_format", suffix=".zip"),
    Case("a workbook of Excel, declared (`format`)", "each cell as text, days and times in ISO 8601",
         workbook(["1", "P", datetime(2024, 1, 5, 10, 30), 2, 2.5, "GBP", "0123"]),
         ({"order_id": "1", "quantity": 2, "unit_price": "2.5000", "ordered_at": "2024-01-05 09:30:00",
           "ship_city": "0123"},), suffix=".xlsx"),
    Case("a workbook that is called .csv, declared", "known by its bytes",
         workbook(["2", "P", "2024-01-05", 1, 2.5, "GBP", "York"]), ({"order_id": "2"},)),
    Case("a table of text that is called .xls", "read as text", one(city="Of an .xls"), ({"ship_city": "Of an .xls"},),
         suffix=".xls"),
    Case("a workbook that is not declared", "the message says what to declare",
         workbook(["3", "P", "2024-01-05", 1, 2.5, "GBP", "York"]), rejected="unreadable_format", source="german"),
    Case("a workbook with a password", "save it without one", old_office("EncryptionInfo", "EncryptedPackage"),
         rejected="locked_file", suffix=".xlsx"),
    Case("a page of HTML that is called .xls", "shops save tables so", b"<html><table><td>1</td></table></html>",
         rejected="unreadable_format", suffix=".xls"),
    Case("a PDF, an image, an archive of another kind, a database", "the message names what it is",
         b"%PDF-1.7\n1 0 obj\n", rejected="unreadable_format"),
    Case("Parquet with a column that cannot be had as it is", "see [below](#parquet)", half_floats(),
         rejected="unreadable_column", suffix=".parquet"),
    Case("an array of JSON objects", "each one a row, as in JSON lines",
         b'[{"sale": "1", "sku": "P", "at": "2024-01-05", "units": 1, "price": 2.50},\n'
         b' {"sale": "2", "sku": "P",\n  "at": "2024-01-05", "units": 1, "price": 2.50}, 5]',
         ({"order_id": "1"}, {"order_id": "2"}, "unreadable_row"), suffix=".json"),
    Case("an array of JSON that ends too early", "no part of it is loaded", b'[{"sale": "1", "sku": "P"}, {"sale"',
         rejected="not_json", suffix=".json"),
)  # fmt: skip
MARKS = (
    Case("delimiters of several letters, and one at each line's end, declared", "", marked(of_marks()),
         ({"order_id": "1", "ship_city": "York"},), source="marked"),
    Case("comment lines, declared (`comment`)", "they are no rows, wherever they stand",
         b"# made for York\n" + marked(of_marks(), "# and more||", of_marks("2")),
         ({"order_id": "1"}, {"order_id": "2"}), source="marked"),
    Case("a total as the last line, declared (`footer_lines`)", "it is no row",
         marked(of_marks("7"), footer="Total||||||1||2.50||||||"), ({"order_id": "7"},), source="marked"),
    Case("lines above the header, declared (`skip_lines`)", "", b"Report of May\n\n" + marked(of_marks("8")),
         ({"order_id": "8"},), source="marked"),
    Case("a column under another name, declared (`aliases`)", "it is the same column",
         marked(of_marks("9"), header=HEADER.replace("sale", "Bon")), ({"order_id": "9"},), source="marked"),
    Case("a column under two of its names at once", "nobody knows which of the two counts",
         marked(of_marks("10") + "||x", header=f"{HEADER},Order No."), rejected="duplicate_header", source="marked"),
    Case("a line of too few and one of too many fields among them", "never shifted",
         marked(of_marks().rsplit("||", 1)[0], of_marks() + "||x", of_marks("11")),
         ("too_few_fields", "too_many_fields", {"order_id": "11"}), source="marked"),
)  # fmt: skip
