"""Where everything about quality lies that people read, and what it is made from."""

from __future__ import annotations

from pathlib import Path


def reports_folder(root: Path) -> Path:
    """Below the lake's folder: reports and pages."""
    return root / "reports" / "quality"


def results_folder(root: Path) -> Path:
    """The results of Great Expectations, by run and table."""
    return reports_folder(root) / "results"
