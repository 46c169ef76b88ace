"""The packages of the extra `ml`: imported where they are needed, for they take seconds, and missing in words."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

PACKAGES = ("mlflow", "sklearn", "xgboost", "skops", "statsforecast", "hierarchicalforecast")


class ExtraMissing(Exception):
    """A package of the extra `ml` is not installed; the message says what to install. Exit code 2."""

    exit_code = 2


def missing_packages() -> list[str]:
    """Names of the packages of the extra that cannot be imported here."""
    return [name for name in PACKAGES if find_spec(name) is None]


def needs_extra() -> None:
    """Raises ExtraMissing where any of the packages is not there."""
    if missing := missing_packages():
        raise ExtraMissing(what_is_missing(missing))


def what_is_missing(packages: Sequence[str]) -> str:
    """In words, with what to do about it."""
    return f"models need {', '.join(packages)}: pip install 'ecommerce-lakehouse[ml]' (in a checkout: make setup)"
