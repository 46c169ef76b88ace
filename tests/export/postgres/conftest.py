"""One server for the tests of exports, and an empty database for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.export.postgres.asking import do, export, schemas
from tests.export.postgres.server import NO_SERVER, PASSWORD, Server, programs, running


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    folder = programs()
    if folder is None:
        pytest.skip(NO_SERVER)
    with running(folder) as started:
        yield started


@pytest.fixture(scope="session")
def exported(server: Server, shop: Path) -> Iterator[str]:
    """The address of a database whose schema gold holds the shop, to be read only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSWORD", PASSWORD)
        do(server.address("postgres"), "CREATE DATABASE exported")
        export(shop, server.address("exported"))
        yield server.address("exported")


@pytest.fixture
def address(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database; its password is in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    found = server.address("postgres")
    do(found, *(f"DROP SCHEMA {schema} CASCADE" for schema in schemas(found)))
    do(found, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return found
