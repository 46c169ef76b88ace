"""Where reports of a lake are, unless another folder is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

SUFFIXES = ("md", "txt", "html")


def reports_folder(root: Path) -> Path:
    """Below the lake's folder, beside the reports on quality."""
    return root / "reports" / "executive"


def stem(as_of: date, source: str | None) -> str:
    """executive_summary_20240202, with the source's name where the report is of that source alone."""
    return f"executive_summary_{as_of:%Y%m%d}" + (f"_{source}" if source else "")
