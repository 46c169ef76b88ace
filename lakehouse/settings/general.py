"""The only reader of conf/ and of the environment."""

from __future__ import annotations

import atexit
import hashlib
import os
import shlex
import shutil
import tempfile
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from lakehouse.settings.calendar import Calendar, Day
from lakehouse.settings.marts import Analytics
from lakehouse.settings.models import Models
from lakehouse.settings.names import problems
from lakehouse.settings.place import place_of_a_lake
from lakehouse.settings.section import Section
from lakehouse.settings.trusted import why_foreign
from lakehouse.settings.words import said


class ConfigurationError(Exception):
    """The configuration is wrong; the message names file and place and says what to do. Exit code 2."""

    exit_code = 2


@cache
def conf_dir() -> Path:
    """The folder of configuration: `LAKEHOUSE_CONF`, else conf/ of the current folder, else of the checkout, else the
    copy in the wheel. Raises ConfigurationError where the current folder's is not the user's own.
    """
    named = os.environ.get("LAKEHOUSE_CONF")
    if named is not None:
        if not (Path(named) / "lakehouse.toml").is_file():
            raise ConfigurationError(f"LAKEHOUSE_CONF: there is no lakehouse.toml in {named!r}")
        return Path(named).resolve()
    here, of_code = Path.cwd() / "conf", Path(__file__).parents[2] / "conf"
    candidates: list[Traversable] = [here, of_code, files("lakehouse") / "_conf"]
    for folder in candidates:
        if (folder / "lakehouse.toml").is_file():
            if folder == here and here.resolve() != of_code.resolve() and (why := why_foreign(here.resolve())):
                named = f"LAKEHOUSE_CONF={shlex.quote(str(here))} uses it all the same"
                raise ConfigurationError(f"the configuration of the current folder is not used: {why}. {named}")
            return folder.resolve() if isinstance(folder, Path) else _unpacked(folder)
    raise ConfigurationError(f"no lakehouse.toml in any of {', '.join(map(str, candidates))}: set LAKEHOUSE_CONF")


def whose_conf() -> str:
    """Why `conf_dir()` is that folder, in words."""
    if "LAKEHOUSE_CONF" in os.environ:
        return "named by LAKEHOUSE_CONF"
    places = {Path(__file__).parents[2] / "conf": "of the checkout", Path.cwd() / "conf": "of the current folder"}
    whose = {place.resolve(): words for place, words in places.items()}
    return whose.get(conf_dir(), "of the package")


