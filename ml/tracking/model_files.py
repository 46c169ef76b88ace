"""A candidate's files as a model of MLflow, and back."""

from __future__ import annotations

import hashlib
import re
import tempfile
import warnings
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from lakehouse import __version__
from ml.tracking.store import Store
from ml.training import Candidate, Files, Training

if TYPE_CHECKING:
    from mlflow import MlflowClient

FILES = "files"
_FOLDER = f"artifacts/{FILES}"
_CODE = Path(__file__).with_name("pyfunc_model.py")
_READERS: Mapping[str, tuple[str, ...]] = {
    ".ubj": ("xgboost-cpu", "xgboost"),
    ".skops": ("skops", "scikit-learn"),
}
"""Ending of a file -> distributions that read it; of those for XGBoost only one is installed."""


class ModelDamaged(Exception):
    """The files of a registered model are not those that were registered. Exit code 1."""


def sha256_of(files: Files) -> str:
    """One hash of names and bytes, whatever their order."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return whole.hexdigest()


def requirements(files: Files) -> list[str]:
    """What has to be installed to read the files, with the versions that wrote them."""
    endings = {Path(name).suffix for name in files}
    readers = [name for ending, names in _READERS.items() if ending in endings for name in names]
    found = [f"ecommerce-lakehouse[ml]=={__version__}"]
    for name in ("mlflow", "numpy", "pandas", *readers):
        try:
            found.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            continue
    return found


def log_model(
    client: MlflowClient,
    training: Training,
    candidate: Candidate,
    run_id: str,
    experiment: str,
    tags: Mapping[str, str],
) -> str:
    """Keeps the candidate's files as a logged model of the run, with signature and input example. Returns its id."""
    import mlflow.pyfunc
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model, infer_signature

    logged = client.create_logged_model(experiment, name=candidate.name, source_run_id=run_id, tags=dict(tags))
    client.log_outputs(run_id, [LoggedModelOutput(logged.model_id, step=0)])
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # MLflow warns that whole numbers cannot be missing: ours are not.
        warnings.simplefilter("ignore")
        _write(candidate.files, Path(folder, FILES))
        mlflow.pyfunc.save_model(
            path=f"{folder}/model",
            mlflow_model=Model(run_id=run_id, model_id=logged.model_id, model_uuid=logged.model_id),
            python_model=_CODE,
            artifacts={FILES: f"{folder}/{FILES}"},
            model_config={"problem": training.problem, "as_of": tags["as_of"]},
            signature=infer_signature(training.example, training.prediction),
            input_example=training.example,
            pip_requirements=requirements(candidate.files),
        )
        client.log_model_artifacts(logged.model_id, f"{folder}/model")
    client.finalize_logged_model(logged.model_id, "READY")
    return str(logged.model_id)


def _write(files: Files, folder: Path) -> None:
    for name, content in files.items():
        if not re.fullmatch(r"[\w.-]+\.\w+", name):
            raise ValueError(f"{name!r} is no name for a file of a model")
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def read_files(client: MlflowClient, store: Store, model_id: str, sha256: str) -> Files:
    """The files of a logged model. Raises ModelDamaged where their hash is another."""
    from mlflow.artifacts import download_artifacts

    where = client.get_logged_model(model_id).artifact_location
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = download_artifacts(f"{where}/{_FOLDER}", dst_path=folder, tracking_uri=store.uri)
        except OSError as error:
            raise ModelDamaged(f"the files of model {model_id} cannot be read: {error}") from error
        files = {path.name: path.read_bytes() for path in sorted(Path(found).iterdir())}
    if sha256_of(files) != sha256:
        raise ModelDamaged(
            f"the files of model {model_id} in {where} are not those that were registered: "
            "promote another version, or train again"
        )
    return files
