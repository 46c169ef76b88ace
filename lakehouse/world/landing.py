"""The files of each kind, made from the tables of the shop's life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.reasons import Outcome
from lakehouse.world import customer_rows, order_rows, small_rows
from lakehouse.world.customer_rows import CLASSED, MOVED, SIGNED_UP
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

Values = Callable[[DataFrame], DataFrame]
"""Adds the columns of a file, and `_missing` where some can be empty, to rows that say what they are of."""
ALL_IN_BULK = 100_000
"""So many bulk days are all days."""
_TO_NOTE = ("_file", "_row", "_defect", "_outcome", "_reason", "_missing", "_expected")


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

    def write_bulk(self, rows: DataFrame, values: Values, kind: Kind, keys: Sequence[str], cut: int) -> None:
        """Rows (`_delivered`) to Parquet files, whose only defects are empty values. `values` adds what is in them."""
        placed = with_places(with_files(_good(self.delivered(rows)), kind, self.world, cut, *keys), *keys)
        is_noted = self.missing > 0
        with kept(placed, uses=1 + is_noted) as held:
            lines = values(held)
            write_parquet(lines, kind, self.landing, self.work)
            if is_noted:
                self._note(lines, kind)

    def write(
        self, rows: DataFrame, values: Values, kind: Kind, rhythm: Rhythm, keys: Sequence[str], cut: int = 1
    ) -> None:
        """Rows (`day`) to text files, with their defects, which are noted. `values` adds what is in the files.

        Where there are no defects, rows are sent to their files before they have their texts: numbers move and sort
        much faster.
        """
        world = self.world
        rates = {} if self.clean else world.profile.defects.get(kind.name, {})
        if rates:
            texts = _texts(values(rows), kind)
            marked = with_defects(texts, kind.name, kind.columns, rates, world.chance, *keys)
        else:
            marked = _good(rows)
        end = world.profile.days
        late = F.col("day") + F.col("_late")
        day = F.when(F.col("day") < end, F.least(late, F.lit(end - 1))).otherwise(late)
        named = self.delivered(marked.withColumn("_delivered", rhythm.delivered(world, day)))
        placed = with_places(with_files(named, kind, world, cut, *keys), *keys)
        made = placed.select(*kind.columns, *_TO_NOTE) if rates else placed
        with kept(made, uses=len(kind.compressions) + (not self.clean)) as held:
            lines = held if rates else values(held)
            is_noted = not self.clean and "_missing" in lines.columns
            lines = lines if rates else _texts(lines, kind)
            write_texts(lines.withColumn("_line", kind.line()), kind, self.landing, self.work)
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
        empty = lines.where((F.size("_missing") > 0) & (F.col("_outcome") == Outcome.ACCEPTED)).select(
            *origin,
            F.lit(MISSING).alias("defect"),
            F.lit(Outcome.ACCEPTED).alias("outcome"),
            no_text.alias("reason"),
            F.col("_missing").alias("columns"),
            no_values.alias("expected"),
        )
        where = f"defects/from={self.world.day(self.from_day)}/of={kind.name}"
        self.tables.put(where, planted.unionByName(empty))


def _good(rows: DataFrame) -> DataFrame:
    """Rows without defects."""
    no_text = F.lit(None).cast("string")
    marks = {"_defect": no_text, "_reason": no_text, "_expected": F.lit(None).cast("map<string,string>")}
    return rows.withColumns({**marks, "_outcome": F.lit(Outcome.ACCEPTED), "_copy": F.lit(0), "_late": F.lit(0)})


def _texts(rows: DataFrame, kind: Kind) -> DataFrame:
    """The columns of a file as texts, and `_missing` where it is not there yet."""
    kinds = dict(rows.dtypes)
    texts = {
        name: F.date_format(name, UTC_PATTERN) if kinds[name] == "timestamp" else F.col(name).cast("string")
        for name in kind.columns
    }
    return rows.withColumns(texts if "_missing" in kinds else {**texts, "_missing": F.array().cast("array<string>")})


def write_orders(piece: Piece) -> None:
    """Order lines: the first days in Parquet, then a file or more each day; and returns week by week."""
    world, files = piece.world, piece.world.profile.files
    rows, ids = piece.tables.read("order_lines"), ("customer", "event")

    def values(lines: DataFrame) -> DataFrame:
        typed = order_rows.line_rows(lines, world)
        return with_missing(typed, order_rows.NULLABLE, piece.missing, world.chance, *ids)

    cut = ceil(world.scale * _lines_a_day(world) / files.lines_per_file)
    bulk = min(files.bulk_days, world.until_day)
    if piece.from_day < bulk and bulk > 0 and (files.bulk_days <= world.until_day or files.bulk_days >= ALL_IN_BULK):
        old = rows.where(F.col("day") < bulk).withColumn("_delivered", F.lit(bulk - 1))
        kind = Kind("orders_parquet", "orders", "orders", "parquet", order_rows.COLUMNS)
        piece.write_bulk(old, values, kind, (*ids, "line"), ceil(cut * bulk / 4) if cut > 1 else 1)
    if files.bulk_days < world.until_day:
        kind = Kind("orders", "orders", "orders", "csv", order_rows.COLUMNS, (), files.gzip_share)
        piece.write(rows.where(F.col("day") >= files.bulk_days), values, kind, DAILY, (*ids, "line"), cut)
    returned = order_rows.return_days(piece.tables.read("returns"))
    kind = Kind("returns", "returns", "returns", "csv", order_rows.RETURN_COLUMNS)
    piece.write(returned, lambda some: order_rows.return_rows(some, world), kind, WEEKLY, (*ids, "line"), ceil(cut / 3))


def _lines_a_day(world: World) -> float:
    """About how many lines the busiest days have at scale 1."""
    profile = world.profile
    return 4 * profile.customers * profile.arrival.share * 3.6 / profile.days


def write_customers(piece: Piece) -> None:
    """The customer base of the first day in Parquet, then sign-ups and moves in JSON lines, re-classing in CSV."""
    world = piece.world
    customers, keys = piece.tables.read("customers"), ("customer", "why")

    def values(some: DataFrame) -> DataFrame:
        known = customer_rows.with_attributes(some, world)
        return with_missing(known, customer_rows.NULLABLE, piece.missing, world.chance, "customer")

    cut = ceil(world.customers / world.profile.files.lines_per_file)
    if piece.from_day <= 0:
        # Nobody moves or is classed anew before the span.
        base = customer_rows.versions(customers, world, SIGNED_UP).where("day < 0").withColumn("_delivered", F.lit(0))
        kind = Kind("customers_parquet", "customers", "customers", "parquet", customer_rows.COLUMNS)
        piece.write_bulk(base, values, kind, ("customer",), cut)
    later = customer_rows.versions(customers, world, SIGNED_UP, MOVED).where("day >= 0")
    kind = Kind("customers", "customers", "customers", "jsonl", customer_rows.COLUMNS)
    piece.write(later, values, kind, WEEKLY, keys, ceil(cut / 50))
    classed = customer_rows.versions(customers, world, CLASSED)
    kind = Kind("customers_csv", "customers", "customers", "csv", customer_rows.COLUMNS, _FREE_TEXTS)
    piece.write(classed, values, kind, MONTHLY, keys, ceil(cut / 50))


_FREE_TEXTS = ("email", "first_name", "last_name", "company_name", "address", "city", "region")


def _as_made(rows: DataFrame) -> DataFrame:
    """Small tables are made with the texts of their files."""
    return rows


def write_small_files(piece: Piece) -> None:
    """Products, campaigns, their spend and their lists."""
    world, spark = piece.world, piece.tables.spark
    products = small_rows.product_rows(spark, world)
    kind = Kind("products", "products", "products", "csv", small_rows.PRODUCT_COLUMNS, ("product_name",))
    piece.write(products.where("day < 0").withColumn("day", F.lit(0)), _as_made, kind, DAILY, ("product", "day"))
    kind = Kind("products_jsonl", "products", "products", "jsonl", small_rows.PRODUCT_COLUMNS)
    piece.write(products.where("day >= 0"), _as_made, kind, MONTHLY, ("product", "day"))
    if not world.campaigns:
        return
    kind = Kind("campaigns", "campaigns", "campaigns", "csv", small_rows.CAMPAIGN_COLUMNS, ("campaign_name",))
    piece.write(small_rows.campaign_rows(spark, world), _as_made, kind, DAILY, ("campaign",))
    kind = Kind("campaign_spend", "campaigns", "campaign_spend", "csv", small_rows.SPEND_COLUMNS)
    piece.write(small_rows.spend_rows(spark, world), _as_made, kind, MONTHLY, ("campaign", "day"))
    touched = small_rows.touch_days(piece.tables.read("touches"), world)
    kind = Kind("campaign_touches", "campaigns", "campaign_touches", "csv", small_rows.TOUCH_COLUMNS, (), 1.0)
    cut = ceil(world.customers * world.profile.campaigns.ordinary_chance / world.profile.files.lines_per_file)
    keys = ("customer", "campaign")
    piece.write(touched, lambda some: small_rows.touch_rows(some, world), kind, DAILY, keys, cut)


def write_returns_table(tables: Tables, world: World) -> None:
    """The table returns, from the table order_lines."""
    tables.write("returns", returned_lines(tables.read("order_lines"), world))
