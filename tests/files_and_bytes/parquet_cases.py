"""Columns of Parquet, and what becomes of each: tested as it stands here, and printed in docs/files-and-bytes.md."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa
from pyarrow import parquet

INT96 = {"use_deprecated_int96_timestamps": True}
SPARK_3, SPARK_2 = {"org.apache.spark.version": "3.5.1"}, {"org.apache.spark.version": "2.4.5"}
SPARK_3_1 = {"org.apache.spark.version": "3.1.1", "org.apache.spark.legacyINT96": "",
             "org.apache.spark.legacyDateTime": ""}  # fmt: skip
REBASED = {"org.apache.spark.version": "3.5.1", "org.apache.spark.legacyINT96": "",
           "org.apache.spark.legacyDateTime": "", "org.apache.spark.timeZone": "America/New_York"}  # fmt: skip
"""What Spark says of a file that it wrote by the calendar of old."""


@dataclass(frozen=True)
class Column:
    """A column of one file."""

    what: str
    says: str
    values: pa.Array
    texts: tuple[str | None, ...] = ()
    """What stands in bronze."""
    refused: str = ""
    """What the refusal of the file says of the column, without its name."""
    written: Mapping[str, Any] = field(default_factory=dict)
    """Options of the writer."""
    footer: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """A file of this column alone, called `c`."""
        return parquet_file({"c": self.values}, self.written, self.footer)


def parquet_file(columns: Mapping[str, pa.Array], written: Mapping[str, Any], footer: Mapping[str, str]) -> bytes:
    """The bytes of a file with these columns, in groups of two rows."""
    sink = io.BytesIO()
    table = pa.table(dict(columns)).replace_schema_metadata(dict(footer))
    parquet.write_table(table, sink, **{"row_group_size": 2, **written})
    return sink.getvalue()


def times(unit: str, zone: str | None = None, values: Sequence[datetime | None] = ()) -> pa.Array:
    return pa.array(values or OLD_AND_NEW, pa.timestamp(unit, zone))


def counts(kind: pa.DataType, *values: int, width: pa.DataType | None = None) -> pa.Array:
    return pa.array(values, width or pa.int64()).cast(kind)


OLD_AND_NEW = (datetime(1, 1, 1), datetime(1582, 10, 10), datetime(1899, 12, 31, 23, 59, 59, 120_000),
               datetime(2024, 1, 31, 12, 30), datetime(9999, 12, 31, 23, 59, 59), None)  # fmt: skip
LOCAL = ("0001-01-01T00:00:00", "1582-10-10T00:00:00", "1899-12-31T23:59:59.12", "2024-01-31T12:30:00",
         "9999-12-31T23:59:59", None)  # fmt: skip
INSTANTS = tuple(one and f"{one}Z" for one in LOCAL)
BERLIN_SUMMER = (datetime(2024, 7, 1, 12, tzinfo=UTC),)
FINE = counts(pa.timestamp("ns"), 1_706_704_200_123_456_789, -1)
NIGHT = (datetime(2024, 1, 1), None, datetime(1899, 12, 31))
OTHER_CALENDAR = " in another calendar and in a time zone that the file does not name: have it written by a newer Spark"
CAN_NOT = ", which cannot be read as it is: have it written as text"
STRUCT = pa.array(
    [{"n": 1, "gone": None, "at": datetime(2024, 1, 31, 12, 0, 0, 123_456), "price": Decimal("1.10")}, None]
)
TIME = (
    Column("timestamp, milliseconds, without a zone", "", times("ms"), LOCAL),
    Column("timestamp, milliseconds, with one", "", times("ms", "UTC"), INSTANTS),
    Column("timestamp, microseconds, without a zone", "local time of the source", times("us"), LOCAL),
    Column("timestamp, microseconds, with one", "the instant, in UTC, whatever zone the file shows it in",
           times("us", "Europe/Berlin", BERLIN_SUMMER), ("2024-07-01T12:00:00Z",)),
    Column("timestamp, nanoseconds", "all nine digits", FINE,
           ("2024-01-31T12:30:00.123456789", "1969-12-31T23:59:59.999999999")),
    Column("timestamp, nanoseconds, with a zone", "", FINE.cast(pa.timestamp("ns", "UTC")),
           ("2024-01-31T12:30:00.123456789Z", "1969-12-31T23:59:59.999999999Z")),
    Column("the furthest timestamps in nanoseconds", "", counts(pa.timestamp("ns"), -(2**63), 2**63 - 1),
           ("1677-09-21T00:12:43.145224192", "2262-04-11T23:47:16.854775807")),
    Column("a timestamp beyond the year 9999, or before the year 1", "",
           counts(pa.timestamp("us"), 253_402_300_800_000_000, -62_167_219_200_000_001),
           ("+10000-01-01T00:00:00", "-0001-12-31T23:59:59.999999")),
    Column("a timestamp in milliseconds beyond the year 290,000", "", counts(pa.timestamp("ms"), 0, 0, -(2**63)),
           refused=" is of type timestamp and holds a time beyond the year 290,000: have it mended"),
    Column("INT96", "INT96 does not say whether it is an instant: it is taken as the local time of the source, as"
           " Impala means it", times("us"), LOCAL, written=INT96),
    Column("INT96, written by Spark", "Spark means instants", times("us"), INSTANTS, written=INT96, footer=SPARK_3),
    Column("INT96 with more than microseconds", "Spark would cut it", counts(pa.timestamp("ns"), 0, 0, 1),
           refused=" is of type INT96 and holds times finer than a microsecond, which would be cut: have it written as"
           " TIMESTAMP(NANOS), or as text", written=INT96),
    Column("times by the calendar of old, as Spark says of its file", "the date that was meant",
           times("us", values=(datetime(1500, 1, 10, 5), datetime(2024, 1, 1))),
           ("1500-01-01T04:56:02Z", "2024-01-01T00:00:00Z"), written=INT96, footer=REBASED),
    Column("INT96 before 1900, written by Spark 2", "the file does not say in which zone the calendar of old was kept",
           times("us", values=NIGHT), refused=" is of type INT96 and holds a time before 1900, written by Spark 2.4.5"
           f"{OTHER_CALENDAR}", written=INT96, footer=SPARK_2),
    Column("INT96 before 1900, of which Spark 3.1 says that it is of the calendar of old", "likewise",
           times("us", values=NIGHT), refused=" is of type INT96 and holds a time before 1900, written by Spark 3.1.1"
           f"{OTHER_CALENDAR}", written=INT96, footer=SPARK_3_1),
    Column("a timestamp before 1900, written by Spark 2", "likewise", times("us", "UTC", NIGHT),
           refused=" is of type timestamp and holds a time before 1900, written by Spark 2.4.5"
           f"{OTHER_CALENDAR}", footer=SPARK_2),
    Column("a timestamp before 1900, of which Spark 3.1 says that it is of the calendar of old", "likewise",
           times("us", "UTC", NIGHT), refused=" is of type timestamp and holds a time before 1900, written by Spark"
           f" 3.1.1{OTHER_CALENDAR}", footer=SPARK_3_1),
    Column("a timestamp before 1900, written by Spark 3", "it is of the calendar of today",
           times("us", "UTC", NIGHT), ("2024-01-01T00:00:00Z", None, "1899-12-31T00:00:00Z"), footer=SPARK_3),
    Column("INT96 from 1900 on, written by Spark 2", "", times("us", values=(datetime(1900, 1, 1),)),
           ("1900-01-01T00:00:00Z",), written=INT96, footer=SPARK_2),
    Column("date", "", pa.array([date(1, 1, 1), date(1582, 10, 10), date(9999, 12, 31), None]),
           ("0001-01-01", "1582-10-10", "9999-12-31", None)),
    Column("a date beyond the year 9999", "", counts(pa.date32(), 2_932_897, width=pa.int32()),
           ("+10000-01-01",)),
    Column("time of day, milliseconds", "", pa.array([time(1, 2, 3), time(23, 59, 59, 5000), None], pa.time32("ms")),
           ("01:02:03", "23:59:59.005", None)),
    Column("time of day, microseconds", "", pa.array([time(1, 2, 3, 4)]), ("01:02:03.000004",)),
    Column("time of day, nanoseconds", "", counts(pa.time64("ns"), 1), ("00:00:00.000000001",)),
    Column("duration", "its count: Parquet has no such type", pa.array([90_000_000], pa.duration("us")), ("90000000",)),
)  # fmt: skip
NUMBERS = (
    Column("decimal", "with all its digits",
           pa.array([Decimal("1.10"), Decimal("-0.05"), None]), ("1.10", "-0.05", None)),
    Column("decimal of 38 digits", "", pa.array([Decimal("0." + "0" * 37 + "1")], pa.decimal128(38, 38)),
           ("0." + "0" * 37 + "1",)),
    Column("decimal stored as INT32 or INT64", "", pa.array([Decimal("1.10")], pa.decimal128(12, 2)), ("1.10",),
           written={"store_decimal_as_integer": True}),
    Column("decimal of more than 38 digits", "", pa.array([Decimal("1" * 60)], pa.decimal256(70, 2)),
           refused=f" is of type decimal256(70, 2){CAN_NOT}"),
    Column("double", "digits that mean just this number, without a power of ten from 1e-20 to 1e20",
           pa.array([0.1, 9.99, 100.0, 12_345_678.9, 0.0005, 1e19, 1e300]),
           ("0.1", "9.99", "100.0", "12345678.9", "0.0005", "10000000000000000000.0", "1.0E300")),
    Column("float", "", pa.array([0.1, 12_345_678.0], pa.float32()), ("0.1", "12345678.0")),
    Column("NaN, infinities and minus zero", "",
           pa.array([float("nan"), float("inf"), -float("inf"), -0.0]), ("NaN", "Infinity", "-Infinity", "-0.0")),
    Column("half float", "", pa.array([1.5], pa.float16()), refused=f" is of type halffloat{CAN_NOT}"),
    Column("unsigned integers", "", pa.array([2**64 - 1, 0, None], pa.uint64()), (str(2**64 - 1), "0", None)),
    Column("unsigned integers of 32 bits", "", pa.array([2**32 - 1], pa.uint32()), (str(2**32 - 1),)),
    Column("integers", "", pa.array([-(2**63), 7, None]), (str(-(2**63)), "7", None)),
    Column("small integers", "", pa.array([-128], pa.int8()), ("-128",)),
    Column("boolean", "", pa.array([True, False, None]), ("true", "false", None)),
)  # fmt: skip
OTHERS = (
    Column("string", "", pa.array(["é", "", None]), ("é", "", None)),
    Column("dictionary", "its values", pa.array(["a", None, "a"]).dictionary_encode(), ("a", None, "a")),
    Column("binary", "what is UTF-8 is text, as Impala and Hive write it; other bytes are shown in hexadecimal digits",
           pa.array([b"tea", b"\xff\x00", None]), ("tea", "0xFF00", None)),
    Column("binary of a fixed width", "", pa.array([b"ab", b"\xfe\x01"], pa.binary(2)), ("ab", "0xFE01")),
    Column("UUID", "", pa.array([UUID(int=1).bytes], pa.uuid()), (str(UUID(int=1)),)),
    Column("a column of nothing but NULL", "", pa.nulls(2), (None, None)),
    Column("struct", "JSON; numbers are numbers, all else the text that a column of it would have; NULL is left out",
           STRUCT, ('{"n":1,"at":"2024-01-31T12:00:00.123456","price":1.10}', None)),
    Column("list", "JSON", pa.array([[1, None], [], None]), ("[1,null]", "[]", None)),
    Column("list of times", "", pa.array([[time(1, 2)]], pa.list_(pa.time64("ns"))), ('["01:02:00"]',)),
    Column("map", "JSON", pa.array([[("a", b"\xff"), ("b", None)], None], pa.map_(pa.string(), pa.binary())),
           ('{"a":"0xFF","b":null}', None)),
    Column("map whose keys are neither texts nor whole numbers", "",
           pa.array([[(1.5, 1)]], pa.map_(pa.float64(), pa.int8())),
           refused=f" is a map with keys of type double{CAN_NOT}"),
    Column("struct with two fields whose names differ in case only", "", pa.array([{"a": 1, "A": 2}]),
           refused=f" has two fields whose names are the same but for case: struct<a: int64, A: int64>{CAN_NOT}"),
    Column("struct with a field that has no name", "", pa.array([{"a": 1, "": 2}]),
           refused=f" has a field without a name: struct<a: int64, : int64>{CAN_NOT}"),
    Column("INT96 in a list", "", pa.array([[datetime(2024, 1, 1), None]], pa.list_(pa.timestamp("us"))),
           ('["2024-01-01T00:00:00",null]',), written=INT96),
    Column("numbers packed with Brotli", "", pa.array([1]), written={"compression": "brotli"},
           refused=" is packed as BROTLI, which cannot be read: have it written as zstd or snappy, with the writer's"
           " usual encodings"),
    Column("numbers encoded as BYTE_STREAM_SPLIT", "", pa.array([1.5]),
           written={"use_byte_stream_split": True, "use_dictionary": False},
           refused=" is packed as BYTE_STREAM_SPLIT, which cannot be read: have it written as zstd or snappy, with the"
           " writer's usual encodings"),
)  # fmt: skip
GROUPS = {"Times": TIME, "Numbers": NUMBERS, "Other columns": OTHERS}
COLUMNS = tuple(one for group in GROUPS.values() for one in group)


def outcome(column: Column) -> str:
    """What becomes of a column, in words."""
    shown = "`, `".join(one for one in dict.fromkeys(column.texts) if one)
    read = f"`{shown}`" if shown else "NULL"
    found = "the file is rejected: `unreadable_column`" if column.refused else read
    return f"{found}; {column.says}" if column.says else found


def section() -> str:
    """The part of the page that is about Parquet."""
    lines = ["## Parquet\n", INTRODUCTION]
    for title, columns in GROUPS.items():
        rows = [f"| {one.what} | {outcome(one)} |" for one in columns]
        lines += [f"\n### {title}\n", "| a column of | stands in bronze as |", "|---|---|", *rows]
    return "\n".join(lines)


INTRODUCTION = """\
Bronze has the value of each column as text, just as the file holds it; a file with a column of which that cannot be
had is rejected as a whole, also where nobody declared the column, and `lakehouse source check` says so in the words of
the run. Days and times before 1582 are of the calendar of today carried backwards, as the format has it, unless Spark
says of a file of its own that it kept the calendar of old. No outcome depends on the time zone of a machine.\
"""
