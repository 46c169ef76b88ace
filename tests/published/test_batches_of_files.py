"""What a batch is made of: its files and their rows."""

from __future__ import annotations

from pathlib import Path

from lakehouse.published.batches import list_batches
from lakehouse.published.publications import UnknownPublication
from lakehouse.tables.ops import INGESTED_FILES
from tests.lakes import write


def test_a_batch_counts_the_files_that_were_loaded_and_rows_where_they_are_known(tmp_path: Path) -> None:
    file = {"source_system": "shop", "batch_id": 1, "status": "loaded"}
    refused = file | {"status": "rejected", "rows": 5}
    write(tmp_path, INGESTED_FILES, [file | {"rows": 3}, file | {"rows": None}, file | {"rows": 4}, refused])
    [batch] = list_batches(tmp_path)
    assert (batch.number, batch.source, batch.files, batch.rows) == (1, "shop", 3, 7)


def test_a_number_that_no_publication_has_is_wrong_usage() -> None:
    assert UnknownPublication.exit_code == 2
