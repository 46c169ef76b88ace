"""Readers see one publication or the other, whenever they look and whatever becomes of an export."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from lakehouse.export import ExportFailed, WrongExport
from lakehouse.export.postgres import Done
from lakehouse.tables import gold
from tests.export.postgres.asking import ask, do, export, in_another_thread, prices, schemas
from tests.export.shop import make_shop, publish_prices

OLD, NEW = Decimal("1.0000"), Decimal("2.0000")
NUMBER = "SELECT publication FROM gold.publication"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Publications 2 and 3, which differ in a fact and in a dimension."""
    make_shop(tmp_path)
    for number, price in ((2, OLD), (3, NEW)):
        publish_prices(tmp_path, number, price)
    return tmp_path


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def waits_to_swap(address: str) -> bool:
    """Whether an export has loaded all that it is to load."""
    return ask(address, "SELECT to_regclass('gold_new.publication') IS NOT NULL") == [(True,)]


def test_the_same_publication_again_does_nothing_and_says_so(lake: Path, address: str) -> None:
    first = export(lake, address, 2)
    assert f"gold holds publication 2 (as of 2024-01-01): {len(gold.TABLES)} tables" in first.sentence()
    oids = ask(address, "SELECT oid FROM pg_class WHERE relnamespace = 'gold'::regnamespace ORDER BY 1")
    again = export(lake, address, 2)
    assert (again.rows, again.sentence()) == ({}, "gold holds publication 2 already: nothing to do")
    assert ask(address, "SELECT oid FROM pg_class WHERE relnamespace = 'gold'::regnamespace ORDER BY 1") == oids


def test_another_publication_newer_or_older_takes_its_place(lake: Path, address: str) -> None:
    for number, price in ((2, OLD), (3, NEW), (2, OLD)):
        export(lake, address, number)
        with psycopg.connect(address) as reader:
            assert prices(reader) == [(price,), (price,)]
        assert schemas(address) == ["gold"]


@pytest.mark.parametrize("level", list(psycopg.IsolationLevel)[1:])
def test_a_transaction_that_reads_sees_the_old_publication_to_its_end(
    lake: Path, address: str, level: psycopg.IsolationLevel
) -> None:
    export(lake, address, 2)
    with psycopg.connect(address) as reader:
        reader.isolation_level = level
        reader.execute("SELECT count(*) FROM gold.dim_date")
        with in_another_thread(lake, address, publication=3) as came:
            until(lambda: waits_to_swap(address))
            time.sleep(0.5)
            assert prices(reader) == [(OLD,), (OLD,)]
            assert came == []
            with psycopg.connect(address) as other:
                assert prices(other) == [(OLD,), (OLD,)], "who comes meanwhile does not wait either"
            reader.rollback()
    assert [type(one) for one in came] == [Done]
    with psycopg.connect(address) as reader:
        assert prices(reader) == [(NEW,), (NEW,)]


def test_a_snapshot_older_than_the_new_rows_never_finds_empty_tables(lake: Path, address: str) -> None:
    export(lake, address, 2)
    with psycopg.connect(address) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT 1")
        with in_another_thread(lake, address, publication=3) as came:
            until(lambda: waits_to_swap(address))
            time.sleep(0.5)
            assert came == []
            assert prices(reader) == [(OLD,), (OLD,)]
            reader.rollback()
    assert [type(one) for one in came] == [Done]


def test_whoever_looks_while_publications_are_exchanged_sees_one_or_the_other(lake: Path, address: str) -> None:
    export(lake, address, 2)
    seen = []
    with in_another_thread(lake, address, publication=3) as came, psycopg.connect(address) as reader:
        while not came:
            with reader.transaction():
                seen.append(prices(reader))
        with reader.transaction():
            seen.append(prices(reader))
    assert [type(one) for one in came] == [Done]
    assert [one for one in seen if one not in ([(OLD,), (OLD,)], [(NEW,), (NEW,)])] == []
    assert (seen[0][0], seen[-1][0]) == ((OLD,), (NEW,))


