"""The services of the compose file as processes of the entry script: they start and talk to each other."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.docker.listening import listening
from tests.docs.pages import ROOT
from tests.export.postgres.server import NO_SERVER, PASSWORD, programs
from tests.export.postgres.server import running as postgres_running

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
ENTRYPOINT = str(ROOT / "docker" / "entrypoint")
SECRET = "a-secret-of-the-tests-alone"
READY_SECONDS = 600
PORTS = ("master", "cluster", "worker-1", "worker-2", "history", "mlflow", "dashboard")
ROLES = {"worker-1": "worker", "worker-2": "worker", "history": "history", "mlflow": "mlflow"}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Services:
    """What runs, and the folder of all of them; each has a temporary folder of its own, as a container has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.ports = {name: free_port() for name in PORTS}
        (folder / "secret").write_text(SECRET)
        (folder / "secret").chmod(0o600)
        for name in ("lake", "landing", "events", "mlflow"):
            (folder / name).mkdir()

    def environment(self, name: str) -> dict[str, str]:
        own = self.folder / name
        (own / "tmp").mkdir(parents=True, exist_ok=True)
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("SPARK_", "LAKEHOUSE_"))}
        return clean | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TMPDIR": str(own / "tmp"),
            "BIND_ADDRESS": "127.0.0.1", "SPARK_HOST": "127.0.0.1", "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DRIVER_HOST": "127.0.0.1", "SPARK_MASTER_PORT": str(self.ports["cluster"]),
            "LAKEHOUSE_SPARK__MASTER": f"spark://127.0.0.1:{self.ports['cluster']}",
            "SPARK_AUTH_SECRET_FILE": str(self.folder / "secret"), "SPARK_EVENTS": str(self.folder / "events"),
            "SPARK_WORK": str(own / "work"), "SPARK_MEMORY": "1500m", "LAKEHOUSE_SPARK__DRIVER_MEMORY": "2g",
            "MLFLOW_DATA": str(self.folder / "mlflow"), "LAKEHOUSE_MODELS__ENABLED": "false",
            "LAKEHOUSE_LAKE": str(self.folder / "lake"), "LAKEHOUSE_LANDING": str(self.folder / "landing"),
            "PORT": str(self.ports.get(name, "")),
        }  # fmt: skip

    def start(self, name: str, role: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [ENTRYPOINT, role], cwd=ROOT, env=self.environment(name), stdout=log, stderr=log, start_new_session=True
            )

    def job(self, *words: str, **more: str) -> str:
        done = subprocess.run(
            [ENTRYPOINT, *words],
            cwd=ROOT,
            env=self.environment("job") | more,
            capture_output=True,
            text=True,
            timeout=1200,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def healthy(self, name: str) -> bool:
        done = subprocess.run([ENTRYPOINT, "healthy"], cwd=ROOT, env=self.environment(name), capture_output=True)
        return done.returncode == 0

    def wait_until_healthy(self, *names: str) -> None:
        for name in names:
            deadline = time.monotonic() + READY_SECONDS
            answers_at = self.folder / name / "tmp" / "lakehouse" / "answers_at"
            while not answers_at.exists() or not self.healthy(name):
                words = (self.folder / f"{name}.log").read_text(errors="replace")
                assert self.processes[name].poll() is None, words[-3000:]
                assert time.monotonic() < deadline, f"{name} does not answer: {words[-3000:]}"
                time.sleep(1)

    def json(self, name: str, path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=10) as answer:
            return json.load(answer)

    def end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes.values():
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, number)
            for process in self.processes.values():
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=15)


@contextmanager
def _running(folder: Path) -> Iterator[Services]:
    services = Services(folder)
    try:
        services.start("master", "master")
        services.wait_until_healthy("master")
        for name, role in ROLES.items():
            services.start(name, role)
        services.wait_until_healthy("worker-1", "worker-2", "history", "mlflow")
        yield services
    finally:
        services.end()


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with _running(tmp_path_factory.mktemp("services")) as found:
        yield found


