"""What the compose file starts is closed by default, and fits the image that it starts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakehouse.world.generate import truth_folder
from tests.docs.pages import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
ENTRYPOINT = (ROOT / "docker" / "entrypoint").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "ecommerce-lakehouse" in one["image"]}
JOBS = {"generate", "pipeline", "export"}
each_service = pytest.mark.parametrize("name", SERVICES)


def test_the_parts_are_these() -> None:
    services = {"master", "worker-1", "worker-2", "history", "mlflow", "postgres", "dashboard"}
    assert set(SERVICES) == services | JOBS
    assert set(OURS) == set(SERVICES) - {"postgres"}
    assert {name for name, one in SERVICES.items() if "profiles" in one} == JOBS
    assert all("demo" in SERVICES[name]["profiles"] for name in JOBS)
    assert SERVICES["generate"]["profiles"] == ["demo"]


@each_service
def test_a_port_is_published_on_this_machine_alone(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@each_service
def test_a_part_has_no_rights_but_those_that_it_needs(name: str) -> None:
    one = SERVICES[name]
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert one["read_only"] is True
    assert "privileged" not in one
    assert one.get("user") == ("10001:10001" if name in OURS else None)
    assert "USER 10001:10001" in DOCKERFILE


@each_service
def test_a_part_has_limits_and_starts_again_where_it_is_no_job(name: str) -> None:
    one = SERVICES[name]
    assert {"mem_limit", "cpus", "pids_limit"} <= set(one)
    assert one["restart"] == ("no" if name in JOBS else "unless-stopped")


@each_service
def test_an_image_has_an_exact_version(name: str) -> None:
    version = SERVICES[name]["image"].removesuffix("}").rsplit(":", 1)[1]
    assert re.fullmatch(r"\d+\.\d+(\.\d+)?(-\w+)?", version)


@each_service
def test_a_secret_is_a_file_that_is_named_and_never_a_value(name: str) -> None:
    given = SERVICES[name].get("environment", {})
    files = {value.rsplit("/", 1)[1] for value in given.values() if str(value).startswith("/run/secrets/")}
    assert files <= set(SERVICES[name].get("secrets", []))
    assert not [key for key in given if re.search("SECRET|PASSWORD", key) and not key.endswith("_FILE")]


def test_secrets_have_no_default() -> None:
    assert COMPOSE["secrets"]
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("${SECRETS_FOLDER:?")


@pytest.mark.parametrize("name", ["master", "worker-1", "worker-2", "pipeline", "export"])
def test_a_part_of_the_cluster_has_the_secret(name: str) -> None:
    assert SERVICES[name]["environment"]["SPARK_AUTH_SECRET_FILE"] == "/run/secrets/spark_auth"


def test_the_dashboard_cannot_write_the_lake_and_cannot_speak_to_the_cluster() -> None:
    assert SERVICES["dashboard"]["volumes"] == ["lake:/data/lake:ro"]
    assert SERVICES["dashboard"]["networks"] == ["pages"]


def test_what_driver_and_executors_share_is_mounted_at_the_same_place() -> None:
    for name in ("pipeline", "worker-1", "worker-2"):
        assert {"lake:/data/lake", "landing:/data/landing"} <= set(SERVICES[name]["volumes"])
    works = [
        [one for one in SERVICES[name]["volumes"] if one.endswith(":/data/work")]
        for name in SERVICES
        if "worker" in name
    ]
    assert works == [["worker-1:/data/work"], ["worker-2:/data/work"]]


@pytest.mark.parametrize("name", OURS)
def test_a_volume_is_mounted_where_the_image_has_a_folder_of_its_user(name: str) -> None:
    [folders] = re.findall(r"install -d -o lakehouse -g lakehouse -m 750 (.*)$", DOCKERFILE, re.MULTILINE)
    places = {volume.split(":")[1] for volume in OURS[name].get("volumes", [])}
    assert places <= set(folders.split())


def test_what_generates_a_shop_can_write_files_and_their_truth() -> None:
    landing = Path(SERVICES["generate"]["command"][-1])
    places = {volume.split(":")[1] for volume in SERVICES["generate"]["volumes"]}
    assert {str(landing), str(truth_folder(landing))} <= places


def test_mlflow_answers_to_its_names_alone_and_runs_no_jobs() -> None:
    assert "mlflow:5000" in SERVICES["mlflow"]["environment"]["MLFLOW_HOSTS"].split(",")
    assert "*" not in SERVICES["mlflow"]["environment"]["MLFLOW_HOSTS"]
    assert "MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false" in ENTRYPOINT


@pytest.mark.parametrize("name", OURS)
def test_a_part_of_ours_is_a_role_of_the_entry_script_or_a_command(name: str) -> None:
    word = OURS[name]["command"][0]
    assert re.search(rf"^    {word}\)$", ENTRYPOINT, re.MULTILINE) or word in ("run", "generate", "export")


def test_the_image_and_the_makefile_agree_on_versions() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [wanted] = re.findall(r"^UV_VERSION := (\S+)$", makefile, re.MULTILINE)
    assert f"ARG UV_VERSION={wanted}\n" in DOCKERFILE
    [project] = re.findall(r'^version = "(\S+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert f"ARG VERSION={project}\n" in DOCKERFILE
    assert all(one["image"].endswith(f"ecommerce-lakehouse:{project}}}") for one in OURS.values())
