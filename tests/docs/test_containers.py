"""docs/containers.md: its commands are typed as they stand, and its tables and examples are those of the files."""

from __future__ import annotations

import ast
import configparser
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from jobs.cli import app
from tests.docs.pages import ROOT, block
from tests.export.shop import make_shop

NAME = "docs/containers.md"
PAGE = (ROOT / NAME).read_text(encoding="utf-8")
ENTRYPOINT = (ROOT / "docker" / "entrypoint").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
LAKEHOUSE = "/opt/lakehouse/.venv/bin/lakehouse"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def cron() -> list[str]:
    """The commands, without their times."""
    return [line.split(maxsplit=5)[5] for line in examples("crontab")[0].splitlines()]


def systemd() -> list[str]:
    found = []
    for text in examples("ini"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.optionxform = str  # type: ignore[assignment, method-assign]
        unit.read_string(text)
        found += [
            value for section in unit.sections() for key, value in unit[section].items() if key.startswith("Exec")
        ]
    return found


def airflow() -> list[str]:
    """What its tasks run: the tables of the page, read without Airflow."""
    [text] = examples("python")
    values = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert 'f"{LAKEHOUSE} {stage} {options}"' in text
    return [f"{values['LAKEHOUSE']} {stage} {options}" for stage, options in values["STAGES"].items()]


def lakehouse(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


COMMANDS = [*cron(), *systemd(), *airflow()]


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_a_command_of_a_scheduler_is_one_that_there_is(command: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == LAKEHOUSE
    done = lakehouse(*arguments, "--help")
    assert done.exit_code == 0, done.output
    assert lakehouse(*arguments, "--no-such-option").exit_code == 2


def test_commands_that_need_no_spark_work_on_a_lake(tmp_path: Path) -> None:
    make_shop(tmp_path / "lake")
    tried = {one for one in COMMANDS if " verify " in one or " status " in one}
    assert len(tried) == 2
    for command in tried:
        arguments = shlex.split(command.replace("/data/lake", str(tmp_path / "lake")))[1:]
        done = lakehouse(*arguments)
        assert done.exit_code == 0, done.output


def test_the_tasks_of_airflow_are_the_stages_in_their_order() -> None:
    assert [shlex.split(one)[1] for one in airflow()] == ["ingest", "silver", "gold", "train", "score", "publish"]


def test_the_bundle_names_what_is_there() -> None:
    [text] = examples("yaml")
    [task] = yaml.safe_load(text)["resources"]["jobs"]["lakehouse"]["tasks"]
    script = task["spark_python_task"]["python_file"]
    assert (ROOT / script).is_file()
    assert lakehouse(Path(script).stem, *task["spark_python_task"]["parameters"], "--help").exit_code == 0


def test_the_commands_for_secrets_make_those_that_the_services_ask_for(tmp_path: Path) -> None:
    text = block(NAME, "mkdir -p -m 700 secrets").text
    subprocess.run(["bash", "-e"], input=text, cwd=tmp_path, text=True, check=True)
    made = {path.name: path for path in (tmp_path / "secrets").iterdir()}
    assert set(made) == {one["file"].rsplit("/", 1)[1] for one in COMPOSE["secrets"].values()}
    assert len({path.read_text() for path in made.values()}) == len(made)
    assert all(len(path.read_text().strip()) == 64 and path.stat().st_mode & 0o777 == 0o444 for path in made.values())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700


def test_the_commands_for_compose_start_the_services_and_a_profile_of_the_file(tmp_path: Path) -> None:
    podman_compose = str(Path(sys.executable).parent / "podman-compose")
    lines = [line for line in block(NAME, "export SECRETS_FOLDER").commands if line.startswith("docker compose ")]
    assert len(lines) == 3
    started = []
    for line in lines:
        options = shlex.split(line, comments=True)[2:]
        up = options.index("up")
        done = subprocess.run(
            [podman_compose, "--dry-run", *options[:up], "config", "--services"], cwd=ROOT, capture_output=True,
            text=True, env=os.environ | {"SECRETS_FOLDER": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        started.append(set(done.stdout.split()))
    jobs = {"pipeline", "export"}
    assert started[1] - started[0] == {"generate", *jobs}
    assert started[2] - started[0] == jobs


def test_the_files_that_kubectl_is_given_are_there() -> None:
    [text] = [one for one in examples("sh") if one.startswith("kubectl")]
    assert all((ROOT / path).exists() for path in re.findall(r"-f (\S+)", text))
    assert "name: pipeline\n" in (ROOT / "docker/k8s/pipeline.yaml").read_text(encoding="utf-8")


def test_words_ports_and_variables_are_those_of_the_entry_script() -> None:
    for words, ports in re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+) \| .* \| ([\d and,]+) \|$", PAGE, re.MULTILINE):
        assert all(f"    {word})\n" in ENTRYPOINT for word in re.findall("`([a-z]+)`", words))
        assert all(re.search(rf"PORT:-{port}\b", ENTRYPOINT) for port in re.findall(r"\d+", ports))
    table = PAGE.split("| variable | |")[1].split("\n\n")[0]
    names = set(re.findall(r"`([A-Z_]{4,})`", table))
    assert len(names) > 10
    assert all(re.search(rf"\$\{{{name}[:}}]", ENTRYPOINT) for name in names)


def test_what_the_build_takes_is_what_the_page_says() -> None:
    dockerfile = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
    table = PAGE.split("| argument of the build | |")[1].split("\n\n")[0]
    lines = re.findall(r"^ARG (.*)$", dockerfile, re.MULTILINE)
    arguments = {word for line in lines for word in re.findall(r"([A-Z_]+)(?==| |$)", line)}
    told = set(re.findall(r"`([A-Z_]+)`", table))
    assert told <= arguments
    assert arguments - told <= {"UV_VERSION", "VERSION", "LAKEHOUSE_IVY_SETTINGS"}
