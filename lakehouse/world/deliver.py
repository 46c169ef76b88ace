"""From rows of texts to files: which file a row comes in, its place there, and the writing of them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from urllib.parse import unquote

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from lakehouse.engine.choose import engine_of
from lakehouse.frames import persisted
from lakehouse.world import by_this_process
from lakehouse.world.texts import csv_line, json_line
from lakehouse.world.world import World


@dataclass(frozen=True)
class Rhythm:
    """How often the files of a kind come: they hold what happened from one delivery to the next."""

    days: int = 0
    """Every so many days; 0: on the last day of each month."""

    def delivered(self, world: World, day: Column) -> Column:
        """The day on which a file comes that holds a day: its last one. A file never goes beyond the profile's span."""
        if self.days:
            last = F.floor(day / self.days) * self.days + (self.days - 1)
        else:
            last = F.date_diff(F.last_day(world.date_of(day)), F.lit(world.profile.start))
        end = world.profile.days
        return F.when(day < end, F.least(last, F.lit(end - 1))).otherwise(last).cast("int")


DAILY, WEEKLY, MONTHLY = Rhythm(1), Rhythm(7), Rhythm()


@dataclass(frozen=True)
class Kind:
    """One kind of text file."""

    name: str
    folder: str
    stem: str
    suffix: str
    columns: Sequence[str]
    free_texts: Sequence[str] = ()
    gzip_share: float = 0.0

    @property
    def compressions(self) -> Sequence[str]:
        """Whether some of the files, all or none of them are compressed."""
        return [name for name, share in (("none", 1 - self.gzip_share), ("gzip", self.gzip_share)) if share > 0]

    def line(self) -> Column:
        return csv_line(self.columns, self.free_texts) if self.suffix == "csv" else json_line(self.columns)


def with_files(rows: DataFrame, kind: Kind, world: World, cut: int, *keys: str) -> DataFrame:
    """Adds `_file`, by the day `_delivered`. A day's rows are cut into `cut` files by the hash of the first key."""
    name = F.concat(
        F.lit(f"{kind.folder}/{kind.stem}_"), F.date_format(world.date_of(F.col("_delivered")), "yyyy-MM-dd")
    )
    if cut > 1:
        part = F.floor(world.chance.uniform(f"file of {kind.name}", F.col(keys[0])) * cut)
        name = F.concat(name, F.lit("_"), F.lpad(part.cast("string"), 4, "0"))
    hashed = world.chance.uniform(f"gzip of {kind.name}", F.xxhash64(name))
    ending = F.when(hashed < kind.gzip_share, f".{kind.suffix}.gz").otherwise(f".{kind.suffix}")
    return rows.withColumn("_file", F.concat(name, ending))


def with_places(rows: DataFrame, *keys: str) -> DataFrame:
    """Adds `_row`, the place in the file from 1: by the keys, twins last. A file is in one partition, in this order."""
    return rows.withColumn("_row", F.row_number().over(Window.partitionBy("_file").orderBy(*keys, "_copy")))


def write_texts(rows: DataFrame, kind: Kind, landing: Path, work: Path) -> int:
    """Writes the files. Takes `_file`, `_row` and `_line`, in the order of `with_places`."""
    header = ",".join(kind.columns)
    line = F.when(F.col("_row") == 1, F.concat(F.lit(f"{header}\n"), F.col("_line"))).otherwise(F.col("_line"))
    value = (line if kind.suffix == "csv" else F.col("_line")).alias("value")
    if not engine_of(rows.sparkSession).names_files:
        return by_this_process.write_texts(rows.select("_file", "_row", value), landing, work / kind.name)
    texts = _in_place(rows).select("_file", value)
    is_gzip = F.endswith("_file", F.lit(".gz"))
    written = 0
    parts = {"none": texts if kind.gzip_share == 0 else texts.where(~is_gzip)}
    parts |= {"gzip": texts if kind.gzip_share == 1 else texts.where(is_gzip)}
    for compression in kind.compressions:
        chosen = parts[compression]
        folder = work / f"{kind.name}_{compression}"
        chosen.write.mode("overwrite").partitionBy("_file").option("compression", compression).text(str(folder))
        written += _moved(folder, landing)
    return written


def write_parquet(rows: DataFrame, kind: Kind, landing: Path, work: Path) -> int:
    """Writes typed rows to the Parquet files that `_file` names, in the order of `with_places`."""
    folder = work / kind.name
    if not engine_of(rows.sparkSession).names_files:
        return by_this_process.write_parquet(rows.select("_file", "_row", *kind.columns), landing, folder)
    _in_place(rows).select("_file", *kind.columns).write.mode("overwrite").partitionBy("_file").parquet(str(folder))
    return _moved(folder, landing)


def _in_place(rows: DataFrame) -> DataFrame:
    """Rows as `with_places` left them: Spark leaves that step out, and its order, where nothing asks for `_row`."""
    return rows.where("_row > 0")


def _moved(folder: Path, landing: Path) -> int:
    """Moves what Spark wrote as _file=NAME/part-… to NAME."""
    moved = 0
    for place in sorted(folder.glob("_file=*")):
        target = landing / unquote(place.name.removeprefix("_file="))
        parts = [part for part in place.iterdir() if part.name.startswith("part-")]
        if len(parts) != 1:
            raise RuntimeError(f"{target}: written in {len(parts)} parts")
        target.parent.mkdir(parents=True, exist_ok=True)
        parts[0].replace(target)
        moved += 1
    rmtree(folder)
    return moved


@contextmanager
def kept(rows: DataFrame, *, uses: int) -> Iterator[DataFrame]:
    """Rows to be used several times: their partitions and order are kept on disk meanwhile."""
    if uses < 2:
        yield rows
        return
    if not engine_of(rows.sparkSession).names_files:
        yield persisted(rows)
        return
    held = rows.persist(StorageLevel.DISK_ONLY)
    try:
        yield held
    finally:
        held.unpersist()
