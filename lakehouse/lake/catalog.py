"""What is there: tables below one folder, their versions and sizes, read from their logs alone."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from deltalake import DeltaTable

from lakehouse.delta.log import LOG, head_version, opened, table_path
from lakehouse.lake.lease import Lease
from lakehouse.published import Publication, publications
from lakehouse.tables.model import Table


class Catalog:
    """The tables below one folder, and the newest publication of them."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.held: Lease | None = None
        """The lease that the tables are written under; None where nobody else can be there, as in tests."""

    def check_lease(self) -> None:
        """Raises LeaseLost where another run may write to the lake now."""
        if self.held is not None:
            self.held.check()

    def path(self, table: Table) -> str:
        return str(table_path(self.root, table))

    def exists(self, table: Table) -> bool:
        return DeltaTable.is_deltatable(self.path(table))

    def version(self, table: Table) -> int:
        return head_version(self.path(table))

    def is_empty(self, table: Table) -> bool:
        return not self.exists(table) or not opened(self.path(table)).file_uris()

    def count(self, table: Table) -> int:
        """About how many rows the head has, from its log alone: rows deleted by vectors are counted still."""
        return _rows_of_head(self.path(table)) if self.exists(table) else 0

    def count_layer(self, layer: str) -> int:
        """The same for all tables of a layer that there are, declared or not."""
        return sum(_rows_of_head(path) for path in self.paths(layer))

    def paths(self, layer: str) -> list[str]:
        """Of all tables of a layer that there are, declared or not."""
        return sorted(str(log.parent) for log in (self.root / layer).glob(f"*/{LOG}"))

    def bytes(self, table: Table) -> int:
        """Of the files of the head."""
        actions = opened(self.path(table)).get_add_actions(flatten=True) if self.exists(table) else None
        return sum(actions["size_bytes"].to_pylist()) if actions is not None else 0

    @cached_property
    def publication(self) -> Publication | None:
        """The newest one when this was first asked."""
        found = publications(self.root)
        return found[-1] if found else None

    def published_version(self, table: Table) -> int | None:
        return self.publication.table_versions.get(table.name) if self.publication else None


def _rows_of_head(path: str) -> int:
    actions = opened(path).get_add_actions(flatten=True)
    return int(sum(number or 0 for number in actions["num_records"].to_pylist()))
