"""Pages about quality: the report of a run, and how pages are shown."""

from quality.report.write import LATEST, write_report

__all__ = ["LATEST", "write_report"]
