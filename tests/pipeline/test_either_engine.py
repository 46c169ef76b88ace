"""What is done again by Spark, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.errors import PySparkException

from lakehouse.engine.model import EngineUnavailable
from lakehouse.pipeline.either_engine import by_either_engine, the_other
from lakehouse.pipeline.sizes import megabytes_of
from lakehouse.settings import ConfigurationError, Settings, load_settings
from lakehouse.sources.mapping.refuse import ExpressionsRefused
from tests.fake_java import a_java


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    monkeypatch.setenv("JAVA_HOME", str(a_java(tmp_path / "java", 'openjdk version "17"')))
    return load_settings(lake=tmp_path / "lake", landing=tmp_path / "landing", engine="auto")


class Work:
    """Notes the engines that it was done by; Sail stops it by an error, if there is one."""

    def __init__(self, error: BaseException | None) -> None:
        self.error, self.engines = error, list[str]()

    def __call__(self, settings: Settings, word: str) -> str:
        self.engines.append(settings.engine)
        if settings.engine == "sail" and self.error:
            raise self.error
        return f"{word} by {settings.engine}"


def caused(by: Exception) -> Exception:
    error = RuntimeError("a stage failed")
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    "error",
    [
        PySparkException("rows"),
        ExpressionsRefused("feeds.x"),
        caused(PySparkException("rows")),
        EngineUnavailable("2 others are connected"),
    ],
)
def test_what_sail_stops_at_is_done_by_spark(
    settings: Settings, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    work = Work(error)
    assert by_either_engine(work)(settings, "done") == "done by spark"
    assert work.engines == ["sail", "spark"]
    assert capsys.readouterr().err.count("again, by Spark") == 1


def test_values_of_rows_are_not_told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    by_either_engine(Work(PySparkException("cannot cast jane@example.org")))(settings, "done")
    assert "jane" not in capsys.readouterr().err


@pytest.mark.parametrize("error", [ConfigurationError("no such source"), ValueError("x"), KeyboardInterrupt()])
def test_what_else_stops_it_stays_the_end(settings: Settings, error: BaseException) -> None:
    work = Work(error)
    with pytest.raises(type(error)):
        by_either_engine(work)(settings, "done")
    assert work.engines == ["sail"]


@pytest.mark.parametrize("engine", ["sail", "spark"])
def test_who_names_an_engine_gets_that_one_alone(settings: Settings, engine: str) -> None:
    work = Work(PySparkException("rows"))
    named = settings.model_copy(update={"engine": engine})
    if engine == "sail":
        with pytest.raises(PySparkException) as raised:
            by_either_engine(work)(named, "done")
        assert raised.value.__notes__ == ["Sail went no further: --engine spark may"]
    else:
        assert by_either_engine(work)(named, "done") == "done by spark"
    assert work.engines == [engine]


def test_without_java_the_error_says_what_would_help(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(settings.lake / "none"))
    work = Work(PySparkException("rows"))
    with pytest.raises(PySparkException) as raised:
        by_either_engine(work)(settings, "done")
    assert "Java 17 or newer is needed" in "".join(raised.value.__notes__)
    assert work.engines == ["sail"]


def test_a_method_is_done_so_too(settings: Settings) -> None:
    class Pipeline:
        @by_either_engine
        def run(self, settings: Settings, *, full: bool) -> tuple[str, bool]:
            return settings.engine, full

    assert Pipeline().run(settings, full=True) == ("sail", True)


def test_more_than_so_many_megabytes_are_sparks(settings: Settings) -> None:
    for place, size in (
        (settings.landing / "shop" / "2024", 300_000),
        (settings.lake / "bronze" / "shop_orders", 200_000),
    ):
        place.mkdir(parents=True)
        (place / "rows").write_bytes(b"x" * size)
    (settings.lake / "gold").mkdir()
    (settings.lake / "gold" / "rows").write_bytes(b"x" * 900_000)
    assert megabytes_of(settings) == 0.5
    for most, engine in ((0.5, "sail"), (0.4999, "spark")):
        sail = settings.sail.model_copy(update={"most_megabytes": most})
        work = Work(None)
        by_either_engine(work)(settings.model_copy(update={"sail": sail}), "done")
        assert work.engines == [engine]


def test_without_java_whatever_the_size_is_sails(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def much(_: Settings) -> float:
        return 1e9

    work = Work(None)
    assert by_either_engine(work, megabytes=much)(settings, "done") == "done by spark"
    monkeypatch.setenv("JAVA_HOME", str(settings.lake / "none"))
    assert by_either_engine(work, megabytes=much)(settings, "done") == "done by sail"
    named = settings.model_copy(update={"engine": "spark"})
    assert by_either_engine(work, megabytes=much)(named, "done") == "done by spark"


def test_nothing_lies_in_folders_that_are_not_there(settings: Settings) -> None:
    assert megabytes_of(settings) == 0


@pytest.mark.parametrize(("size", "engine"), [(0, "sail"), (1_000, "spark")])
def test_work_that_knows_how_large_it_is_says_so(settings: Settings, size: float, engine: str) -> None:
    work = Work(None)
    by_either_engine(work, lambda _: size)(settings, "done")
    assert work.engines == [engine]


def test_the_other_engine_is_the_one_that_would_not_have_been_taken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_engine(name: str) -> Settings:
        return settings.model_copy(update={"engine": name})

    monkeypatch.setattr("lakehouse.pipeline.either_engine.why_no_java", str)
    assert [the_other(with_engine(name)) for name in ("auto", "sail", "spark")] == ["spark", "spark", "sail"]
    monkeypatch.setattr("lakehouse.pipeline.either_engine.why_no_java", lambda: "there is no Java")
    assert [the_other(with_engine(name)) for name in ("auto", "sail", "spark")] == ["sail", "sail", "sail"]


def test_a_cluster_has_no_other_engine(settings: Settings) -> None:
    spark = settings.spark.model_copy(update={"master": "spark://127.0.0.1:7077"})
    assert the_other(settings.model_copy(update={"spark": spark, "engine": "spark"})) == "spark"
