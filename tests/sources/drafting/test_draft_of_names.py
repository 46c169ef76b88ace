"""What the names of columns come to in a draft."""

from __future__ import annotations

import json
from pathlib import Path

from lakehouse.sources.drafting.draft import draft_source
from lakehouse.sources.load import read_source


def drafted(folder: Path, *files: str) -> tuple[str, ...]:
    """The columns of the one kind of file that a draft of these files declares."""
    (folder / "landing" / "shop").mkdir(parents=True)
    for number, text in enumerate(files):
        (folder / "landing" / "shop" / f"sales_{number}.json").write_text(text, encoding="utf-8")
    text = draft_source("shop", folder / "landing")
    # What a draft asks for is none of this test.
    text = "\n".join(line for line in text.split("\n") if not line.startswith(("#", "ignored"))).split("[feeds.")[0]
    (folder / "shop.toml").write_text(f"{text}\n{FEED}", encoding="utf-8")
    [kind] = read_source(folder / "shop.toml").files.values()
    return kind.columns


FEED = '[feeds.customers]\nfile = "sales"\n[feeds.customers.columns]\ncustomer_id = "1"\n'


def row(*names: str) -> str:
    return json.dumps(dict.fromkeys(names, "x")) + "\n"


def test_a_draft_has_the_names_as_they_were_sent(tmp_path: Path) -> None:
    names = ("Order #", "Unit Price (EUR)", "a`b", 'say "x"', "tab\tbed", "broken\nline", "a\\b", "Größe")
    assert drafted(tmp_path, row(*names)) == names


def test_a_draft_leaves_out_what_cannot_be_declared(tmp_path: Path) -> None:
    assert drafted(tmp_path, row("a", "", " ", "_source_file", "_Rescued", "_id")) == ("a", "_id")


def test_a_name_that_files_write_in_two_ways_is_one_column(tmp_path: Path) -> None:
    assert drafted(tmp_path, row("Qty", "a", "b"), row("qty", "a", "b")) == ("Qty", "a", "b")
