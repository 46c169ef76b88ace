"""What `source check` works out without Spark of files of many shapes is what Spark works out."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.trial.files import copied, deliveries
from jobs.trial.outcome import FeedTrial, KindTrial
from jobs.trial.plainly import try_plainly
from lakehouse.settings import Settings
from lakehouse.sources.load import read_source
from lakehouse.sources.model import Source
from tests.own_conf import own_conf
from tests.trial.test_both_ways import CODES

pytestmark = pytest.mark.spark

DECLARED = """
currency = "EUR"
time_zone = "Europe/Berlin"

[files.sales]
pattern = "sales*.csv"
columns = ["order", "sku", "qty", "gross", "net", "cents", "cur", "note"]
decimal_mark = ","
thousands_mark = "."
trusted_columns = 3
leave_out = [{ where = "number(gross) = number('0')", why = "worth nothing" }]

[files.heads]
pattern = "heads*.csv"
columns = ["order", "at", "state", "customer", "stage"]
decimal_mark = ","
thousands_mark = "."
date_formats = ["dd.MM.yyyy HH:mm"]

[files.parents]
same_as = "heads"

[feeds.order_lines]
file = "sales"
filter = "NOT startswith(note, 'R') OR number(qty) > number('0')"
position_within = "`order`"
repeats = "copies"
join = [
  { file = "heads", role = "header", on = { "`order`" = "order" }, filter = "state <> 'draft'", version = ["stage", "_file_modified_at"] },
  { file = "parents", role = "lookup", on = { "concat(`order`, '-p')" = "order" }, version = "at" },
]

[feeds.order_lines.columns]
order_id = "`order`"
line_number = "_position"
product_id = "sku"
ordered_at = "heads.at"
order_status = "lower(heads.state)"
customer_id = "coalesce(parents.customer, heads.customer)"
quantity = "qty"
gross_amount = "gross"
net_amount = "number(net)"
unit_price = "minor(cents)"
currency = "cur"
payment_method = "CASE WHEN note = 'K' THEN 'card' END"

[feeds.returns]
file = "sales"
filter = "startswith(note, 'R')"
position_within = "`order`"

[feeds.returns.columns]
return_id = "concat_ws('-', `order`, _position)"
returned_at = "'2024-03-01 00:00:00'"
order_id = "`order`"
product_id = "sku"
quantity = "abs(number(qty))"
refund_amount = "-number(net)"
"""  # noqa: E501
FILES = {
    "sales_1.csv": """order,sku,qty,gross,net,cents,cur,note
1,A,3,"10,00","9,00",,,K
1,A,3,"10,00","9,00",,,K
1,B,1,"1.250,50",,125050,,x
2,A,2,"5 €","5,00 €",,eur,x
2,B,2,"5 $","5,00",,,x
2,C,two,"1,00",abc,10,,K
3,A,1,,,1999,KWD,
3,B,1,,,,USD,x
4,A,1,"0,00","0,00",,,x
4,B,1,frei,"1,00",,,x
4,C,-1,"(2,00)","2,00-",,,R
4,D,x,"2,00","2,00",,,R
5,A,300,,,99999999999999,,x
5,B,0,"1,00",,,,x
6,A,1,1,2,3,EUR,x,more,and more
7,A
""",
    "heads_1.csv": """order,at,state,customer,stage
1,09.03.2024 10:00,PAID,c1,2
1,10.03.2024 10:00,SHIPPED,c1,10
1-p,10.03.2024 10:00,x,parent one,
1-p,09.12.2024 10:00,x,parent two,
2,31.03.2024 02:30,PAID,c2,1
2,31.03.2024 02:30,PAID,other,1
3,30.02.2024 10:00,PAID,c3,1
4,09.03.2024 10:00,draft,c4,1
5,09.03.2024 10:00,PAID,,1
6,09.03.2024 10:00,PAID,c6,1
""",
    "heads_2.csv": """order,at,state,customer,stage
5,09.03.2024 11:00,PAID,c5,1
6,09.03.2024 10:00,PAID,c6,1
""",
}


def _figures(trial: FeedTrial) -> Any:
    known = (*CODES, "too_large")
    reasons = {code: count for code, count in trial.reasons.items() if code.partition(":")[0] in known}
    columns = {one.name: (one.filled, sorted(one.values), one.unread, one.made_nothing) for one in trial.columns}
    return trial.name, trial.rows, trial.waiting, columns, reasons


def _left(kind: KindTrial) -> Any:
    return kind.name, kind.left_out, kind.untaken


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "given" / "shapes"
    folder.mkdir(parents=True)
    for place, (name, text) in enumerate(FILES.items()):
        (folder / name).write_text(text, encoding="utf-8")
        os.utime(folder / name, (1_710_000_000 + place, 1_710_000_000 + place))
    return folder


@pytest.fixture
def shapes(tmp_path: Path) -> Source:
    (tmp_path / "shapes.toml").write_text(DECLARED, encoding="utf-8")
    return read_source(tmp_path / "shapes.toml")


def test_rows_of_many_shapes_come_out_as_spark_has_them(
    spark: SparkSession, landing: Path, shapes: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jobs.trial.with_spark import try_with_spark

    target = tmp_path / "heads" / "shapes"
    feeds, kinds = try_plainly(shapes, deliveries(copied(shapes, landing, target, 100), shapes))
    with own_conf(tmp_path, monkeypatch) as conf:
        (conf / "sources" / "shapes.toml").write_text(DECLARED, encoding="utf-8")
        settings = Settings(lake=tmp_path / "lake", landing=target.parent)
        by_spark, kinds_by_spark = try_with_spark(settings, shapes)
    assert list(map(_left, kinds)) == list(map(_left, kinds_by_spark))
    for plain, other in zip(map(_figures, feeds), map(_figures, by_spark), strict=True):
        assert plain == other


def test_amounts_versions_copies_and_losses_are_told_without_spark(
    landing: Path, shapes: Source, tmp_path: Path
) -> None:
    found = deliveries(copied(shapes, landing, tmp_path / "heads" / "shapes", 100), shapes)
    [lines, returns], [sales] = try_plainly(shapes, found)
    columns = {one.name: one for one in lines.columns}
    assert columns["order_status"].values[0] == "shipped", "the newest version of order 1 has the higher stage"
    assert columns["customer_id"].values == ["parent two", "c3", "c5"], "of order 2 two rows say two things"
    assert columns["line_number"].values == ["1", "2", "3"], "a copy has no place of its own"
    assert columns["payment_method"].made_nothing == {"x": 7, "R": 1}
    assert columns["unit_price"].values == ["3.3333", "1250.5000", "2.5000"], "worked out where none is stated"
    assert columns["gross_amount"].unread == {"5 $": 1, "frei": 1}, "dollars in a row of euros, and a word"
    assert lines.reasons["unparsable:filter"] == 1
    assert lines.reasons["missing:unit_price"] == 1
    assert lines.reasons["too_large:gross_revenue"] == 1
    assert (lines.rows, lines.waiting) == (14, 5)
    assert sales.left_out == Counter({"worth nothing": 1})
    assert returns.reasons == {"unparsable:quantity": 1, "too_few_fields": 1}
