"""A publication that is not what was published is told, by table and file, and never read as something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree

import duckdb
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from typer.testing import CliRunner

from jobs.cli.app import app
from lakehouse.delta.damage import Damaged
from lakehouse.delta.notes import note_of
from lakehouse.delta.rows import answer, small_rows
from lakehouse.lake.durable import secure
from lakehouse.published import newest, open_published, publications
from lakehouse.published.status import status_of
from lakehouse.published.verify import blame, checked, verify
from tests.lakes import ops, publish, write

TABLE, OTHER = "gold.fact_sales", "gold.dim_date"


def commit(lake: Path, version: int = 1, table: str = TABLE) -> Path:
    return lake / table.replace(".", "/") / "_delta_log" / f"{version:020d}.json"


def data_file(lake: Path) -> Path:
    return sorted(lake.glob("gold/fact_sales/*.parquet"))[0]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication of two tables, with notes and hashes; bronze is noted beside."""
    lake = tmp_path_factory.mktemp("lakes") / "whole"
    for start in (0, 1000):
        write_deltalake(lake / "gold/fact_sales", pa.table({"n": list(range(start, start + 1000))}), mode="append")
    write_deltalake(lake / "gold/dim_date", pa.table({"day": [1, 2]}))
    versions = {TABLE: 1, OTHER: 0}
    files = [vars(one) | {"publication": 1} for one in secure(lake, versions, {})]
    write(lake, ops.DATA_FILES, files)
    notes = {name: str(note_of(lake / name.replace(".", "/"), number)) for name, number in versions.items()}
    publish(lake, 1, versions, table_notes=notes)
    return lake


@pytest.fixture
def lake(whole: Path, tmp_path: Path) -> Path:
    return copytree(whole, tmp_path / "lake")


def emptied_commit(lake: Path) -> None:
    commit(lake).write_bytes(b"")


def commit_of_zeros(lake: Path) -> None:
    commit(lake).write_bytes(b"\0" * 300)


def commit_without_actions(lake: Path) -> None:
    commit(lake).write_text("{}\n")


def earlier_commit_emptied(lake: Path) -> None:
    commit(lake, 0).write_bytes(b"")


