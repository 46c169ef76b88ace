"""The code of every model in the registry, for those who load one by `mlflow.pyfunc.load_model`.

MLflow copies this file beside the model and runs it on loading ("models from code"), so nothing is pickled. The
lake's own scoring never does: it reads the files itself. Needs ecommerce-lakehouse[ml], as the requirements say.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from ml.tracking.predict import predict


class FilesModel(PythonModel):
    """A model of one problem out of the files that a training left."""

    def load_context(self, context: PythonModelContext) -> None:
        folder = Path(context.artifacts["files"])
        self.files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
        self.problem = context.model_config["problem"]
        self.as_of = date.fromisoformat(context.model_config["as_of"])

    def predict(self, context: PythonModelContext, model_input: pd.DataFrame, params: Any = None) -> pd.DataFrame:
        """Rows as the signature says -> one row each."""
        return predict(model_input, self.files, problem=self.problem, as_of=self.as_of)


mlflow.models.set_model(FilesModel())
