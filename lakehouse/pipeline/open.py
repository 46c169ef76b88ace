"""A run is opened: the lake's lease taken, the engine started, sources chosen and looked at."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession

from lakehouse.delta.unwritable import writing_to
from lakehouse.engine.choose import chosen, opened
from lakehouse.engine.model import Engine
from lakehouse.engine.spark.session import spark_session
from lakehouse.lake import Lake
from lakehouse.lake.intact import refuse_damaged, set_aside
from lakehouse.lake.lease import lease
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.parts import Parts
from lakehouse.pipeline.run import Clock, Run, utc_now
from lakehouse.pipeline.sizes import rows_behind
from lakehouse.pipeline.standing import telling_what_stands
from lakehouse.pipeline.wanted import left_out, wanted
from lakehouse.settings import Settings, conf_dir
from lakehouse.settings.modes import close_to_others, narrowed
from lakehouse.sources.mapping.refuse import refuse

CHECKPOINTS = ".checkpoints"
"""Where in the lake a run keeps rows: those that an executor of a cluster must not take along, and all that Sail holds.
A run that was killed leaves them to the next one."""


@contextmanager
def open_lake(settings: Settings, *, rebuild: bool = False, now: Clock = utc_now) -> Iterator[tuple[Lake, Events]]:
    """Holds the lake's lease, starts the engine and gives the lake with the voice of one run. Raises LakeBusy and
    LakeUnwritable; where the lease is taken away meanwhile, what writes raises LeaseLost."""
    run_id = f"{now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    umask = close_to_others(settings.files.open_to)
    name = chosen(settings.engine, settings.spark.master)
    with (
        lease(settings.lake) as held,
        _voice(settings.lake, run_id) as events,
        telling_what_stands(settings.lake, run_id),
    ):
        if narrowed(settings.lake, settings.landing, umask):
            events.say(f"{settings.lake} is closed to others now, as [files] open_to has it")
        events.emit("configuration", folder=str(conf_dir()))
        with events.stage("start", name.capitalize()):
            engine = _engine(settings, umask)
        as_of = settings.as_of or now().date()
        lake = Lake(engine.session, settings.lake, run_id=run_id, as_of=as_of, rebuild=rebuild, rows_behind=rows_behind)
        lake.held = held
        with engine.watched():
            try:
                yield lake, events
            finally:
                lake.release()
                engine.close()
                shutil.rmtree(settings.lake.resolve() / CHECKPOINTS, ignore_errors=True)


def _engine(settings: Settings, umask: int) -> Engine:
    lake = settings.lake.resolve()

    def spark() -> SparkSession:
        return spark_session(
            "lakehouse",
            master=settings.spark.master,
            driver_memory=settings.spark.driver_memory,
            log_file=lake / "logs" / "spark.log",
            umask=umask,
            checkpoints=lake / CHECKPOINTS,
        )

    return opened(settings.engine, settings.spark.master, spark, lake / CHECKPOINTS)


def _voice(lake: Path, run_id: str) -> Events:
    with writing_to(lake):
        return Events(lake, run_id)


@contextmanager
def open_run(
    settings: Settings,
    parts: Parts,
    names: Iterable[str] = (),
    *,
    rebuild: bool = False,
    loads: bool = False,
    tells_of_others: bool = True,
    now: Clock = utc_now,
) -> Iterator[Run]:
    """A run over the named sources, or over all that there is anything of; with `loads` one that takes in files.
    Sources that cannot be worked with, and that do not matter to it, are named where it `tells_of_others`.

    Raises ConfigurationError where a source cannot be worked with, see lakehouse.pipeline.wanted, or may not be:
    nothing of it was evaluated then. Raises Damaged where a published table is not what was published; a rebuild sets
    it aside instead.
    """
    if not rebuild:
        refuse_damaged(settings.lake.resolve())
    sources, broken = wanted(settings, list(names), loads=loads)
    with open_lake(settings, rebuild=rebuild, now=now) as (lake, events):
        if rebuild and (aside := set_aside(lake)):
            events.say(f"damaged, set aside below {settings.lake}/damaged, made anew: {', '.join(aside)}")
        for one in broken if tells_of_others else ():
            events.say(left_out(one))
        for source in sources:  # Also one that was published: nobody knows who wrote this lake.
            refuse(lake.spark, source)
        yield Run(lake, settings, parts, sources, events, now)