def answers(url: str, host: str) -> int:
    try:
        with urlopen(Request(url, headers={"Host": host}), timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_the_secret_is_in_no_command_line(services: Services) -> None:
    for name, process in services.processes.items():
        words = Path(f"/proc/{process.pid}/cmdline").read_text(errors="replace")
        assert words, name
        assert SECRET not in words


def test_nothing_listens_to_other_machines_and_the_rest_server_is_off(services: Services) -> None:
    for name in ("master", "worker-1", "history", "mlflow"):
        found = listening(services.processes[name].pid)
        assert services.ports[name] in {port for _, port in found}, name
        assert all(address.is_loopback for address, _ in found), (name, found)
    assert "Started REST server" not in (services.folder / "master.log").read_text(errors="replace")


def test_mlflow_refuses_a_host_that_is_not_its_own(services: Services) -> None:
    url = f"http://127.0.0.1:{services.ports['mlflow']}/api/2.0/mlflow/experiments/search?max_results=1"
    assert answers(url, f"localhost:{services.ports['mlflow']}") == 200
    assert answers(url, "evil.example.org") == 403


def test_a_shop_goes_through_the_cluster_to_dashboard_and_postgresql(services: Services) -> None:
    assert len([one for one in services.json("master", "/json/")["workers"] if one["state"] == "ALIVE"]) == 2
    services.job("generate", "--profile", "tiny", LAKEHOUSE_SPARK__MASTER="local[2]")
    services.job("run", "--source", "shop", "--as-of", "2024-12-01")
    [row] = json.loads(services.job("sql", "--format", "json", "SELECT count(*) AS lines FROM gold.fact_sales"))
    assert row["lines"] > 0
    _both_executors_worked(services)
    services.start("dashboard", "dashboard")
    services.wait_until_healthy("dashboard")
    if (folder := programs()) is None:
        pytest.skip(NO_SERVER)
    with postgres_running(folder) as server:
        (services.folder / "password").write_text(PASSWORD)
        words = services.job(
            "export", "--postgres", server.address("postgres"), PGPASSWORD_FILE=str(services.folder / "password")
        )
    assert "gold holds publication 1" in words


def _both_executors_worked(services: Services) -> None:
    """The page of the history server, some seconds after the end of the run."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with suppress(OSError):  # it reads the log of events, and may be slow to answer
            for application in services.json("history", "/api/v1/applications?status=completed"):
                executors = services.json("history", f"/api/v1/applications/{application['id']}/allexecutors")
                if {one["id"] for one in executors if one["id"] != "driver" and one["completedTasks"]} == {"0", "1"}:
                    return
        time.sleep(2)
    pytest.fail("the history server does not show an application on which two executors worked")


@pytest.mark.parametrize("name", ["history", "mlflow"])
def test_a_service_that_has_ended_is_not_healthy(services: Services, name: str) -> None:
    assert services.healthy(name)
    os.killpg(services.processes[name].pid, signal.SIGKILL)
    services.processes[name].wait(timeout=15)
    assert not services.healthy(name)


def test_an_executor_of_kubernetes_takes_its_wishes_from_the_environment(services: Services) -> None:
    wishes = {
        "SPARK_DRIVER_URL": "spark://CoarseGrainedScheduler@127.0.0.1:1", "SPARK_EXECUTOR_ID": "7",
        "SPARK_EXECUTOR_CORES": "1", "SPARK_EXECUTOR_MEMORY": "512m", "SPARK_APPLICATION_ID": "app-of-tests",
        "SPARK_EXECUTOR_POD_IP": "127.0.0.1", "SPARK_RESOURCE_PROFILE_ID": "0",
        "SPARK_EXECUTOR_POD_NAME": "pod-of-tests", "SPARK_JAVA_OPT_0": "-Dspark.rpc.numRetries=1",
        "SPARK_JAVA_OPT_1": "-Dof.tests=true",
    }  # fmt: skip
    done = subprocess.run(
        [ENTRYPOINT, "executor"], cwd=ROOT, env=services.environment("job") | wishes, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode != 0
    # There is no driver at that port: the executor's own program says that it cannot reach it.
    assert "KubernetesExecutorBackend" in done.stderr
    assert "/127.0.0.1:1" in done.stderr
