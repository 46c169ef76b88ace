"""Where MLflow keeps experiments, runs and models, and a quiet client of it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lakehouse.settings import Settings
from ml.extras import needs_extra
from ml.training import Problem

if TYPE_CHECKING:
    from mlflow import MlflowClient

_SERVERS = ("http", "https", "databricks", "databricks-uc", "uc")
_DEFAULT = "MLFLOW_TRACKING_URI"
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_PRINT_MODEL_URLS_ON_CREATION": "false",
    "MLFLOW_CONFIGURE_LOGGING": "false",
    "MLFLOW_RECORD_ENV_VARS_IN_MODEL_LOGGING": "false",
}
"""What MLflow reads of the environment: nothing about us leaves the machine, and the terminal is ours."""


class StoreUnreachable(Exception):
    """MLflow's store cannot be opened; the message says which and why. Exit code 2."""

    exit_code = 2


@dataclass(frozen=True)
class Store:
    """A place where MLflow keeps what it knows."""

    uri: str
    """As MLflow takes it: sqlite:///… or the address of a server."""
    artifacts: str
    """file:// address of the folder of files; empty where a server decides."""

    @property
    def is_server(self) -> bool:
        return is_server(self.uri)

    def client(self) -> MlflowClient:
        """A client of this store, which is made where it is not there yet. Takes seconds the first time.

        Raises ExtraMissing, and StoreUnreachable where it cannot be opened.
        """
        quiet_mlflow()
        from mlflow import MlflowClient

        if self.uri.startswith("sqlite:"):
            Path(self.uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        try:
            client = MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)
            client.search_experiments(max_results=1)
        except Exception as error:
            why = without_password(str(error), self.uri)
            raise StoreUnreachable(f"MLflow's store {shown(self.uri)} cannot be opened: {why}") from error
        return client

    def experiment(self, client: MlflowClient, problem: Problem) -> str:
        """The id of the problem's experiment, which is made where it is not there yet."""
        if found := client.get_experiment_by_name(problem):
            return str(found.experiment_id)
        # Without a location of their own the files of a database's experiments land in the working folder.
        location = f"{self.artifacts}/{problem}" if self.artifacts else None
        return str(client.create_experiment(problem, artifact_location=location))

    @contextmanager
    def as_default(self) -> Iterator[None]:
        """For the few calls in which MLflow makes a client of its own, which else writes into the working folder."""
        import mlflow

        before = os.environ.get(_DEFAULT)
        mlflow.set_tracking_uri(self.uri)
        try:
            yield
        finally:
            mlflow.set_tracking_uri(before)  # type: ignore[arg-type]  # None takes it away


def store_of(settings: Settings) -> Store:
    """The store of a lake: what `models.tracking_uri` says, else an SQLite file in the lake's folder mlflow/."""
    folder = settings.lake.resolve() / "mlflow"
    uri = settings.models.tracking_uri or f"sqlite:///{folder / 'mlflow.db'}"
    return Store(uri, "" if is_server(uri) else (folder / "artifacts").as_uri())


def is_server(uri: str) -> bool:
    """Whether a server answers there, which decides itself where files go."""
    return urlsplit(uri).scheme in _SERVERS or uri in _SERVERS


def shown(uri: str) -> str:
    """The address without a password that it may hold."""
    return without_password(uri, uri)


def without_password(text: str, uri: str) -> str:
    """A text that may quote the address, without its password."""
    password = urlsplit(uri).password
    return text.replace(f":{password}@", ":***@") if password else text


def quiet_mlflow() -> None:
    """Imports MLflow so that it sends nothing and says nothing. Raises ExtraMissing."""
    needs_extra()
    if "mlflow" not in sys.modules:
        os.environ.update(QUIET)
        import mlflow  # noqa: F401
    for name in ("mlflow", "alembic", "sqlalchemy.engine"):
        logging.getLogger(name).setLevel(logging.ERROR)