@pytest.mark.parametrize(
    ("level", "first"),
    [
        (psycopg.IsolationLevel.READ_COMMITTED, "SELECT count(*) FROM gold.dim_date"),
        (psycopg.IsolationLevel.REPEATABLE_READ, "SELECT 1"),
    ],
)
def test_readers_who_do_not_end_are_told_of_and_keep_the_old_publication(
    lake: Path, address: str, level: psycopg.IsolationLevel, first: str
) -> None:
    export(lake, address, 2)
    with psycopg.connect(address) as reader:
        reader.isolation_level = level
        reader.execute(first)
        with pytest.raises(ExportFailed, match="were still open after 1 s: the old publication stays"):
            export(lake, address, 3, patience=1)
    assert ask(address, NUMBER) == [(2,)]
    assert export(lake, address, 3).rows
    assert (ask(address, NUMBER), schemas(address)) == ([(3,)], ["gold"])


def test_an_export_killed_between_load_and_swap_leaves_the_old_and_starts_again(lake: Path, address: str) -> None:
    export(lake, address, 2)
    command = [sys.executable, "jobs/publish_postgres.py", address, "--lake", str(lake)]
    with psycopg.connect(address) as reader:
        reader.execute("SELECT count(*) FROM gold.dim_date")
        with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.DEVNULL) as process:
            until(lambda: waits_to_swap(address))
            process.send_signal(signal.SIGKILL)
    assert (ask(address, NUMBER), schemas(address)) == ([(2,)], ["gold", "gold_new"])
    until(lambda: ask(address, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(0,)])
    assert export(lake, address).rows
    assert (ask(address, NUMBER), schemas(address)) == ([(3,)], ["gold"])


def test_one_export_at_a_time_into_a_schema(lake: Path, address: str) -> None:
    export(lake, address, 2)
    with psycopg.connect(address) as reader:
        reader.execute("SELECT count(*) FROM gold.dim_date")
        with in_another_thread(lake, address, publication=3) as came:
            until(lambda: waits_to_swap(address))
            with pytest.raises(ExportFailed, match="another export into the schema gold is at work"):
                export(lake, address, 3)
            assert export(lake, address, 3, schema="elsewhere").rows
            reader.rollback()
    assert [type(one) for one in came] == [Done]


@pytest.mark.parametrize("schema", ["gold", "gold_new"])
def test_a_schema_that_no_export_has_made_is_left_alone(lake: Path, address: str, schema: str) -> None:
    do(address, f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.mine (a int)")
    with pytest.raises(WrongExport, match=f"the schema {schema} was not made by an export"):
        export(lake, address, 2)
    assert ask(address, f"SELECT count(*) FROM {schema}.mine") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TABLE gold.mine (a int)", "table gold.mine depends on schema gold"),
        ("CREATE VIEW public.mine AS SELECT * FROM gold.fact_sales", "view mine depends on table gold.fact_sales"),
    ],
)
def test_what_others_have_built_is_never_dropped(lake: Path, address: str, statement: str, named: str) -> None:
    export(lake, address, 2)
    do(address, statement)
    with pytest.raises(ExportFailed, match=named):
        export(lake, address, 3)
    assert ask(address, NUMBER) == [(2,)]
    assert len(ask(address, "SELECT 1 FROM pg_class WHERE relname = 'mine'")) == 1


def test_rights_of_others_hold_on_the_new_publication(lake: Path, address: str) -> None:
    export(lake, address, 2)
    do(
        address,
        'CREATE ROLE "Re ports"',
        'GRANT USAGE ON SCHEMA gold TO "Re ports"',
        'GRANT SELECT ON gold.fact_sales, gold.vw_sales_overview TO "Re ports"',
        "GRANT SELECT ON gold.dim_date TO PUBLIC",
    )
    export(lake, address, 3)
    with psycopg.connect(address) as connection:
        connection.execute('SET ROLE "Re ports"')
        for table in ("fact_sales", "vw_sales_overview", "dim_date"):
            assert connection.execute(f"SELECT count(*) FROM gold.{table}").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT count(*) FROM gold.dim_customer")
