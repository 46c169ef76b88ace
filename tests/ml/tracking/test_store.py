"""Where MLflow's things are: in the lake, or where the settings say; never in the working folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakehouse.settings import load_settings
from ml.tracking.store import Store, StoreUnreachable, shown, store_of


def of(lake: Path, uri: str) -> Store:
    return store_of(load_settings(lake=lake, models={"tracking_uri": uri}))


def test_a_lake_keeps_its_models_in_its_own_folder(tmp_path: Path) -> None:
    found = of(tmp_path, "")
    assert found == Store(f"sqlite:///{tmp_path}/mlflow/mlflow.db", f"file://{tmp_path}/mlflow/artifacts")


def test_a_server_decides_where_files_go_and_a_database_does_not(tmp_path: Path) -> None:
    assert of(tmp_path, "https://mlflow.example") == Store("https://mlflow.example", "")
    assert of(tmp_path, "postgresql://db/mlflow").artifacts == f"file://{tmp_path}/mlflow/artifacts"


def test_no_password_is_shown() -> None:
    assert shown("postgresql://me:secret@db/mlflow") == "postgresql://me:***@db/mlflow"
    assert shown("sqlite:////lake/mlflow.db") == "sqlite:////lake/mlflow.db"


def test_a_store_that_cannot_be_opened_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no database")
    with pytest.raises(StoreUnreachable, match="cannot be opened"):
        Store(f"sqlite:///{tmp_path}/file", "").client()
    with pytest.raises(StoreUnreachable) as unknown:
        Store("nonsense://me:secret@nowhere", "").client()
    assert "nonsense://me:***@nowhere" in str(unknown.value)
    assert "secret" not in str(unknown.value)


@pytest.mark.long
def test_a_training_says_nothing_on_the_terminal_and_leaves_nothing_in_the_working_folder(tmp_path: Path) -> None:
    """In a process of its own, since MLflow sets itself up once."""
    lake, here = tmp_path / "lake", tmp_path / "here"
    here.mkdir()
    code = (
        "import sys\n"
        "from ml.tracking.registry import Registry\n"
        "from ml.tracking.store import Store\n"
        "from tests.ml.tracking import test_kills\n"
        "registry = Registry(Store(sys.argv[1], sys.argv[2]))\n"
        "test_kills.trained(registry, 'quiet', 'r1', test_kills.BOTH)\n"
        "registry.settle(test_kills.publication(1, 'r1', {'churn-quiet': 2}))\n"
        "assert registry.champion('churn', 'quiet').candidate == 'logistic_regression'\n"
    )
    store = of(lake, "")
    root = str(Path(__file__).resolve().parents[3])
    done = subprocess.run(
        [sys.executable, "-c", code, store.uri, store.artifacts],
        cwd=here, env=os.environ | {"PYTHONPATH": root}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(here.iterdir()) == []
    assert {path.name for path in (lake / "mlflow").iterdir()} == {"mlflow.db", "artifacts"}
