"""The connection to the server: where it is comes from an address, the password from the environment alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from lakehouse.export.subjects import ExportFailed, WrongExport

if TYPE_CHECKING:
    from psycopg import Connection

_PACKAGES = ("psycopg", "adbc_driver_postgresql")
_SECRET = ("password", "sslpassword", "oauth_client_secret")
_DEFAULTS = {"connect_timeout": "10", "application_name": "lakehouse export"}
_NOT_AN_ADDRESS = (
    "this is no address of a PostgreSQL server: give postgresql://user@host:5432/database, or words of libpq, as"
    " service=shop"
)
_HAS_PASSWORD = (
    "the address holds a password, which others can read in the list of processes: take it out, and give it by"
    " PGPASSWORD, ~/.pgpass or a libpq service"
)


class ServerFailed(ExportFailed):
    """The server could not be reached, or refused something; the old schema is there still. Exit code 1."""


def needs_extra(packages: tuple[str, ...] = _PACKAGES) -> None:
    """Raises WrongExport where a package of the extra is not installed."""
    if missing := [name for name in packages if find_spec(name) is None]:
        raise WrongExport(
            f"PostgreSQL needs {', '.join(missing)}: pip install 'ecommerce-lakehouse[postgres]'"
            " (in a checkout: make setup)"
        )


def connection_words(address: str) -> str:
    """The address as words of libpq. Raises WrongExport for what is no address, and for one with a password.

    No message repeats the address: what is wrong with it may be a password with a character that URLs do not allow.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    try:
        words = conninfo_to_dict(address)
    except ProgrammingError:
        raise WrongExport(_NOT_AN_ADDRESS) from None
    if any(words.get(name) for name in _SECRET):
        raise WrongExport(_HAS_PASSWORD)
    given = {name: str(value) for name, value in words.items() if value is not None}
    return make_conninfo("", **_DEFAULTS | given)


@contextmanager
def connected(words: str) -> Iterator[Connection]:
    """A connection in which every statement counts at once, unless it stands in a transaction of its own.

    Raises ServerFailed for whatever the server says, then or while it is in use.
    """
    import psycopg

    with in_words(), psycopg.connect(words, autocommit=True) as connection:
        yield connection


@contextmanager
def in_words() -> Iterator[None]:
    """Raises what the server, or its driver, says as ServerFailed: without rows, which it may quote, or a password."""
    import psycopg
    from adbc_driver_manager import Error

    try:
        yield
    except psycopg.Error as error:
        raise ServerFailed(f"PostgreSQL: {_without_password(error.diag.message_primary or str(error))}") from None
    except Error as error:
        # What follows the first line quotes rows.
        raise ServerFailed(f"PostgreSQL: {_without_password(str(error).strip().splitlines()[0])}") from None


def _without_password(text: str) -> str:
    password = os.environ.get("PGPASSWORD")
    return text.strip().replace(password, "…") if password else text.strip()
