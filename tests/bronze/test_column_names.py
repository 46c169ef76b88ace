"""Any header comes in: each column under the name that was sent, for those who read it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from pyspark.sql import Row
from pyspark.sql import functions as F

from lakehouse.published import open_published
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.column_names import in_backticks, stored_name
from tests.bronze.shops import Shop, source_of

pytestmark = pytest.mark.spark

Land = Callable[..., Path]
Read = Callable[..., list[Row]]

NAMES = (
    *("order_id", "Order #", "Date / Time", "Unit Price (EUR)", "Qty;pcs", "a,b", "a{b}", "a[0]"),
    *("a=b", "tab\tbed", "broken\nline", "a.b", "a`b", "``", "it's", 'say "x"', "a\\b", "a/b", "Größe in cm", "2nd"),
    *("漢字", "a b", "a  b", "a_b", "_id", "${env:HOME} x", "${x}", "%20", "?", "( )", stored_name("a b")),
)
SENT = NAMES
ROW = tuple(f"value {place}" for place in range(len(SENT)))


def csv_file() -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([SENT, ROW])
    return text.getvalue().encode()


def parquet_file() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({name: [value] for name, value in zip(SENT, ROW, strict=True)}), out)
    return out.getvalue()


FILES = {
    "csv": csv_file(),
    "jsonl": (json.dumps(dict(zip(SENT, ROW, strict=True))) + "\n").encode(),
    "parquet": parquet_file(),
}
ANY_HEADER = source_of(rows={"pattern": "*", "columns": SENT, "format": ["csv", "jsonl", "parquet"], "multiline": True})


def test_every_name_is_kept_in_every_format_and_read_by_that_name(shop: Shop, land: Land) -> None:
    for form, content in FILES.items():
        land(f"rows.{form}", content)
    report = shop.ingest(ANY_HEADER)
    assert (report.rejected, report.rows) == ([], {"rows": 3})

    stored = shop.lake.read(ANY_HEADER.table("rows"))
    assert [stored_name(name) for name in SENT] == stored.columns[: len(SENT)]
    rows = shop.lake.read_bronze(ANY_HEADER, "rows")
    assert rows.columns[: len(SENT)] == list(SENT)
    texts = prepared(rows, ANY_HEADER, "rows", nfc=True).select(*(F.expr(in_backticks(name)) for name in SENT))
    assert [tuple(row) for row in texts.collect()] == [ROW] * 3

    with open_published(shop.lake.root) as published:
        answer = published.sql("SELECT * FROM bronze.shop_rows")
        assert answer.columns[: len(SENT)] == list(SENT)
        assert {row[: len(SENT)] for row in answer.fetchall()} == {ROW}
        asked = published.sql('SELECT "Unit Price (EUR)", "a`b" FROM bronze.shop_rows WHERE "Qty;pcs" IS NOT NULL')
        assert asked.columns == ["Unit Price (EUR)", "a`b"]
        assert len(asked.fetchall()) == 3


def test_a_column_that_is_declared_later_is_added_once_with_its_name(shop: Shop, land: Land) -> None:
    land("first.csv", "Order No,qty\n1,2\n")
    before = source_of(rows={"pattern": "*", "columns": ["Order No", "qty"]})
    shop.ingest(before)
    land("second.csv", "order no,Qty,Unit Price (EUR)\n3,4,5\n")
    more = {"columns": ["order no", "Qty", "Unit Price (EUR)"], "optional": ["Unit Price (EUR)"]}
    after = source_of("f2", rows={"pattern": "*"} | more)
    shop.ingest(after)

    rows = shop.lake.read_bronze(after, "rows").orderBy("_batch_id").select("`order no`", "Qty", "`Unit Price (EUR)`")
    assert [tuple(row) for row in rows.collect()] == [("1", "2", None), ("3", "4", "5")]
    fields = DeltaTable(shop.lake.path(after.table("rows"))).schema().fields
    comments = {field.name: field.metadata.get("comment") for field in fields if not field.name.startswith("_")}
    assert comments == {
        stored_name("Order No"): "As sent, under the name Order No",
        "qty": "As sent",
        stored_name("Unit Price (EUR)"): "As sent, under the name Unit Price (EUR)",
    }


def test_a_lake_with_plain_names_goes_on_as_it_is(shop: Shop, land: Land) -> None:
    source = source_of(rows={"pattern": "*", "columns": ["Order#", "Größe"]})
    table = bronze_table("shop", "rows", ["Order#", "Größe"])
    shop.lake.spark.sql(
        f"CREATE TABLE delta.`{shop.lake.path(table)}` (`Order#` STRING, `Größe` STRING,"
        f" {', '.join(f'{one.name} {one.type}' for one in table.columns[2:])}) USING delta PARTITIONED BY (_batch_id)"
    )
    land("rows.csv", "Order#,Größe\n1,2\n")
    shop.ingest(source)
    assert [(row["Order#"], row["Größe"]) for row in shop.bronze(source, "rows")] == [("1", "2")]
    assert shop.lake.read(table).columns == list(table.column_names)


def test_columns_without_a_name_are_kept_by_their_place(land: Land, read: Read) -> None:
    land("file.csv", "a,,b, ,_2\n1,2,3,4,5\n")
    [row] = read()
    assert (row.a, row.b, row["_rescued"]) == ("1", "3", {"__2": "2", "_4": "4", "_2": "5"})


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a", ""], "a name is empty"),
        (["a", " \t"], "a name is empty"),
        (["Unit Price", " unit price"], "'Unit Price' and ' unit price' are the same but for case, or blanks around"),
        (["a", "order-id", "Order-ID"], "'order-id' and 'Order-ID' are the same.*leave one out.*`aliases`"),
        (["a", "b", "a"], "'a' is there twice"),
        (["a", "_SOURCE_FILE"], "_SOURCE_FILE: the lake's own columns are called so"),
        (["a", "_file_modified_at "], "the lake's own columns are called so"),
        (["a", "_position"], "_position: the lake's own"),
    ],
)
def test_names_that_mean_nothing_or_the_lake_s_own_columns_are_no_declaration(names: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        source_of(rows={"pattern": "*", "columns": names})


def test_a_file_with_a_column_that_is_called_like_one_of_the_lake_comes_in(land: Land, read: Read) -> None:
    land("file.csv", "a,b,_source_file\n1,2,x\n")
    [row] = read()
    assert (row.a, row.b, row["_source_file"], row["_rescued"]) == ("1", "2", "file.csv", {"_source_file": "x"})