def _unpacked(folder: Traversable) -> Path:
    """A copy, until the process ends, of a folder within a wheel that Python imports as it is (--py-files)."""
    target = Path(tempfile.mkdtemp(prefix="lakehouse-conf-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)

    def unpack(source: Traversable, into: Path) -> None:
        into.mkdir(exist_ok=True)
        for one in source.iterdir():
            if one.is_dir():
                unpack(one, into / one.name)
            else:
                (into / one.name).write_bytes(one.read_bytes())

    unpack(folder, target)
    return target


def fingerprint(text: str) -> str:
    """A short name for a text that changes when the text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class SparkSettings(Section):
    """How the session is made where spark-submit does not say."""

    master: str = "local[*]"
    driver_memory: str = "4g"


class SailSettings(Section):
    """Up to what `auto` takes Sail."""

    most_megabytes: Annotated[float, Field(ge=0)] = 500
    """Of files in the landing zone and in bronze, together."""


class Archives(Section):
    """How much a zip archive may unpack to. One that goes beyond is refused before it is unpacked."""

    most_members: Annotated[int, Field(ge=1)] = 10_000
    most_bytes: Annotated[int, Field(ge=1)] = 100_000_000_000
    most_ratio: Annotated[int, Field(ge=1)] = 200
    """Unpacked bytes for each byte of the archive; not asked of what unpacks to less than 64 MiB."""


class ReportSettings(Section):
    """The executive report."""

    enabled: bool = True
    """Whether a run ends with it."""


class FileSettings(Section):
    """Who may read what is written: the lake, logs, reports, exports."""

    open_to: Literal["owner", "group", "everyone"] = "group"
    """At most; the user's own umask may say less."""


_MOST = 1e9
"""What is as good as no bound: neither DuckDB nor a timer takes infinity."""


class QuerySettings(Section):
    """What one `lakehouse sql` may use."""

    memory_gib: Annotated[float, Field(gt=0, le=_MOST)] = 4
    """Half of the machine's where that is less; what needs more spills to disk."""
    spill_gib: Annotated[float, Field(ge=0, le=_MOST)] = 20
    seconds: Annotated[float, Field(gt=0, le=_MOST)] = 600


class CountryNames(Section):
    """conf/countries.toml: what merchants write for a country besides what ISO 3166 knows."""

    aliases: dict[str, str]
    without_code: dict[str, str]
    nowhere: tuple[str, ...]
    fingerprint: str


class Settings(BaseSettings):
    """Everything that can be set: conf/lakehouse.toml, analytics.toml and models.toml, which may be missing; over these
    LAKEHOUSE_* from the environment, over it arguments."""

    model_config = SettingsConfigDict(
        env_prefix="LAKEHOUSE_", env_nested_delimiter="__", extra="ignore", frozen=True, toml_file=None
    )

    lake: Annotated[Path, AfterValidator(place_of_a_lake)] = Path("lake")
    landing: Path = Path("landing")
    as_of: Day | None = None
    """The day that the lake is seen from; today where nothing is said."""
    reporting_currency: str = Field("GBP", pattern="^[A-Z]{3}$")
    engine: Literal["auto", "spark", "sail"] = "auto"
    """What runs frames; auto is Sail on one machine, up to a size."""
    calendar: Calendar = Calendar()
    spark: SparkSettings = SparkSettings()
    sail: SailSettings = SailSettings()
    files: FileSettings = FileSettings()
    report: ReportSettings = ReportSettings()
    sql: QuerySettings = QuerySettings()
    archives: Archives = Archives()
    analytics: Analytics
    models: Models = Models()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, conf_dir() / "lakehouse.toml")
        analytics = InitSettingsSource(settings_cls, {"analytics": read_toml(conf_dir() / "analytics.toml")[0]})
        of_models = conf_dir() / "models.toml"
        models = InitSettingsSource(settings_cls, {"models": read_toml(of_models)[0]} if of_models.is_file() else {})
        return init_settings, env_settings, toml, analytics, models

    def gold_fingerprint(self) -> str:
        """Changes when a setting does that gold tables depend on."""
        parts = (self.reporting_currency, self.calendar.model_dump_json(), self.analytics.model_dump_json())
        return fingerprint(" ".join(parts))


def load_settings(**given: Any) -> Settings:
    """Settings with what the command line gives over all else; arguments that are None do not count.

    Raises ConfigurationError where a value does not fit, or a key or a variable is none that there is.
    """
    of_file = conf_dir() / "lakehouse.toml"
    if found := problems(os.environ, read_toml(of_file)[0], Settings.model_fields):
        raise ConfigurationError("\n".join(f"{of_file} or the environment: {one}" for one in found))
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        where = f"{conf_dir()}/lakehouse.toml, analytics.toml, models.toml or LAKEHOUSE_*"
        raise ConfigurationError("\n".join(f"{where}: {one}" for one in said(error))) from error


def source_names() -> list[str]:
    """The sources that conf/sources declares. Raises ConfigurationError where there is no such folder."""
    if not (folder := conf_dir() / "sources").is_dir():
        raise ConfigurationError(
            f"{folder}: there is no such folder, and so no source: make it, or mend LAKEHOUSE_CONF"
        )
    return sorted(path.stem for path in folder.glob("*.toml"))


def country_names() -> CountryNames:
    """What conf/countries.toml says. Raises ConfigurationError where it does not fit."""
    path = conf_dir() / "countries.toml"
    values, text_fingerprint = read_toml(path)
    try:
        return CountryNames(**values, fingerprint=text_fingerprint)
    except ValidationError as error:
        raise ConfigurationError("\n".join(f"{path}: {one}" for one in said(error))) from error


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """A TOML file as (values, fingerprint of its text). Raises ConfigurationError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text), fingerprint(text)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: there is no such file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
