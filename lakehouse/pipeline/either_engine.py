"""What Sail stops at, Spark does: where nobody chose between them, and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from pyspark.errors import PySparkException

from lakehouse.engine.choose import fitting
from lakehouse.engine.model import EngineUnavailable
from lakehouse.engine.spark.java import why_no_java
from lakehouse.pipeline.sizes import megabytes_of, most_for_sail
from lakehouse.settings import Settings
from lakehouse.sources.mapping.refuse import ExpressionsRefused
from lakehouse.terminal import Terminal, visible_lines

P = ParamSpec("P")
R = TypeVar("R")


def by_either_engine(work: Callable[P, R], megabytes: Callable[[Settings], float] = megabytes_of) -> Callable[P, R]:
    """Work that is given settings and opens a lake, done by the engine that fits. Where `auto` took Sail and Sail
    stops, Spark does it again: work that did not end leaves nothing that the next does not put right.

    What was loaded before stays in bronze, each file once; silver and gold start from what is published.
    `megabytes` tells how much there is to do.
    """

    @wraps(work)
    def done(*arguments: P.args, **options: P.kwargs) -> R:
        settings = next(one for one in arguments if isinstance(one, Settings))
        size = megabytes(settings) if settings.engine == "auto" else 0
        engine = fitting(settings.engine, settings.spark.master, size, most_for_sail(settings))
        if settings.engine == "auto" and engine == "spark" and why_no_java():
            engine = fitting(settings.engine, settings.spark.master, 0, 0)  # whatever the size: nothing else is there

        def by(name: Literal["spark", "sail"]) -> R:
            chosen = settings.model_copy(update={"engine": name})
            return work(*(chosen if one is settings else one for one in arguments), **options)  # type: ignore[arg-type]

        if engine == "spark":
            return by("spark")
        try:
            return by("sail")
        except Exception as error:
            if (why := _stopped(error)) is None:
                raise
            if settings.engine != "auto":
                error.add_note("Sail went no further: --engine spark may")
                raise
            _require_java(error)
        Terminal(stderr=True, highlight=False).print(visible_lines(f"{why}\nSail went no further: again, by Spark"))
        return by("spark")

    return done


def the_other(settings: Settings) -> Literal["spark", "sail"]:
    """The engine that would not have been taken, where it is there; else the same."""
    taken = fitting(settings.engine, settings.spark.master, megabytes_of(settings), most_for_sail(settings))
    if taken == "sail":
        return "sail" if why_no_java() else "spark"
    return fitting("auto", settings.spark.master, 0, 0)


def _require_java(error: Exception) -> None:
    """Raises the error again, with what is missing, where Spark cannot start."""
    if missing := why_no_java():
        error.add_note(f"Sail went no further, and Spark cannot start: {missing}")
        raise error from error.__cause__


def _stopped(error: BaseException) -> str | None:
    """Why Sail went no further, without values of rows; None where something else stopped the work."""
    for one in _with_causes(error):
        if isinstance(one, ExpressionsRefused | EngineUnavailable):
            return str(one)
        if isinstance(one, PySparkException):
            return type(one).__name__
    return None


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
