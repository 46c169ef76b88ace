"""Where the server is comes from an address; the password is never in it, and never shown."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.export import WrongExport
from lakehouse.export.postgres import mark
from lakehouse.export.postgres.server import connection_words, needs_extra
from lakehouse.tables import gold
from tests.export.postgres.asking import ask
from tests.export.postgres.server import PASSWORD

SECRET = "Tr0ub4dor"


def command(lake: Path, *arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, [*arguments, "--lake", str(lake)])
    return found.exit_code, found.output


def test_the_command_exports_and_says_how_much(shop: Path, address: str) -> None:
    code, told = command(shop, "export", "--postgres", address)
    assert code == 0, told
    assert "gold.fact_sales: 2 rows" in told
    assert f"gold holds publication 1 (as of 2024-01-01): {len(gold.TABLES)} tables" in told
    assert command(shop, "export", "--postgres", address) == (0, "gold holds publication 1 already: nothing to do\n")


def test_words_and_services_of_libpq_are_addresses_too(
    shop: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, database = address.removeprefix("postgresql://lake@").split("/")
    name, port = host.split(":")
    (tmp_path / "services").write_text(
        f"[shop]\nhost={name}\nport={port}\nuser=lake\ndbname={database}\npassword={PASSWORD}\n", encoding="utf-8"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    monkeypatch.delenv("PGPASSWORD")
    assert command(shop, "export", "--postgres", "service=shop")[0] == 0
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert ask(address, "SELECT publication FROM gold.publication") == [(1,)]


def test_a_wrong_password_ends_in_words_without_it(shop: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    code, told = command(shop, "--debug", "export", "--postgres", address)
    assert (code, "password authentication failed" in told, SECRET in told) == (1, True, False)


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://lake:{SECRET}@127.0.0.1/shop",
        f"host=127.0.0.1 password={SECRET}",
        f"postgresql://127.0.0.1/shop?password={SECRET}",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(shop: Path, address: str) -> None:
    code, told = command(shop, "--debug", "export", "--postgres", address)
    assert (code, "PGPASSWORD" in told, SECRET in told) == (2, True, False)


@pytest.mark.parametrize("address", [f"postgresql://lake:{SECRET}%zz@127.0.0.1/shop", SECRET, f"host=a {SECRET}"])
def test_what_is_no_address_is_refused_and_not_repeated(shop: Path, address: str) -> None:
    code, told = command(shop, "--debug", "export", "--postgres", address)
    assert (code, "no address of a PostgreSQL server" in told, SECRET in told) == (2, True, False)


def test_a_server_that_is_not_there_ends_in_words(shop: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        code, told = command(
            shop, "export", "--postgres", f"postgresql://lake@127.0.0.1:{nobody.getsockname()[1]}/shop"
        )
    assert (code, "Connection refused" in told) == (1, True)


def test_a_connection_that_does_not_come_about_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "connect_timeout=10" in connection_words("postgresql://lake@127.0.0.1/shop")
    assert "connect_timeout=3" in connection_words("postgresql://lake@127.0.0.1/shop?connect_timeout=3")


@pytest.mark.parametrize("name", ["gold", "gold_2", "_x", "a" * 59])
def test_plain_names_are_schemas(name: str) -> None:
    assert mark.checked_name(name) == name


@pytest.mark.parametrize("name", ["Gold", "pg_gold", "1a", "a-b", 'x"; DROP SCHEMA y', "", "a" * 60, "gold\n"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(WrongExport, match="cannot be a schema"):
        mark.checked_name(name)


def test_a_missing_package_ends_in_a_sentence_that_says_what_to_install() -> None:
    needs_extra(("psycopg",))
    with pytest.raises(
        WrongExport, match=r"PostgreSQL needs no_such_package: pip install 'ecommerce-lakehouse\[postgres\]'"
    ):
        needs_extra(("psycopg", "no_such_package"))
