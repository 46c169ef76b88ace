"""`lakehouse models`: what people see of models, and what they decide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.delta.rows import small_rows
from lakehouse.settings import load_settings
from lakehouse.tables.ops import MODEL_DECISIONS
from ml.tracking.decision import Decision
from ml.tracking.log import register
from ml.tracking.registry import Registry
from ml.tracking.store import store_of
from ml.tracking.versions import configuration_of
from tests.lakes import publish
from tests.ml.tracking.trainings import NOON, data_versions, made_training, without_curves
from tests.session_options import put_back

BOTH = Decision("logistic_regression", "xgboost", "tried")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shops with a model of churn each, of which the newest publication made the second version champion; no run
    has followed that up."""
    root = tmp_path_factory.mktemp("lake")
    registry = Registry(store_of(load_settings(lake=root)))
    for source in ("shop", "second_shop"):
        training = without_curves(made_training(source=source))
        register(training, BOTH, registry=registry, data=data_versions("r1"), now=NOON)
    publish(root, 1, {}, run_id="r1", configuration=configuration_of({"churn-shop": 2, "churn-second_shop": 2}))
    return root


def ask(lake: Path, *arguments: str) -> Any:
    return CliRunner().invoke(app, ["models", *arguments, "--lake", str(lake)], env={"COLUMNS": "80"})


def shown(lake: Path, *arguments: str) -> str:
    found = ask(lake, *arguments)
    assert found.exit_code == 0, found.output
    return str(found.stdout)


def aliases(lake: Path, source: str) -> dict[str, int]:
    listed = json.loads(shown(lake, "list", "--json"))
    return {alias: one["version"] for one in listed if one["tags"]["source"] == source for alias in one["aliases"]}


def test_listing_follows_the_newest_publication_and_fits_80_columns(lake: Path) -> None:
    found = shown(lake, "list")
    assert max(map(len, found.splitlines())) <= 80
    training = made_training(source="shop")
    value, baseline = (training.candidate(name).score("roc_auc") for name in ("logistic_regression", "recency"))
    shop = found.partition("churn of shop")[2].splitlines()
    assert shop[1].split() == ["nr", "candidate", "roc_auc", "best", "baseline", "trained", "as", "of"]
    assert shop[2].split() == ["2", "logistic_regression", f"{value.value:.4g}", f"{baseline.value:.4g}", "2024-05-01"]
    assert shop[3].split() == [
        "champion", f"{value.low:.4g}", "to", f"{value.high:.4g}", "recency", "publication", "1"
    ]  # fmt: skip
    assert shop[4].split()[:2] == ["1", "xgboost"]
    assert shop[5].split()[0] == "challenger"


def test_json_has_every_tag_and_no_card(lake: Path) -> None:
    listed = json.loads(shown(lake, "list", "--json"))
    assert [(one["name"], one["version"]) for one in listed] == [
        ("churn-second_shop", 1), ("churn-second_shop", 2), ("churn-shop", 1), ("churn-shop", 2)
    ]  # fmt: skip
    assert listed[0]["tags"]["sha256"]
    assert "card" not in listed[0]


def test_the_card_of_the_champion_is_shown_where_no_version_is_said(lake: Path) -> None:
    assert shown(lake, "show", "churn", "--source", "shop").startswith("# churn of shop, as of 2024-05-01")
    assert "## Personal data" in shown(lake, "show", "churn", "--source", "shop", "--version", "1")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "churn"], "several models of churn: say --source second_shop or shop"),
        (["show", "churn", "--source", "other"], "no model of churn for other: say --source second_shop or shop"),
        (["show", "churn", "--source", "shop", "--version", "9"], "no version 9; there are 1, 2"),
        (["show", "weather"], "weather"),
        (["promote", "churn", "--source", "shop", "--version", "2"], "--why"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_said_in_words(lake: Path, arguments: list[str], says: str) -> None:
    found = ask(lake, *arguments)
    assert found.exit_code == 2
    assert says in found.output


def test_a_problem_without_a_model_says_what_makes_one(lake: Path) -> None:
    found = ask(lake, "show", "demand")
    assert found.exit_code == 1
    assert "`lakehouse train demand` makes one" in found.output


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for arguments in (["list"], ["ui"]):
        found = ask(tmp_path / "nowhere", *arguments)
        assert found.exit_code == 2
        assert "there is no lake" in found.output
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def _options_put_back(spark: SparkSession) -> Iterator[None]:
    """The command sets the session's options as they are in use: what comes after it runs as if alone."""
    with put_back(spark):
        yield


@pytest.mark.usefixtures("_options_put_back")
def test_people_promote_and_go_back_and_the_lake_keeps_why(lake: Path) -> None:
    said = shown(lake, "promote", "churn", "--source", "shop", "--version", "1", "--why", "tried it on the shop")
    assert "xgboost, version 1, is champion of churn of shop" in said
    assert aliases(lake, "shop") == {"champion": 1}
    assert ask(lake, "promote", "churn", "--source", "shop", "--version", "9", "--why", "x").exit_code == 2
    assert "version 2 is champion" in shown(lake, "rollback", "churn", "--source", "shop", "--why", "worse")
    assert aliases(lake, "shop") == {"champion": 2}
    again = ask(lake, "rollback", "churn", "--source", "shop", "--why", "worse")
    assert (again.exit_code, "had no champion before" in again.output) == (1, True)
    assert aliases(lake, "second_shop") == {"champion": 2, "challenger": 1}
    rows = sorted(small_rows(lake, MODEL_DECISIONS), key=lambda row: row["decided_at"])
    told = [(row["source_system"], row["model_version"], row["decision"], row["details"]) for row in rows]
    assert told == [("shop", 1, "promote", "tried it on the shop"), ("shop", 2, "rollback", "worse")]


def test_pages_of_models_that_a_server_keeps_are_that_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_MODELS__TRACKING_URI", "https://me:secret@mlflow.example")
    assert "https://me:***@mlflow.example: open that" in shown(tmp_path, "ui")
