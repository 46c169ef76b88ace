"""A commit that says nothing is damage, wherever a reader of the log would pass over it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakehouse.delta.damage import Damaged, check_commits, name_of

LOG = "_delta_log"
SAYS = json.dumps({"commitInfo": {}}).encode()
ZEROS = b"\0" * 9
ACTIONS = ["add", "remove", "metaData", "protocol", "txn", "commitInfo", "cdc", "domainMetadata"]
"""All that Delta's protocol knows of, in a commit."""


def table(folder: Path, *commits: bytes) -> Path:
    path = folder / "gold" / "dim_date"
    (path / LOG).mkdir(parents=True)
    for version, content in enumerate(commits):
        (path / LOG / f"{version:020d}.json").write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("commits", "silent"),
    [
        ([b"", SAYS, SAYS], 0),
        ([SAYS, b"", SAYS], 1),
        ([SAYS, SAYS, ZEROS], 2),
        ([SAYS, b"", ZEROS], 1),  # the first of them
        ([SAYS, SAYS, b"\0\0\n \t\n"], 2),
        ([SAYS, SAYS, b"{}\n[]\n1\nnull\n"], 2),
        ([SAYS, SAYS, b'{"other": {}}'], 2),
    ],
)
def test_a_commit_that_says_nothing_is_named(tmp_path: Path, commits: list[bytes], silent: int) -> None:
    with pytest.raises(
        Damaged, match=rf"^gold\.dim_date is damaged: the commit _delta_log/0+{silent}\.json says nothing"
    ):
        check_commits(table(tmp_path, *commits), LOG, 2)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_commit_with_one_action_of_any_kind_says_something(tmp_path: Path, action: str) -> None:
    said = b"\n".join([b"{}", ZEROS, json.dumps({action: {}}).encode()])
    check_commits(table(tmp_path, said), LOG, 0)


def test_a_commit_that_is_cut_off_is_left_to_the_reader_of_the_log(tmp_path: Path) -> None:
    check_commits(table(tmp_path, b'{}\n{"add": {"pa'), LOG, 0)


def test_only_commits_up_to_the_version_are_looked_at_and_no_other_files(tmp_path: Path) -> None:
    path = table(tmp_path, SAYS, SAYS, b"")
    (path / LOG / "00000000000000000000.crc").write_bytes(b"")
    check_commits(path, LOG, 1)
    check_commits(path, LOG, 0)
    with pytest.raises(Damaged):
        check_commits(path, LOG, 2)


def test_commits_before_the_version_may_have_lost_anything_but_all_their_bytes(tmp_path: Path) -> None:
    """To read every commit of a long log would take longer than the query; the reader tells what does not read."""
    check_commits(table(tmp_path, ZEROS, SAYS), LOG, 1)


@pytest.mark.parametrize(
    ("name", "way_back"),
    [
        ("silver.orders", "`lakehouse run --full` makes it again from bronze"),
        ("gold.dim_date", "`lakehouse run --full` makes it again from bronze"),
        (
            "ops.publications",
            "put it back from a backup, or remove the commit and those after it, then `lakehouse run`",
        ),
        ("bronze.shop_orders", "`lakehouse ingest --again all` loads the files again from the landing folder"),
    ],
)
def test_the_message_names_table_and_way_back_in_one_line(name: str, way_back: str) -> None:
    said = Damaged(name, "the log does not read\nat src/log.rs:12")
    assert str(said) == f"{name} is damaged: the log does not read. Way back: {way_back} (docs/operations.md, Damage)"
    assert (said.table, said.what, said.exit_code) == (name, "the log does not read", 1)


def test_a_table_is_called_by_its_last_two_folders() -> None:
    assert name_of("/lakes/one/gold/dim_date") == "gold.dim_date"
