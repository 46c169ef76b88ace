"""Customers between two publications: who stayed, who moved, who came and who is gone."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.published.segment_moves import Move, segment_migration
from lakehouse.tables.gold.customers import CUSTOMER_RFM
from tests.lakes import publish, write


def in_segments(lake: Path, number: int, **segments: str) -> None:
    rows = [
        {"source_system": "s", "currency": "GBP", "customer_id": name, "segment": segment}
        for name, segment in segments.items()
    ]
    publish(lake, number, {CUSTOMER_RFM.name: write(lake, CUSTOMER_RFM, rows)})


def test_moves_between_two_publications(tmp_path: Path) -> None:
    in_segments(tmp_path, 1, ann="New", ben="New", carl="Lost", dora="Lost")
    in_segments(tmp_path, 2, ann="Loyal", ben="New", carl="Lost", eva="New")
    assert segment_migration(tmp_path, 1) == [
        Move("s", "GBP", None, "New", 1),
        Move("s", "GBP", "Lost", None, 1),
        Move("s", "GBP", "Lost", "Lost", 1),
        Move("s", "GBP", "New", "Loyal", 1),
        Move("s", "GBP", "New", "New", 1),
    ]
    assert {(one.before, one.after) for one in segment_migration(tmp_path, 1, 1)} == {("New", "New"), ("Lost", "Lost")}


def test_the_command_prints_them(tmp_path: Path) -> None:
    in_segments(tmp_path, 1, ann="New")
    in_segments(tmp_path, 2, ann="Loyal")
    answer = CliRunner().invoke(app, ["migration", "1", "--lake", str(tmp_path)])
    assert answer.exit_code == 0
    assert "New" in answer.output
    assert "Loyal" in answer.output
