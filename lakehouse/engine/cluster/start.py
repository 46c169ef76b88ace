"""A cluster is started: master, workers with folders of their own, history server, from the installed pyspark."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock, Timeout

from lakehouse.engine.cluster import ask, conf, marked
from lakehouse.engine.cluster.place import (
    SECRET_VARIABLE,
    Cluster,
    ClusterFailed,
    Page,
    Place,
    new_secret,
    write_closed,
)
from lakehouse.engine.cluster.ports import ADDRESS, first_free

_CLASS = "org.apache.spark.deploy"
_LONGEST_SECONDS = 300
"""A process that dies is seen at once; one that is slow is waited for."""
_SHOWN_LINES = 5


@dataclass(frozen=True)
class Wanted:
    """What a cluster is to be like. Ports are where the look for a free one begins."""

    workers: int = 2
    cores: int = 1
    memory: str = "1500m"
    port: int = 7077
    page_port: int = 8080
    history_port: int = 18080


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """One command at a time starts or ends a cluster. Raises ClusterFailed."""
    for folder in (place.folder, place.events, place.logs):
        folder.mkdir(parents=True, exist_ok=True)
    place.folder.chmod(0o700)
    try:
        with FileLock(place.folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise ClusterFailed(f"another command is starting or ending the cluster in {place.folder}") from None


def up(place: Place, wanted: Wanted) -> Cluster:
    """Starts a cluster and returns it once all of it answers; the one that is there where all of that does.

    Raises ClusterFailed, and leaves nothing running then.
    """
    with locked(place):
        if (there := place.read()) is not None:
            found = ask.state(there)
            if found.is_whole:
                return there
            if marked.marked(there.identity):
                gone = ", ".join(found.dead) or "the master, which does not answer"
                raise ClusterFailed(f"of the cluster in {place.folder} is gone: {gone}. `lakehouse cluster down` first")
        _clear(place)
        cluster = _planned(wanted)
        secret = new_secret()
        history = int(cluster.page("history").rpartition(":")[2])
        write_closed(place.daemon_conf, conf.as_properties(conf.daemon_conf(place, secret, history)))
        client = conf.client_conf(place, secret, wanted.memory, wanted.workers * wanted.cores)
        write_closed(place.client_conf, conf.as_properties(client))
        place.write(cluster)
        try:
            return _started(place, cluster, wanted)
        except BaseException:  # Ctrl-C too
            marked.end(cluster.identity)
            place.forget()
            raise


def down(place: Place) -> int:
    """Ends what `up` started, executors too. How many processes there were; 0 where no cluster runs."""
    with locked(place):
        there = place.read()
        ended = marked.end(there.identity) if there is not None else 0
        if there is not None and (left := marked.marked(there.identity)):
            raise ClusterFailed(f"processes {', '.join(map(str, sorted(left)))} do not end")
        place.forget()
        _clear(place)
        return ended


def _clear(place: Place) -> None:
    """What executors of an older cluster left: copies of JARs and code, spilled rows, their logs."""
    shutil.rmtree(place.folder / "work", ignore_errors=True)


def _planned(wanted: Wanted) -> Cluster:
    taken: set[int] = set()

    def port(first: int) -> int:
        found = first_free(first, taken)
        taken.add(found)
        return found

    master = f"spark://{ADDRESS}:{port(wanted.port)}"
    names = ["master", *(f"worker-{number}" for number in range(1, wanted.workers + 1))]
    pages = [Page(name, f"http://{ADDRESS}:{port(wanted.page_port)}") for name in names]
    pages.append(Page("history", f"http://{ADDRESS}:{port(wanted.history_port)}"))
    return Cluster(f"lakehouse-{secrets.token_hex(8)}", master, pages, {})


def _started(place: Place, cluster: Cluster, wanted: Wanted) -> Cluster:
    """The master first: a worker that finds none waits for many seconds before it asks again."""
    for page in cluster.pages:
        command = _command(place, cluster, wanted, page)
        cluster = replace(cluster, pids={**cluster.pids, page.name: _spawned(place, cluster, page.name, command)})
        place.write(cluster)
        if page.name == "master":
            _wait(place, cluster, "master")
    _wait(place, cluster, "history")
    if not marked.wait_until(lambda: _all_there(place, cluster, wanted), _LONGEST_SECONDS):
        raise ClusterFailed(f"not all workers came within {_LONGEST_SECONDS} seconds: see {place.logs}")
    return cluster


def _command(place: Place, cluster: Cluster, wanted: Wanted, page: Page) -> list[str]:
    port = page.address.rpartition(":")[2]
    common = ["--properties-file", str(place.daemon_conf)]
    match page.name:
        case "history":
            return [f"{_CLASS}.history.HistoryServer", *common]
        case "master":
            at = cluster.master.rpartition(":")[2]
            return [f"{_CLASS}.master.Master", "--host", ADDRESS, "--port", at, "--webui-port", port, *common]
    size = ["--cores", str(wanted.cores), "--memory", wanted.memory, "--work-dir", str(place.work(page.name))]
    return [f"{_CLASS}.worker.Worker", "--host", ADDRESS, "--webui-port", port, *size, *common, cluster.master]


def _spawned(place: Place, cluster: Cluster, name: str, command: Sequence[str]) -> int:
    """Starts a process that outlives this one, and the terminal; its output goes to a log of its own."""
    home = spark_home()
    with (place.logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command],
            cwd=place.folder,
            env=_environment(os.environ, cluster.identity, home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return process.pid


def _environment(own: Mapping[str, str], identity: str, home: Path) -> dict[str, str]:
    """Nothing of another Spark's, and no secret: who may read a process's environment is not for us to say."""
    kept = {name: value for name, value in own.items() if not name.startswith(("SPARK_", "PYSPARK_"))}
    kept.pop(SECRET_VARIABLE, None)
    # Executors run the Python that drivers name, which within spark-submit is python3: this one, with its packages.
    path = os.pathsep.join(filter(None, [str(Path(sys.executable).parent), own.get("PATH", "")]))
    return kept | {
        "PATH": path,
        marked.VARIABLE: identity,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": ADDRESS,
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC",
        "PYSPARK_PYTHON": sys.executable,
    }


def spark_home() -> Path:
    """The folder of the pyspark that is installed, whose `bin` has spark-class."""
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _wait(place: Place, cluster: Cluster, name: str) -> None:
    def answers() -> bool:
        _refuse_dead(place, cluster)
        return ask.answer(f"{cluster.page(name)}/") is not None

    if not marked.wait_until(answers, _LONGEST_SECONDS):
        raise ClusterFailed(f"{name} did not answer within {_LONGEST_SECONDS} seconds: see {place.logs / name}.log")


def _all_there(place: Place, cluster: Cluster, wanted: Wanted) -> bool:
    _refuse_dead(place, cluster)
    found = ask.state(cluster)
    return found.is_whole and found.workers == wanted.workers


def _refuse_dead(place: Place, cluster: Cluster) -> None:
    alive = marked.marked(cluster.identity)
    for name, pid in cluster.pids.items():
        if pid not in alive and not marked.runs(pid):
            log = place.logs / f"{name}.log"
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_SHOWN_LINES:]
            raise ClusterFailed("\n".join([f"{name} ended at once; the end of {log}:", *last]))