def half_a_commit(lake: Path) -> None:
    whole = commit(lake).read_bytes()
    commit(lake).write_bytes(whole[: len(whole) // 2])


def other_files_listed(lake: Path) -> None:
    lines = commit(lake).read_text().splitlines(keepends=True)
    commit(lake).write_text("".join(line for line in lines if '"add"' not in line))


def file_gone(lake: Path) -> None:
    data_file(lake).unlink()


def file_cut(lake: Path) -> None:
    data_file(lake).write_bytes(data_file(lake).read_bytes()[:-1])


def file_grown(lake: Path) -> None:
    data_file(lake).write_bytes(data_file(lake).read_bytes() + b" ")


def table_gone(lake: Path) -> None:
    rmtree(lake / "gold/fact_sales")


def log_gone(lake: Path) -> None:
    rmtree(lake / "gold/fact_sales/_delta_log")


def last_commit_gone(lake: Path) -> None:
    commit(lake).unlink()


DAMAGES = [
    emptied_commit, commit_of_zeros, commit_without_actions, earlier_commit_emptied, half_a_commit, other_files_listed,
    file_gone, file_cut, file_grown, table_gone, log_gone, last_commit_gone,
]  # fmt: skip


def test_a_lake_as_it_was_published_is_whole(lake: Path) -> None:
    found = verify(lake, newest(lake), deep=True)
    assert (found.damaged, found.tables, found.files, found.hashed, found.without_hash) == ([], 2, 3, 3, 0)
    cheap = verify(lake, newest(lake))
    assert (cheap.damaged, cheap.tables, cheap.files, cheap.hashed, cheap.without_hash) == ([], 2, 3, 0, 0)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_refused_by_readers_and_named_by_all(lake: Path, damage: Callable[[Path], None]) -> None:
    damage(lake)
    with open_published(lake) as published:
        with pytest.raises(Damaged, match=r"gold\.fact_sales is damaged.*run --full"):
            published.sql("SELECT count(*) FROM gold.fact_sales").fetchall()
        assert published.sql("SELECT count(*) FROM gold.dim_date").fetchall() == [(2,)]
    assert [one.table for one in verify(lake, newest(lake)).damaged] == [TABLE]
    state = status_of(lake)
    assert [one.name for one in state.tables if one.name.startswith("gold.")] == [OTHER]
    assert len(state.damaged) == 1
    for command in (["verify"], ["status"], ["sql", "select count(*) from gold.fact_sales"]):
        ended = CliRunner().invoke(app, [*command, "--lake", str(lake)])
        assert ended.exit_code == 1
        assert "gold.fact_sales is damaged" in ended.output


@pytest.mark.parametrize("damage", [file_gone, file_cut, file_grown])
def test_the_file_is_named(lake: Path, damage: Callable[[Path], None]) -> None:
    name = data_file(lake).name
    damage(lake)
    [found] = verify(lake, newest(lake)).damaged
    assert name in str(found)


@pytest.mark.parametrize("damage", [table_gone, log_gone])
def test_a_folder_that_is_gone_is_told_as_that(lake: Path, damage: Callable[[Path], None]) -> None:
    damage(lake)
    [found] = verify(lake, newest(lake)).damaged
    assert found.what == f"its folder {lake / 'gold/fact_sales'} is gone, or has no _delta_log"


def test_another_version_than_the_one_that_was_noted_is_not_held_against_the_note(lake: Path) -> None:
    """Readers see bronze, which grows, as it is now."""
    assert len(checked(lake, TABLE, 0, newest(lake))) == 1
    assert len(checked(lake, TABLE, 1, newest(lake))) == 2
    other_files_listed(lake)
    with pytest.raises(Damaged, match="published were"):
        checked(lake, TABLE, 1, newest(lake))
    assert checked(lake, TABLE, 1, None) == checked(lake, TABLE, 0, None)


def test_one_turned_bit_is_seen_by_a_deep_look_alone(lake: Path) -> None:
    path = data_file(lake)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert verify(lake, newest(lake)).damaged == []
    [found] = verify(lake, newest(lake), deep=True).damaged
    assert path.name in str(found)
    assert CliRunner().invoke(app, ["verify", "--deep", "--lake", str(lake)]).exit_code == 1


def test_a_file_that_breaks_while_it_is_read_is_damage_and_no_wrong_query(lake: Path) -> None:
    path = data_file(lake)
    path.write_bytes(b"x" * path.stat().st_size)
    ended = CliRunner().invoke(app, ["sql", "select sum(n) from gold.fact_sales", "--lake", str(lake)])
    assert (ended.exit_code, "gold.fact_sales is damaged" in ended.output) == (1, True)
    wrong = CliRunner().invoke(app, ["sql", "select sum(nothing) from gold.dim_date", "--lake", str(lake)])
    assert wrong.exit_code == 2


@pytest.mark.parametrize("is_published", [False, True])
def test_a_table_of_which_nothing_was_noted_is_not_to_blame(lake: Path, is_published: bool) -> None:
    blame(lake, "gold.dim_product", newest(lake) if is_published else None, OSError())


def test_an_emptied_commit_of_publications_is_damage_and_not_the_publication_before(lake: Path) -> None:
    publish(lake, 2, {OTHER: 0})
    commit(lake, 1, "ops.publications").write_bytes(b"")
    with pytest.raises(Damaged, match=r"ops\.publications is damaged"):
        newest(lake)


def test_what_was_published_without_notes_is_read_as_before(tmp_path: Path) -> None:
    write_deltalake(tmp_path / "gold/dim_date", pa.table({"day": [1, 2]}))
    plain = pa.table({"publication": [1]})
    publish(tmp_path, 1, {OTHER: 0})
    before = duckdb.sql(f"SELECT * EXCLUDE table_notes FROM '{tmp_path}/ops/publications/*.parquet'").to_arrow_table()
    rmtree(tmp_path / "ops/publications")
    write_deltalake(tmp_path / "ops/publications", before)
    assert newest(tmp_path).publication == plain["publication"][0].as_py()
    with open_published(tmp_path) as published:
        assert published.sql("SELECT count(*) FROM gold.dim_date").fetchall() == [(2,)]
    assert verify(tmp_path, newest(tmp_path), deep=True).without_hash == 1


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"")], ids=["gone", "emptied"])
@pytest.mark.parametrize("table", ["publications", "data_files", "batch_decisions"])
def test_a_data_file_of_ops_is_named_too(lake: Path, table: str, damage: Callable[[Path], None]) -> None:
    if table == "batch_decisions":
        write_deltalake(lake / "ops" / table, pa.table({"batch_id": [1]}))
    file = next((lake / "ops" / table).glob("*.parquet"))
    damage(file)
    told = CliRunner().invoke(app, ["verify", "--lake", str(lake)])
    assert told.exit_code == 1
    assert f"ops.{table} is damaged: the data file {file.name}" in told.output


@pytest.mark.parametrize(
    "read", [lambda lake: small_rows(lake, ops.PUBLICATIONS), publications], ids=["rows", "publications"]
)
def test_who_reads_an_emptied_file_of_ops_is_told_which(lake: Path, read: Callable[[Path], object]) -> None:
    file = next((lake / "ops/publications").glob("*.parquet"))
    file.write_bytes(b"")
    with pytest.raises(Damaged, match=rf"ops.publications is damaged: the data file {file.name} has 0 bytes"):
        read(lake)
    file.write_bytes(b"PAR1")
    with pytest.raises(Damaged, match="4 bytes"):
        answer(lake, ops.PUBLICATIONS, "SELECT publication FROM publications")


def test_hashes_that_are_all_gone_are_told_where_they_are_asked_for(lake: Path) -> None:
    assert CliRunner().invoke(app, ["verify", "--deep", "--lake", str(lake)]).exit_code == 0
    rmtree(lake / "ops/data_files")
    found = CliRunner().invoke(app, ["verify", "--deep", "--lake", str(lake)], env={"COLUMNS": "200"})
    assert "ops.data_files, which had all hashes, is gone" in found.stdout
    assert found.exit_code == 1
    assert CliRunner().invoke(app, ["verify", "--lake", str(lake)]).exit_code == 0
