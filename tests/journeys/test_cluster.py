"""Runs on a cluster come to what one machine comes to, also where parts of it die; what cannot go on says so."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakehouse.engine.cluster.conf import from_properties
from lakehouse.engine.cluster.place import FOLDER_VARIABLE, SECRET, SECRET_VARIABLE, Place
from lakehouse.published import publications
from tests.docs.pages import ROOT, block, words
from tests.journeys.cluster import Running, begun, clean, cluster_in, told, typed, until
from tests.journeys.compare import contents

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(3000)]
DAY = "2024-12-05"
PAGE, WRITTEN = "docs/cluster.md", "spark://127.0.0.1:7077"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `landing`, and `calm`: the lake that one machine makes of it."""
    folder = tmp_path_factory.mktemp("shop")
    typed(["generate", "--profile", "tiny", "--seed", "7", "--out", "landing", "--master", "local[2]"], folder=folder)
    typed(["run", *places("calm"), "--master", "local[2]"], folder=folder)
    return folder


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with cluster_in(tmp_path / "cluster") as there:
        yield there


def places(lake: str) -> list[str]:
    """Relative to where the driver stands: no executor stands there."""
    return ["--lake", lake, "--landing", "landing", "--source", "shop", "--as-of", DAY]


def on(running: Running, lake: str) -> list[str]:
    return ["run", *places(lake), "--master", running.master]


def test_a_run_on_a_cluster_gives_the_tables_of_one_machine_and_its_secret_is_nowhere(
    shop: Path, running: Running
) -> None:
    secret = from_properties(running.place.client_conf)[SECRET]
    seen: list[str] = []
    with begun(on(running, "cluster"), running.environment(), shop) as process:
        until(lambda: told(shop / "cluster", "silver", "started") > 0, process)
        until(lambda: len(running.executors()) == 2, process)
        seen.append(subprocess.run(["ps", "axww", "-o", "command="], capture_output=True, text=True, check=True).stdout)
        assert process.wait() == 0, process.communicate()[0]
    assert contents(shop / "cluster") == contents(shop / "calm")
    assert not (shop / "cluster" / ".checkpoints").exists()
    assert "CoarseGrainedExecutorBackend" in seen[0]
    assert secret not in seen[0]
    holding = [path for path in (running.place.folder, shop) for path in path.rglob("*") if holds(path, secret)]
    assert sorted(path.name for path in holding) == ["client.conf", "daemon.conf"]


def holds(path: Path, secret: str) -> bool:
    return path.is_file() and secret.encode() in path.read_bytes()


@pytest.mark.parametrize("stage", ["silver", "gold"])
def test_a_worker_that_is_killed_with_its_executor_changes_nothing(stage: str, shop: Path, running: Running) -> None:
    lake = f"killed_in_{stage}"
    # Of gold some steps are done, others are at work.
    event, times = ("started", 1) if stage == "silver" else ("done", 3)
    with begun(on(running, lake), running.environment(), shop) as process:
        until(lambda: told(shop / lake, stage, event) >= times, process)
        until(lambda: len(running.executors("worker-1")) == 1, process)
        if stage == "silver":
            until(lambda: any((shop / lake / "silver").glob("*/*.parquet")), process)
        running.kill("worker-1")
        said, _ = process.communicate()
    assert process.returncode == 0, said[-4000:]
    assert contents(shop / lake) == contents(shop / "calm")


def test_a_master_that_is_killed_ends_the_run_with_a_sentence_and_the_next_one_is_right(
    shop: Path, tmp_path: Path, running: Running
) -> None:
    lake = shop / "killed_master"
    shutil.copytree(shop / "calm", lake)
    shutil.rmtree(lake / "logs")  # which tell of the run that made it
    before = contents(lake)
    began = 0.0
    with begun([*on(running, lake.name), "--full"], running.environment(), shop) as process:
        until(lambda: told(lake, "silver", "started") > 0, process)
        running.kill("master")
        began = time.monotonic()
        said, _ = process.communicate()
    assert time.monotonic() - began < 120
    assert process.returncode == 1
    assert f"the master at {running.master} has been gone" in " ".join(said.split())
    assert "Traceback" not in said
    assert len(publications(lake)) == 1
    assert contents(lake) == before
    no_master = typed(on(running, lake.name), running.environment(), shop, code=1)
    assert "no master answers" in no_master
    typed(["cluster", "down", "--folder", str(running.place.folder)])
    with cluster_in(tmp_path / "next") as again:
        typed([*on(again, lake.name), "--full"], again.environment(), shop)
    assert len(publications(lake)) == 2
    assert contents(lake) == before


