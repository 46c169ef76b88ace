"""Notebooks are committed as they are written: without outputs, without traces of a machine, formatted alike."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.kernels import NOTEBOOKS, ROOT

KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])


def test_there_are_the_three_of_the_story() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["01_data_cleaning_eda", "02_advanced_analytics", "03_machine_learning"]


@each
def test_a_notebook_is_valid_and_written_as_a_program_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    nbformat.validate(nbformat.reads(text, 4))
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@each
def test_a_notebook_has_no_outputs_and_tells_nothing_of_a_machine(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"] == KERNEL
    for at, cell in enumerate(notebook["cells"], 1):
        assert (cell["id"], cell["metadata"]) == (f"cell-{at:02d}", {})
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert not re.search(r"/(home|root|Users|tmp)/", path.read_text(encoding="utf-8"))


@each
def test_a_cell_of_code_comes_after_words_that_say_why(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    kinds = "".join(cell["cell_type"][0] for cell in cells)
    assert "ccc" not in kinds


@each
def test_the_lake_is_read_by_its_public_interface_alone(path: Path) -> None:
    code = "".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"])
    rooms = set(re.findall(r"^(?:from|import) ((?:lakehouse|dashboard|quality|ml|jobs)[\w.]*)", code, re.MULTILINE))
    assert rooms <= {"lakehouse.published", "dashboard.formats", "dashboard.themes.matplotlib", "dashboard.tokens"}
    assert "pyspark" not in code


def test_the_folder_holds_notebooks_and_nothing_else() -> None:
    assert {path for path in (ROOT / "notebooks").iterdir() if path.is_file()} == set(NOTEBOOKS)
