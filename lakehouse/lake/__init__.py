"""The lake: tables below one folder, what a run reads of them, and the only writers of Delta."""

from lakehouse.lake.lake import Lake

__all__ = ["Lake"]
