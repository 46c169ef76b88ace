"""A lake that has next to nothing: notebooks say what is missing and which command brings it, and go on."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.dashboard.shop import Line
from tests.notebooks.kernels import NOTEBOOKS, Executed, executed


@pytest.fixture(scope="module")
def run(bare: tuple[Path, list[Line]], tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """All notebooks one after the other in one kernel, which saves the time of starting three."""
    names = [path.stem for path in NOTEBOOKS]
    return executed(names, bare[0], tmp_path_factory.mktemp("elsewhere"))


def test_they_run_through_without_an_error_or_a_warning(run: Executed) -> None:
    assert (run.errors, run.complaints) == ([], "")
    assert run.pictures > 0


@pytest.mark.parametrize(
    "sentence",
    [
        "No row of this source ever had to be refused",
        "No cost is known at all, so there is no margin anywhere in this lake: deliver products with a unit cost, then"
        " `lakehouse run`",
        "No returns of named categories are known: deliver returns and products, then `lakehouse run`",
        "No customer is known: all orders are of guests. Deliver customers with the orders, then `lakehouse run`",
        "This source has no campaigns with contacts: deliver campaigns, spend and contacts, then `lakehouse run`",
        "This publication has no models of shop. `lakehouse train` trains models, `lakehouse run` does so too",
        "There are no features of customers. `lakehouse train` trains models",
    ],
)
def test_what_is_missing_is_said_with_what_brings_it(run: Executed, sentence: str) -> None:
    assert sentence in run.prose


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_a_folder_without_a_lake_is_said_to_be_none(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
    monkeypatch.setenv("LAKEHOUSE_LAKE", str(tmp_path / "nowhere"))
    with pytest.raises(SystemExit, match=r"Nothing is published in .*nowhere: `make demo` makes a lake"):
        exec(first.source, {})
