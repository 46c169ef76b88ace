"""What `up` and `down` make of what they find. Real clusters are started in tests/journeys/test_cluster.py."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from filelock import FileLock

from lakehouse.engine.cluster import marked
from lakehouse.engine.cluster.ask import State, state
from lakehouse.engine.cluster.place import SECRET_VARIABLE, Cluster, ClusterFailed, Page, Place
from lakehouse.engine.cluster.ports import NoPort
from lakehouse.engine.cluster.start import Wanted, _environment, _planned, _refuse_dead, down, up

# Nobody listens on port 1.
NOWHERE = [Page(name, "http://127.0.0.1:1") for name in ("master", "worker-1")]


def cluster(**pids: int) -> Cluster:
    identity = f"lakehouse-test-{os.getpid()}-{time.monotonic_ns()}"
    return Cluster(identity, "spark://127.0.0.1:1", NOWHERE, pids or {"master": 1, "worker-1": 2})


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return Place(tmp_path / "cluster")


@pytest.fixture
def half(at: Place) -> Iterator[tuple[Cluster, subprocess.Popen[bytes]]]:
    """A cluster whose worker lives; its master's number belongs to a process of somebody else."""
    named = cluster()
    process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], env=os.environ | {marked.VARIABLE: named.identity}
    )
    there = Cluster(named.identity, named.master, NOWHERE, {"master": os.getpid(), "worker-1": process.pid})
    at.folder.mkdir()
    at.write(there)
    marked.wait_until(lambda: marked.marked(there.identity) == {process.pid}, 10)
    yield there, process
    process.kill()
    process.wait()


def test_a_number_that_is_another_process_by_now_counts_for_dead(half: tuple[Cluster, object]) -> None:
    assert state(half[0]) == State(("master",), False, 0, 0, 0, ())


def test_down_ends_what_is_the_clusters_and_leaves_no_secret(
    at: Place, half: tuple[Cluster, subprocess.Popen[bytes]]
) -> None:
    at.client_conf.write_text("secret")
    at.work("worker-1").mkdir(parents=True)
    assert down(at) == 1
    assert half[1].wait(10) < 0
    assert sorted(path.name for path in at.folder.iterdir()) == [".lock", "events", "logs"]
    assert down(at) == 0


def test_up_over_half_a_cluster_says_what_is_gone_and_starts_nothing(
    at: Place, half: tuple[Cluster, subprocess.Popen[bytes]]
) -> None:
    with pytest.raises(ClusterFailed, match=r"is gone: master\. `lakehouse cluster down` first"):
        up(at, Wanted())
    assert at.read() == half[0]
    assert half[1].poll() is None


def test_a_record_of_processes_that_are_no_more_is_no_cluster(at: Place) -> None:
    at.folder.mkdir()
    at.write(cluster())
    assert down(at) == 0
    assert at.read() is None


def test_one_command_at_a_time(at: Place) -> None:
    at.folder.mkdir()
    with FileLock(at.folder / ".lock"):
        for command in (lambda: up(at, Wanted()), lambda: down(at)):
            with pytest.raises(ClusterFailed, match="another command is starting or ending"):
                command()


def test_what_cannot_start_leaves_no_process_and_no_secret(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(at.folder))
    with pytest.raises(ClusterFailed, match=r"(?s)master ended at once; the end of .*master.log:\n.*java"):
        up(at, Wanted())
    assert sorted(path.name for path in at.folder.iterdir()) == [".lock", "events", "logs"]


def test_a_process_whose_environment_cannot_be_read_yet_has_not_ended(at: Place) -> None:
    """As for a moment while it becomes another program."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    at.logs.mkdir(parents=True)
    for pid, has_ended in ((os.getpid(), False), (ended.pid, True)):
        (at.logs / "master.log").write_text("last words")
        with pytest.raises(ClusterFailed, match="last words") if has_ended else nullcontext():
            _refuse_dead(at, Cluster("lakehouse-of-nobody", "spark://127.0.0.1:1", NOWHERE, {"master": pid}))


def test_no_two_processes_are_given_the_same_port() -> None:
    planned = _planned(Wanted(workers=3, port=28080, page_port=28080, history_port=28080))
    ports = [planned.master.rpartition(":")[2], *(page.address.rpartition(":")[2] for page in planned.pages)]
    assert len(set(ports)) == 6
    assert [page.name for page in planned.pages] == ["master", "worker-1", "worker-2", "worker-3", "history"]
    with pytest.raises(NoPort):
        _planned(Wanted(port=65535, page_port=65535))


def test_processes_inherit_no_secret_and_nothing_of_another_spark() -> None:
    own = {"PATH": "/bin", SECRET_VARIABLE: "s", "SPARK_CONF_DIR": "/x", "PYSPARK_SUBMIT_ARGS": "y"}
    given = _environment(own, "lakehouse-1", Path("/spark"))
    assert given["PATH"] == f"{Path(sys.executable).parent}:/bin"
    assert given["SPARK_LOCAL_IP"] == "127.0.0.1"
    assert given[marked.VARIABLE] == "lakehouse-1"
    assert not {SECRET_VARIABLE, "SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS"} & set(given)
