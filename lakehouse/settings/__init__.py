"""Everything that can be set: conf/ and the environment, read here and nowhere else."""

from lakehouse.settings.calendar import Calendar
from lakehouse.settings.general import (
    Archives,
    ConfigurationError,
    CountryNames,
    Settings,
    conf_dir,
    country_names,
    fingerprint,
    load_settings,
    read_toml,
    source_names,
    whose_conf,
)
from lakehouse.settings.section import Section

__all__ = [
    "Archives",
    "Calendar",
    "ConfigurationError",
    "CountryNames",
    "Section",
    "Settings",
    "conf_dir",
    "country_names",
    "fingerprint",
    "load_settings",
    "read_toml",
    "source_names",
    "whose_conf",
]