def test_a_secret_that_is_wrong_or_missing_ends_in_a_sentence_and_not_in_a_wait(shop: Path, running: Running) -> None:
    wrong = {SECRET_VARIABLE: "wrong" * 8}
    elsewhere = {FOLDER_VARIABLE: str(shop / "no_cluster")}
    for variables, sentence in (
        (wrong, f"{SECRET_VARIABLE} is not the secret of the cluster"),
        (wrong | elsewhere, "does not take this secret"),
        (elsewhere, "wants a secret, and none is known"),
    ):
        began = time.monotonic()
        said = typed(on(running, "refused"), running.environment(**variables), shop, code=2)
        assert time.monotonic() - began < 30
        assert sentence in " ".join(said.split())
    right = {SECRET_VARIABLE: from_properties(running.place.client_conf)[SECRET]} | elsewhere
    typed(on(running, "let_in"), running.environment(**right), shop)
    assert contents(shop / "let_in") == contents(shop / "calm")


def test_the_commands_of_the_page_do_what_it_says(shop: Path, tmp_path: Path) -> None:
    """As they stand, but for the port, which another cluster may have."""
    (tmp_path / "landing").symlink_to(shop / "landing")
    at = Place(tmp_path / "cluster")
    environment = clean() | {FOLDER_VARIABLE: str(at.folder)}
    said = []
    try:
        for command in block(PAGE, "lakehouse cluster up").commands:
            there = at.read()
            master = there.master if there is not None else WRITTEN
            said.append(typed(words(command.replace(WRITTEN, master))[1:], environment, tmp_path))
    finally:
        typed(["cluster", "down"], environment)
    assert "2 of 2 workers alive" in said[0]
    assert "2 of 2 workers alive" in said[2]
    assert said[3].startswith("the cluster is down: ")
    assert len(publications(tmp_path / "lake")) == 1


@pytest.mark.parametrize("found", ["the folder", "properties"])
def test_spark_submit_takes_the_wheel_and_finds_the_cluster(
    found: str, shop: Path, tmp_path: Path, running: Running
) -> None:
    """The page's command as it stands, but for the port, where neither checkout nor settings are."""
    uv = Path(sys.executable).parent / "uv"
    if not uv.is_file():
        pytest.skip("there is no uv to build the wheel with")
    subprocess.run([uv, "build", "--wheel", "--quiet", "--out-dir", tmp_path / "dist", ROOT], check=True)
    (tmp_path / "jobs").mkdir()
    shutil.copy(ROOT / "jobs" / "run.py", tmp_path / "jobs" / "run.py")
    (tmp_path / "landing").symlink_to(shop / "landing")
    [command] = block(PAGE, "spark-submit").commands
    arguments = words(command.replace(WRITTEN, running.master))
    environment = running.environment()
    if found == "properties":
        arguments[1:1] = ["--properties-file", str(running.place.client_conf)]
        environment = clean()
    done = subprocess.run(
        [*arguments, "--as-of", DAY, "--source", "shop"],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert contents(tmp_path / "lake") == contents(shop / "calm")


def test_the_history_server_shows_both_executors_in_a_browser(shop: Path, running: Running) -> None:
    from bench.browser import chromium, missing, watched

    if said := missing():
        pytest.skip(said)
    typed(on(running, "shown"), running.environment(), shop)
    history = running.cluster.page("history")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        seen = watched(page)
        page.goto(history)
        page.locator("#history-summary-table a", has_text="app-").first.click()
        page.get_by_role("link", name="Executors").click()
        page.locator("#active-executors-table tbody tr").nth(2).wait_for(timeout=30_000)
        rows = page.locator("#active-executors-table tbody tr").all_inner_texts()
        picture = page.screenshot()
    (shop / "history.png").write_bytes(picture)
    assert {row.split()[0] for row in rows} == {"driver", "0", "1"}
    assert seen.outside == []


def test_with_comet_executors_work_natively_and_the_tables_stay_the_same(
    shop: Path, running: Running, tmp_path: Path
) -> None:
    """By the commands of the page, but for the port; then once more as of the day of the other lakes."""
    (tmp_path / "landing").symlink_to(shop / "landing")
    export, *commands = block(PAGE, "export LAKEHOUSE_COMET=1").commands
    environment = running.environment(**dict([words(export)[1].split("=")]))
    for command in commands:
        typed(words(command.replace(WRITTEN, running.master))[1:], environment, tmp_path)
    assert len(publications(tmp_path / "lake")) == 1
    typed(on(running, "comet"), environment, shop)
    assert contents(shop / "comet") == contents(shop / "calm")
    said = [path.read_text(errors="replace") for path in running.place.folder.rglob("stderr")]
    assert sum("Comet native library version 1.2.0 initialized" in one for one in said) >= 2
