"""Published tables and views for other programs: files, and a schema of PostgreSQL. Needs no Spark."""

from lakehouse.export.files import Exported, Format, export_files
from lakehouse.export.subjects import ExportFailed, Subject, WrongExport, all_of_gold, subject

__all__ = ["ExportFailed", "Exported", "Format", "Subject", "WrongExport", "all_of_gold", "export_files", "subject"]
