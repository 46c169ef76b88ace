"""Makes the files of a shop and the truth about them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree

from pyspark.sql import SparkSession

from lakehouse.settings import ConfigurationError
from lakehouse.world.landing import (
    Piece,
    write_customers,
    write_orders,
    write_returns_table,
    write_small_files,
)
from lakehouse.world.profile import Profile
from lakehouse.world.simulate import Tables, simulate
from lakehouse.world.spoil import spoil_files
from lakehouse.world.truth import write_truth
from lakehouse.world.world import World

SOURCE = "shop"
MARK = "made_by_generate.json"


@dataclass(frozen=True)
class Request:
    """What to generate."""

    profile: Profile
    seed: int
    scale: float
    from_: date
    until: date
    clean: bool


def truth_folder(landing: Path) -> Path:
    """The truth lies beside the landing folder."""
    return landing.parent / "truth"


def generate(spark: SparkSession, request: Request, landing: Path, tell: Callable[[str], None]) -> World:
    """Writes landing/shop/… and the truth. From the profile's first day on it begins anew; else it goes on.

    Raises ConfigurationError where the folder holds another shop.
    """
    world = World(request.profile, request.seed, request.scale, request.until)
    folder, truth = landing / SOURCE, truth_folder(landing)
    starts_anew = request.from_ <= request.profile.start
    _check(request, folder, truth, starts_anew)
    if starts_anew:
        for old in (folder, *truth.glob("[!_]*")):
            rmtree(old, ignore_errors=True)
    for old_file in _of_days(folder, request):
        # Of a try that did not end: bad copies among them would be taken for good files.
        old_file.unlink()
    truth.mkdir(parents=True, exist_ok=True)
    (truth / MARK).write_text(json.dumps(_identity(request), indent=1), encoding="utf-8")
    tables, work = Tables(spark, truth), truth / "_work"
    simulate(world, tables, tell)
    write_returns_table(tables, world)
    piece = Piece(world, tables, folder, work, (request.from_ - request.profile.start).days, request.clean)
    for what, write in (
        ("small files", write_small_files),
        ("customer files", write_customers),
        ("order files", write_orders),
    ):
        tell(what)
        write(piece)
    if not request.clean:
        _spoil(piece, request)
    tell("truth")
    write_truth(tables, world, missing=piece.missing)
    rmtree(work, ignore_errors=True)
    return world


def _spoil(piece: Piece, request: Request) -> None:
    first = request.from_.isoformat()
    files = [str(path.relative_to(piece.landing)) for path in _of_days(piece.landing, request)]
    spoiled = list(spoil_files(piece.landing, files, request.profile.defects.get("files", {}), request.seed))
    schema = "file STRING, kind STRING, outcome STRING, reason STRING"
    rows = piece.tables.spark.createDataFrame([tuple(asdict(one).values()) for one in spoiled], schema)
    piece.tables.put(f"file_defects/from={first}", rows.coalesce(1))


def _of_days(folder: Path, request: Request) -> list[Path]:
    """Files of orders, of which some are spoiled, that come on the days of the request."""
    first, last = request.from_.isoformat(), request.until.isoformat()
    days = ((path, path.name[len("orders_") :][:10]) for path in (folder / "orders").glob("orders_*.csv*"))
    return [path for path, day in days if first <= day < last]


def _identity(request: Request) -> dict[str, str | int | float | bool]:
    return {
        "profile": request.profile.name,
        "seed": request.seed,
        "scale": request.scale,
        "clean": request.clean,
        "own_seed": request.seed == request.profile.seed,
    }


def _check(request: Request, folder: Path, truth: Path, starts_anew: bool) -> None:
    if request.until <= request.from_:
        raise ConfigurationError(f"--until {request.until} is not after --from {request.from_}")
    mark = truth / MARK
    if starts_anew:
        if folder.exists() and any(folder.iterdir()) and not mark.is_file():
            raise ConfigurationError(f"{folder} holds files that were not generated: choose another --out")
    elif not mark.is_file():
        raise ConfigurationError(f"there is no shop to go on with in {folder}: start at {request.profile.start}")
    elif (made := json.loads(mark.read_text(encoding="utf-8"))) != _identity(request):
        raise ConfigurationError(f"{folder} holds another shop ({made}): give the same profile, seed and scale")
