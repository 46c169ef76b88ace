"""Where a cluster is kept: its folder, the files in it, and the secret that who works with it must know.

Which folder and which secret are asked of the environment here, as a driver finds them before it has any settings.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

SECRET_VARIABLE = "LAKEHOUSE_CLUSTER_SECRET"
FOLDER_VARIABLE = "LAKEHOUSE_CLUSTER"
SECRET = "spark.authenticate.secret"
LEAST_SECRET = 16
"""Characters of a secret of one's own."""


class ClusterFailed(Exception):
    """The cluster could not be started, asked or ended; the message says why. Exit code 1."""

    exit_code = 1


class SecretTooShort(Exception):
    """The secret of the environment could be guessed. Exit code 2."""

    exit_code = 2


@dataclass(frozen=True)
class Page:
    """A process of the cluster, by the address of its page."""

    name: str
    address: str


@dataclass(frozen=True)
class Cluster:
    """A cluster that was started, as its folder tells of it."""

    identity: str
    """In the environment of each of its processes, and of no other."""
    master: str
    """What drivers are given: spark://…"""
    pages: Sequence[Page]
    """Of the master, the workers and the history server."""
    pids: Mapping[str, int]
    """Name -> process as it was started."""

    @property
    def workers(self) -> int:
        return sum(name.startswith("worker") for name in self.pids)

    def page(self, name: str) -> str:
        """The address of the page of a process."""
        return next(page.address for page in self.pages if page.name == name)


@dataclass(frozen=True)
class Place:
    """The folder of a cluster."""

    folder: Path

    @property
    def record(self) -> Path:
        return self.folder / "cluster.json"

    @property
    def daemon_conf(self) -> Path:
        """Settings of master, workers and history server. It holds the secret."""
        return self.folder / "daemon.conf"

    @property
    def client_conf(self) -> Path:
        """Settings of drivers, for spark-submit --properties-file. It holds the secret."""
        return self.folder / "client.conf"

    @property
    def events(self) -> Path:
        return self.folder / "events"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def work(self, name: str) -> Path:
        """The folder of a worker: its executors' logs, and what drivers sent them."""
        return self.folder / "work" / name

    def read(self) -> Cluster | None:
        """The cluster that was started here; None where none was, or where the record is cut short."""
        try:
            said = json.loads(self.record.read_text(encoding="utf-8"))
            return Cluster(said["identity"], said["master"], [Page(**one) for one in said["pages"]], said["pids"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, cluster: Cluster) -> None:
        write_closed(self.record, json.dumps(asdict(cluster), indent=1) + "\n")

    def forget(self) -> None:
        """Takes away what holds for a cluster that runs. Logs and the history of runs stay."""
        for path in (self.record, self.daemon_conf, self.client_conf):
            path.unlink(missing_ok=True)


def place(folder: Path | None = None) -> Place:
    """The folder that is given, else `LAKEHOUSE_CLUSTER`, else a folder of the user, never of where one stands."""
    if folder is None and (named := os.environ.get(FOLDER_VARIABLE)):
        folder = Path(named)
    if folder is None:
        state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        folder = state / "lakehouse" / "cluster"
    return Place(folder.resolve())


def write_closed(path: Path, text: str) -> None:
    """Whole or not at all, for the owner alone: mode 600 from its first byte on."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)


def own_secret() -> str | None:
    """The secret that the environment names. Raises SecretTooShort."""
    secret = os.environ.get(SECRET_VARIABLE)
    if secret is not None and (len(secret) < LEAST_SECRET or secret != secret.strip() or not secret.isprintable()):
        raise SecretTooShort(
            f"{SECRET_VARIABLE}: at least {LEAST_SECRET} characters on one line, as `openssl rand -hex 32` gives them"
        )
    return secret


def new_secret() -> str:
    """The secret of a cluster that is started now. Raises SecretTooShort."""
    return own_secret() or secrets.token_hex(32)
