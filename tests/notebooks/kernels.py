"""Runs notebooks from a clean kernel, far from the checkout's folder and from anybody's home."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@dataclass(frozen=True)
class Executed:
    """What became of the cells of one or more notebooks."""

    outputs: list[dict[str, Any]]
    values: dict[str, Any]
    """What the expressions came to that were asked for."""

    @property
    def errors(self) -> list[str]:
        return [f"{one['ename']}: {one['evalue']}" for one in self.outputs if one["output_type"] == "error"]

    @property
    def complaints(self) -> str:
        """What was written to standard error, as warnings are."""
        return "".join(one["text"] for one in self.outputs if one.get("name") == "stderr")

    @property
    def prose(self) -> str:
        """The sentences that cells worked out."""
        return "\n".join(one["data"].get("text/markdown", "") for one in self.outputs if "data" in one)

    @property
    def pictures(self) -> int:
        return sum("image/png" in one.get("data", {}) for one in self.outputs)


def executed(names: list[str], lake: Path, folder: Path, **asked: str) -> Executed:
    """The cells of the notebooks one after the other in one kernel, up to the first error; `asked`: expressions."""
    cells = [cell for name in names for cell in nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4).cells]
    pairs = ", ".join(f"{name!r}: {expression}" for name, expression in asked.items())
    probe = nbformat.v4.new_code_cell(f"import json\nprint(json.dumps({{{pairs}}}, default=float))")
    for at, cell in enumerate(cells):  # several notebooks number their cells alike
        cell["id"] = f"at-{at}"
    notebook = nbformat.v4.new_notebook(cells=[*cells, probe])
    environment = {"HOME": str(folder), "LAKEHOUSE_LAKE": str(lake), "PYTHONPATH": str(ROOT)}
    environment["MPLCONFIGDIR"] = matplotlib.get_cachedir()  # its list of the machine's fonts takes seconds to make
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        environment[name] = str(folder / name.lower())
    inherited = {
        name: value for name, value in os.environ.items() if name != "MPLBACKEND"
    }  # Streamlit leaves it behind
    where = {"metadata": {"path": str(folder)}}
    with suppress(CellExecutionError):  # it is among the outputs
        NotebookClient(notebook, kernel_name="python3", timeout=300, resources=where).execute(
            env=inherited | environment
        )
    outputs = [one for cell in notebook.cells if cell.cell_type == "code" for one in cell.outputs]
    answer = outputs.pop() if "text" in (outputs[-1] if probe.outputs else {}) else {"text": "{}"}
    return Executed(outputs, json.loads(answer["text"]))
