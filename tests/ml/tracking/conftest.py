"""One real MLflow store, which takes seconds to make: each test has a source, and so a model, of its own."""

from __future__ import annotations

import pytest

from ml.tracking.registry import Registry
from ml.tracking.store import Store


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("lake") / "mlflow"
    return Registry(Store(f"sqlite:///{folder}/mlflow.db", (folder / "artifacts").as_uri()))
