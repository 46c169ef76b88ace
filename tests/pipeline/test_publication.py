"""Publications follow each other, one at a time, and an older one can be shown again."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs.cli.options import FAILED, exit_code_of
from lakehouse.delta.damage import Damaged
from lakehouse.delta.notes import note_of
from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import LostRace, publish, roll_back
from lakehouse.published import newest, open_published, publications
from lakehouse.published.batches import list_batches
from lakehouse.published.publications import chosen
from lakehouse.published.verify import verify
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.ops import BATCH_DECISIONS, DATA_FILES, INGESTED_FILES, PUBLICATIONS
from tests.lakes import write

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
Run = Callable[[str], Lake]
QUERY = "SELECT date_key FROM gold.dim_date"


@pytest.fixture
def run(spark: SparkSession, tmp_path: Path) -> Run:
    """A run of that name, which has looked at what is published."""
    # Spark takes longer to make a table than all else here.
    for table in (PUBLICATIONS, BATCH_DECISIONS):
        write(tmp_path, table, [])

    def start(name: str) -> Lake:
        lake = Lake(spark, tmp_path, run_id=name, as_of=date(2024, 3, 1))
        assert lake.publication == (publications(tmp_path) or [None])[-1]
        return lake

    return start


@pytest.fixture
def three(run: Run, tmp_path: Path) -> Path:
    """A lake with three publications of one batch each; batch 4 is loaded and waits."""
    loaded = [{"source_system": "shop", "status": "loaded", "batch_id": number} for number in range(1, 5)]
    write(tmp_path, INGESTED_FILES, loaded)
    for number in (1, 2, 3):
        write(tmp_path, DIM_DATE, [{"date_key": number}])
        assert publish(run(f"run {number}"), batches=[number], configuration={"gold": f"{number}"}, now=NOW) == number
    return tmp_path


def test_nothing_is_rolled_back_to_what_is_not_there_any_more(run: Run, three: Path) -> None:
    (three / "gold/dim_date/_delta_log" / f"{0:020d}.json").write_bytes(b"")
    with pytest.raises(Damaged, match=r"gold\.dim_date"):
        roll_back(run("back"), chosen(three, 1), now=NOW)
    assert newest(three).publication == 3


def test_a_publication_notes_its_tables_and_keeps_a_hash_of_each_new_data_file(three: Path) -> None:
    for one in publications(three):
        assert one.notes[DIM_DATE.name] == note_of(three / "gold/dim_date", one.table_versions[DIM_DATE.name])
    kept = small_rows(three, DATA_FILES)
    assert sorted(row["publication"] for row in kept) == [1, 2, 3]
    assert verify(three, newest(three), deep=True).hashed == 1


def test_the_row_of_a_publication_is_synced_last(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, DIM_DATE, [{"date_key": 1}])
    synced: list[str] = []
    monkeypatch.setattr(os, "fsync", lambda one: synced.append(os.readlink(f"/proc/self/fd/{one}")))
    publish(run("r"), batches=[], configuration={}, now=NOW)
    layers = [one.removeprefix(str(tmp_path)).split("/")[1:3] for one in synced]
    first = layers.index(["ops", "publications"])
    assert ["gold", "dim_date"] in layers[:first]
    assert ["ops", "data_files"] in layers[:first]
    assert all(one[:1] != ["gold"] and one != ["ops", "data_files"] for one in layers[first:])


def shown(lake: Path) -> int:
    with open_published(lake) as published:
        [(number,)] = published.sql(QUERY).fetchall()
    return int(number)


def statuses(lake: Path) -> list[str]:
    return [batch.status for batch in list_batches(lake)]


def back_to(run: Run, lake: Path, number: int, hours: int = 0) -> tuple[int, list[int]]:
    return roll_back(run(f"back to {number}"), chosen(lake, number), now=NOW + timedelta(hours=hours))


def test_of_two_runs_that_began_alike_the_one_that_publishes_first_is_what_readers_see(
    run: Run, tmp_path: Path
) -> None:
    first, second = run("first"), run("second")
    write(tmp_path, DIM_DATE, [{"date_key": 1}])
    publish(first, batches=[1], configuration={}, now=NOW)
    write(tmp_path, DIM_DATE, [{"date_key": 2}])
    with pytest.raises(LostRace, match="start this one again") as lost:
        publish(second, batches=[2], configuration={}, now=NOW)
    assert exit_code_of(lost.value) == FAILED
    [only] = publications(tmp_path)
    assert (only.run_id, only.batches, shown(tmp_path)) == ("first", (1,), 1)


def test_a_run_that_two_others_overtook_publishes_nothing(run: Run, three: Path) -> None:
    late, _ = run("late"), publish(run("run 4"), batches=[], configuration={}, now=NOW)
    publish(run("run 5"), batches=[], configuration={}, now=NOW)
    with pytest.raises(LostRace, match="publication 4 "):
        publish(late, batches=[4], configuration={}, now=NOW)
    assert [one.run_id for one in publications(three)][3:] == ["run 4", "run 5"]


def test_of_runs_that_publish_in_the_same_instant_one_wins_and_the_others_know(run: Run, tmp_path: Path) -> None:
    write(tmp_path, DIM_DATE, [{"date_key": 1}])
    publish(run("before"), batches=[], configuration={}, now=NOW)
    lakes = [run(name) for name in "abcd"]

    def won(lake: Lake) -> bool:
        try:
            return publish(lake, batches=[], configuration={}, now=NOW) == 2
        except LostRace:
            return False

    with ThreadPoolExecutor(len(lakes)) as pool:
        winners = [lake.run_id for lake, is_first in zip(lakes, pool.map(won, lakes), strict=True) if is_first]
    assert winners == [newest(tmp_path).run_id]
    assert len(publications(tmp_path)) == 2


def test_the_next_run_is_built_on_the_one_before_and_has_its_batches_too(three: Path) -> None:
    assert [(one.publication, one.parent) for one in publications(three)] == [(1, None), (2, 1), (3, 2)]
    assert statuses(three) == ["published", "published", "published", "new"]


def test_a_rollback_shows_the_older_tables_and_holds_what_came_after(run: Run, three: Path) -> None:
    assert back_to(run, three, 1) == (4, [2, 3])
    last = newest(three)
    assert (last.kind, last.parent, last.batches, last.configuration) == ("rollback", 1, (), {"gold": "1"})
    assert shown(three) == 1
    assert statuses(three) == ["published", "held", "held", "new"]


def test_a_rollback_to_the_newest_publication_holds_nothing(run: Run, three: Path) -> None:
    assert back_to(run, three, 3) == (4, [])
    assert (shown(three), newest(three).parent) == (3, 3)
    assert statuses(three) == ["published", "published", "published", "new"]


def test_rollbacks_one_after_the_other_each_hold_what_the_one_before_had_left(run: Run, three: Path) -> None:
    assert back_to(run, three, 2) == (4, [3])
    assert back_to(run, three, 1, hours=1) == (5, [2])
    assert (shown(three), statuses(three)) == (1, ["published", "held", "held", "new"])
    assert back_to(run, three, 1, hours=2) == (6, [])


def test_forward_again_all_batches_of_that_publication_are_published(run: Run, three: Path) -> None:
    back_to(run, three, 1)
    assert back_to(run, three, 3, hours=1) == (5, [])
    assert (shown(three), statuses(three)) == (3, ["published", "published", "published", "new"])
    # And back: what is held stays held, whoever said so first.
    assert back_to(run, three, 4, hours=2) == (6, [2, 3])
    assert (shown(three), statuses(three)) == (1, ["published", "held", "held", "new"])


def test_a_run_after_a_rollback_goes_on_from_what_it_shows(run: Run, three: Path) -> None:
    back_to(run, three, 1)
    later = run("later")
    assert later.published_version(DIM_DATE) == 0
    assert publish(later, batches=[4], configuration={}, now=NOW) == 5
    assert newest(three).parent == 4
    assert statuses(three) == ["published", "held", "held", "published"]
