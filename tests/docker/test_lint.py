"""Dockerfile, compose file and manifests pass their linters, and each linter fails where a mistake is planted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import ROOT

DOCKER = ROOT / "docker"
BIN = Path(sys.executable).parent
KUBERNETES_VALIDATE = "kubernetes-validate==1.37.0"
MANIFESTS = sorted((DOCKER / "k8s").glob("*.yaml"))


def said(command: list[str], **environment: str) -> tuple[int, str]:
    """Exit code, and all that it said."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, timeout=300)
    return done.returncode, done.stdout + done.stderr


def hadolint(dockerfile: Path) -> tuple[int, str]:
    return said([str(BIN / "hadolint"), "--no-color", str(dockerfile)])


def schema(compose: Path) -> tuple[int, str]:
    return said([str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(compose)])


def config(compose: Path, **environment: str) -> tuple[int, str]:
    # A dry run asks for no engine.
    return said([str(BIN / "podman-compose"), "--dry-run", "-f", str(compose), "config"], **environment)


def planted(path: Path, folder: Path, right: str, wrong: str) -> Path:
    """A copy of the file with a mistake in it."""
    text = path.read_text(encoding="utf-8")
    assert right in text
    copy = folder / path.name
    copy.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return copy


def test_the_dockerfile_passes() -> None:
    assert hadolint(DOCKER / "Dockerfile") == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("ARG BASE=debian:bookworm-20250520-slim\n\nFROM ${BASE}", "FROM debian:latest", "DL3007"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ("WORKDIR /src", "WORKDIR src", "DL3000"),
        ("find /opt/venv", "find $venv", "SC2086"),
    ],
)
def test_a_mistake_in_the_dockerfile_is_found(tmp_path: Path, right: str, wrong: str, rule: str) -> None:
    code, words = hadolint(planted(DOCKER / "Dockerfile", tmp_path, right, wrong))
    assert code == 1
    assert rule in words


def test_the_compose_file_follows_its_schema() -> None:
    assert schema(DOCKER / "compose.yaml")[0] == 0


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("    healthcheck:", "    healtcheck:"),
        ("    cpus: 1", "    cpus: [1]"),
        ("restart: unless", "restart: 1\n  x: unless"),
    ],
)
def test_a_mistake_in_the_compose_file_is_found(tmp_path: Path, right: str, wrong: str) -> None:
    code, words = schema(planted(DOCKER / "compose.yaml", tmp_path, right, wrong))
    assert code == 1
    assert "validation" in words.lower()


def test_the_services_start_with_the_secrets_folder_and_are_refused_without() -> None:
    compose = DOCKER / "compose.yaml"
    assert config(compose, SECRETS_FOLDER="/secrets")[0] == 0
    for nothing in ({}, {"SECRETS_FOLDER": ""}):
        code, words = config(compose, **nothing)
        assert code != 0
        assert "name the folder of secrets" in words


def kubernetes_validate(manifest: Path) -> tuple[int, str]:
    code, words = said([str(BIN / "uv"), "tool", "run", "--quiet", KUBERNETES_VALIDATE, "--strict", str(manifest)])
    if code and ("No solution found" in words or "Failed to fetch" in words or "error sending request" in words):
        pytest.skip(f"{KUBERNETES_VALIDATE} cannot be had here")
    return code, words


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.name)
def test_a_manifest_is_one_that_kubernetes_takes(manifest: Path) -> None:
    code, words = kubernetes_validate(manifest)
    assert code == 0, words


def test_what_executors_are_made_from_is_a_pod_that_kubernetes_takes(tmp_path: Path) -> None:
    given = yaml.safe_load((DOCKER / "k8s" / "executor-pod.yaml").read_text(encoding="utf-8"))
    [text] = given["data"].values()
    (tmp_path / "executor.yaml").write_text(text)
    code, words = kubernetes_validate(tmp_path / "executor.yaml")
    assert code == 0, words
    wrong = planted(tmp_path / "executor.yaml", tmp_path, "runAsUser: 1", "runasUser: 1")
    assert kubernetes_validate(wrong)[0] != 0


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("pipeline.yaml", "              args:", "              arguments:"),
        ("network.yaml", "policyTypes: [Ingress, Egress]", "policyTypes: Ingress"),
        ("accounts.yaml", "    verbs: [create", "    verb: [create"),
    ],
)
def test_a_mistake_in_a_manifest_is_found(tmp_path: Path, name: str, right: str, wrong: str) -> None:
    code, words = kubernetes_validate(planted(DOCKER / "k8s" / name, tmp_path, right, wrong))
    assert code != 0
    assert wrong.split(":")[0].split("[")[0].strip() in words
