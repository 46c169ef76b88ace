"""A declaration that cannot be read is named, and ends only what needs it. None of this starts Spark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.bronze.ledger import waiting_files
from lakehouse.settings import conf_dir
from lakehouse.sources.load import sound_sources
from lakehouse.tables import ops
from tests.lakes import published_star, write
from tests.own_conf import own_conf

LACKS = "feeds.order_lines: quantity must be mapped"
ARTICLES = "Order No;Article;Date\n1001;TEA-01;04.03.2024\n1002;TEA-02;05.03.2024\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A draft of a source whose quantities no column tells."""
    (tmp_path / "landing" / "draft").mkdir(parents=True)
    (tmp_path / "landing" / "draft" / "sales.csv").write_text(ARTICLES, encoding="utf-8")
    shop = (conf_dir() / "sources" / "shop.toml").read_text(encoding="utf-8")
    lines = shop.replace('quantity = "quantity"\n', "", 1)
    assert lines != shop
    with own_conf(tmp_path, monkeypatch) as conf:
        (conf / "sources" / "draft.toml").write_text(lines, encoding="utf-8")
        yield tmp_path


def command(folder: Path, *words: str) -> Any:
    where = ["--landing", str(folder / "landing")] if words[0] in ("run", "ingest") else []
    return CliRunner().invoke(app, [*words, *where, "--lake", str(folder / "lake")], env={"COLUMNS": "300"})


@pytest.mark.parametrize("words", ["run", "ingest", "run --source draft", "silver --source draft"])
def test_it_ends_a_run_that_names_it_or_whose_files_wait_before_anything_is_read(folder: Path, words: str) -> None:
    found = command(folder, *words.split())
    assert found.exit_code == 2, found.output
    assert LACKS in found.stderr
    assert ("--source" in words) != (f"{folder / 'landing' / 'draft'}: 1" in found.stderr)
    assert not (folder / "lake").exists()


def test_status_names_it_with_what_is_wrong(folder: Path) -> None:
    published_star(folder / "lake")
    shown = command(folder, "status")
    assert shown.exit_code == 0
    assert "Sources that runs leave out" in shown.stdout
    assert LACKS in shown.stdout
    assert "\\n" not in shown.stdout
    [one] = json.loads(command(folder, "status", "--json").stdout)["broken_sources"]
    assert one["name"] == "draft"
    assert LACKS in one["problem"]


def test_status_is_silent_where_every_source_can_be_read(folder: Path) -> None:
    (folder / "conf" / "sources" / "draft.toml").unlink()
    published_star(folder / "lake")
    assert "leave out" not in command(folder, "status").stdout


def test_the_others_can_still_be_looked_up(folder: Path) -> None:
    found = CliRunner().invoke(app, ["tables", "bronze.shop_orders"])
    assert found.exit_code == 0, found.output
    assert "order_id" in found.stdout


def test_what_is_no_toml_and_what_has_no_name_for_a_source_is_broken_too(folder: Path) -> None:
    sources = folder / "conf" / "sources"
    (sources / "cut.toml").write_text('title = "x\n', encoding="utf-8")
    (sources / "My Shop.toml").write_text((sources / "shop.toml").read_text(encoding="utf-8"), encoding="utf-8")
    sound, broken = sound_sources()
    assert [one.name for one in broken] == ["My Shop", "cut", "draft"]
    assert [one.name for one in sound] == ["adventureworks", "northwind", "olist", "online_retail", "shop"]


def test_a_file_waits_until_it_is_loaded_as_it_is_now(tmp_path: Path) -> None:
    lake, landing = tmp_path / "lake", tmp_path / "landing"
    (landing / "tea").mkdir(parents=True)
    names = ["changed.csv", "duplicate.csv", "loaded.csv", "new.csv", "of_another.csv", "rejected.csv"]
    for name in names:
        (landing / "tea" / name).write_text("a\n1\n")
    assert waiting_files(lake, landing, "tea") == names
    states = {"changed": "loaded", "duplicate": "duplicate", "loaded": "loaded", "rejected": "rejected"}
    rows = [_known(landing / "tea" / f"{name}.csv", status, "tea") for name, status in states.items()]
    write(lake, ops.INGESTED_FILES, [*rows, _known(landing / "tea" / "of_another.csv", "loaded", "coffee")])
    (landing / "tea" / "changed.csv").write_text("a\n1\n2\n")
    assert waiting_files(lake, landing, "tea") == ["changed.csv", "new.csv", "of_another.csv", "rejected.csv"]
    assert waiting_files(lake, landing, "no_folder") == []


def _known(file: Path, status: str, source: str) -> dict[str, Any]:
    state = file.stat()
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=state.st_mtime_ns // 1000)
    return {
        "source_system": source, "path": file.name, "bytes": state.st_size, "modified_at": when, "status": status,
    }  # fmt: skip
