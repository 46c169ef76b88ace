"""The files of each kind, made from the tables of the shop's life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.world import customer_rows, order_rows, small_rows
from lakehouse.world.defects import MISSING
from lakehouse.world.deliver import (
    DAILY,
    MONTHLY,
    WEEKLY,
    Kind,
    Rhythm,
    kept,
    with_files,
    with_places,
    write_parquet,
    write_texts,
)
from lakehouse.world.plant import with_defects, with_missing
from lakehouse.world.returns import returned_lines
from lakehouse.world.simulate import Tables
from lakehouse.world.texts import UTC_PATTERN
from lakehouse.world.world import World


@dataclass(frozen=True)
class Piece:
    """What is delivered from one day to another, and where to."""

    world: World
    tables: Tables
    landing: Path
    work: Path
    from_day: int
    clean: bool

    def delivered(self, rows: DataFrame) -> DataFrame:
        day = F.col("_delivered")
        return rows.where((day >= self.from_day) & (day < self.world.until_day))

    @property
    def missing(self) -> float:
        return 0.0 if self.clean else self.world.profile.files.missing

    def write_bulk(self, rows: DataFrame, kind: Kind, keys: Sequence[str], cut: int) -> None:
        """Typed rows (`_delivered` and the columns of the file) to Parquet files, without defects but empty values."""
        named = with_files(self.delivered(rows), kind, self.world, cut, *keys).withColumn("_copy", F.lit(0))
        unmarked = {name: F.lit(None).cast("string") for name in ("_defect", "_reason")}
        unmarked["_expected"] = F.lit(None).cast("map<string,string>")
        placed = with_places(named.withColumns({**unmarked, "_outcome": F.lit("accepted")}), *keys)
        is_noted = not self.clean and "_missing" in rows.columns
        with kept(placed, uses=1 + is_noted) as lines:
            write_parquet(lines, kind, self.landing, self.work)
            if is_noted:
                self._note(lines, kind)

    def write(self, rows: DataFrame, kind: Kind, rhythm: Rhythm, keys: Sequence[str], cut: int = 1) -> None:
        """Rows (`day` and the columns of the file) to text files, with their defects, which are noted."""
        world = self.world
        rates = {} if self.clean else world.profile.defects.get(kind.name, {})
        is_noted = not self.clean and (bool(rates) or "_missing" in rows.columns)
        texts = rows.withColumns({name: _as_text(rows, name) for name in kind.columns})
        if "_missing" not in texts.columns:
            texts = texts.withColumn("_missing", F.array().cast("array<string>"))
        marked = with_defects(texts, kind.name, kind.columns, rates, world.chance, *keys)
        end = world.profile.days
        late = F.col("day") + F.col("_late")
        day = F.when(F.col("day") < end, F.least(late, F.lit(end - 1))).otherwise(late)
        named = self.delivered(marked.withColumn("_delivered", rhythm.delivered(world, day)))
        named = with_files(named, kind, world, cut, *keys)
        placed = with_places(named, *keys).withColumn("_line", kind.line())
        with kept(placed, uses=len(kind.compressions) + is_noted) as lines:
            write_texts(lines, kind, self.landing, self.work)
            if is_noted:
                self._note(lines, kind)

    def _note(self, lines: DataFrame, kind: Kind) -> None:
        """Adds to truth/defects what is wrong with these rows."""
        no_text, no_values = F.lit(None).cast("string"), F.lit(None).cast("map<string,string>")
        origin = [
            F.lit(kind.name).alias("file_kind"),
            F.col("_file").alias("file"),
            F.col("_row").cast("bigint").alias("row"),
        ]
        planted = lines.where("_defect IS NOT NULL").select(
            *origin,
            F.col("_defect").alias("defect"),
            F.col("_outcome").alias("outcome"),
            F.col("_reason").alias("reason"),
            F.array().cast("array<string>").alias("columns"),
            F.col("_expected").alias("expected"),
        )
        empty = lines.where((F.size("_missing") > 0) & (F.col("_outcome") == "accepted")).select(
            *origin,
            F.lit(MISSING).alias("defect"),
            F.lit("accepted").alias("outcome"),
            no_text.alias("reason"),
            F.col("_missing").alias("columns"),
            no_values.alias("expected"),
        )
        where = self.tables.folder / "defects" / f"from={self.world.day(self.from_day)}" / f"of={kind.name}"
        planted.unionByName(empty).write.mode("overwrite").parquet(str(where))


def _as_text(rows: DataFrame, name: str) -> Column:
    kind = dict(rows.dtypes)[name]
    return F.date_format(name, UTC_PATTERN) if kind == "timestamp" else F.col(name).cast("string")


def write_orders(piece: Piece) -> None:
    """Order lines: the first days in Parquet, then a file or more each day; and returns week by week."""
    world, files = piece.world, piece.world.profile.files
    rows = order_rows.line_rows(piece.tables.read("order_lines"), world)
    ids = ("customer", "event")
    rows = with_missing(rows, order_rows.NULLABLE, piece.missing, world.chance, *ids)
    cut = ceil(world.scale * _lines_a_day(world) / files.lines_per_file)
    bulk = min(files.bulk_days, world.until_day)
    if piece.from_day < bulk and bulk > 0 and (files.bulk_days <= world.until_day or files.bulk_days >= 100_000):
        old = rows.where(F.col("day") < bulk).withColumn("_delivered", F.lit(bulk - 1))
        kind = Kind("orders_parquet", "orders", "orders", "parquet", order_rows.COLUMNS)
        piece.write_bulk(old, kind, (*ids, "line"), ceil(cut * bulk / 4) if cut > 1 else 1)
    kind = Kind("orders", "orders", "orders", "csv", order_rows.COLUMNS, (), files.gzip_share)
    piece.write(rows.where(F.col("day") >= files.bulk_days), kind, DAILY, (*ids, "line"), cut)
    returned = order_rows.return_rows(piece.tables.read("returns"), world)
    kind = Kind("returns", "returns", "returns", "csv", order_rows.RETURN_COLUMNS)
    piece.write(returned, kind, WEEKLY, (*ids, "line"), ceil(cut / 3))


def _lines_a_day(world: World) -> float:
    """About how many lines the busiest days have at scale 1."""
    profile = world.profile
    return 4 * profile.customers * profile.arrival.share * 3.6 / profile.days


def write_customers(piece: Piece) -> None:
    """The customer base of the first day in Parquet, then sign-ups and moves in JSON lines, re-classing in CSV."""
    world = piece.world
    rows = customer_rows.versions(piece.tables.read("customers"), world)
    rows = with_missing(rows, customer_rows.NULLABLE, piece.missing, world.chance, "customer")
    rows = rows.withColumn("day", F.floor("changed").cast("int"))
    cut = ceil(world.customers / world.profile.files.lines_per_file)
    if piece.from_day <= 0:
        base = rows.where("day < 0").withColumn("_delivered", F.lit(0))
        kind = Kind("customers_parquet", "customers", "customers", "parquet", customer_rows.COLUMNS)
        piece.write_bulk(base, kind, ("customer",), cut)
    later = rows.where("day >= 0")
    keys, classed = ("customer", "why"), F.col("why") == customer_rows.CLASSED
    kind = Kind("customers", "customers", "customers", "jsonl", customer_rows.COLUMNS)
    piece.write(later.where(~classed), kind, WEEKLY, keys, ceil(cut / 50))
    kind = Kind("customers_csv", "customers", "customers", "csv", customer_rows.COLUMNS, _FREE_TEXTS)
    piece.write(later.where(classed), kind, MONTHLY, keys, ceil(cut / 50))


_FREE_TEXTS = ("email", "first_name", "last_name", "company_name", "address", "city", "region")


def write_small_files(piece: Piece) -> None:
    """Products, campaigns, their spend and their lists."""
    world, spark = piece.world, piece.tables.spark
    products = small_rows.product_rows(spark, world)
    kind = Kind("products", "products", "products", "csv", small_rows.PRODUCT_COLUMNS, ("product_name",))
    piece.write(products.where("day < 0").withColumn("day", F.lit(0)), kind, DAILY, ("product", "day"))
    kind = Kind("products_jsonl", "products", "products", "jsonl", small_rows.PRODUCT_COLUMNS)
    piece.write(products.where("day >= 0"), kind, MONTHLY, ("product", "day"))
    if not world.campaigns:
        return
    kind = Kind("campaigns", "campaigns", "campaigns", "csv", small_rows.CAMPAIGN_COLUMNS, ("campaign_name",))
    piece.write(small_rows.campaign_rows(spark, world), kind, DAILY, ("campaign",))
    kind = Kind("campaign_spend", "campaigns", "campaign_spend", "csv", small_rows.SPEND_COLUMNS)
    piece.write(small_rows.spend_rows(spark, world), kind, MONTHLY, ("campaign", "day"))
    touched = small_rows.touch_rows(piece.tables.read("touches"), world)
    kind = Kind("campaign_touches", "campaigns", "campaign_touches", "csv", small_rows.TOUCH_COLUMNS, (), 1.0)
    cut = ceil(world.customers * world.profile.campaigns.ordinary_chance / world.profile.files.lines_per_file)
    piece.write(touched, kind, DAILY, ("customer", "campaign"), cut)


def write_returns_table(tables: Tables, world: World) -> None:
    """The table returns, from the table order_lines."""
    tables.write("returns", returned_lines(tables.read("order_lines"), world))
