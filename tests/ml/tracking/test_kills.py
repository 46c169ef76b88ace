"""A run that is killed at any point leaves champion and publication as they were, and the next one comes through."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lakehouse.published import Publication
from ml.tracking.decision import Decision, due
from ml.tracking.log import register
from ml.tracking.registry import HISTORY, NoChampionBefore, Registry
from ml.tracking.store import Store
from tests.ml.tracking.trainings import AS_OF, NOON, data_versions, made_training, publication, without_curves

WRITES = ("set_", "delete_", "create_", "log_", "finalize_")
BOTH = Decision("logistic_regression", "xgboost", "tried")
NEXT = Decision("xgboost", "logistic_regression", "tried")


class Killed(BaseException):
    """What no code of ours catches, as nothing catches SIGKILL."""


class Mortal:
    """The real client, which is killed before its n-th write."""

    def __init__(self, client: Any, lives: int) -> None:
        self.client, self.lives = client, lives

    def __getattr__(self, name: str) -> Any:
        if name.startswith(WRITES):
            self.lives -= 1
            if self.lives < 0:
                raise Killed
        return getattr(self.client, name)


def trained(registry: Registry, source: str, run_id: str, decision: Decision) -> dict[str, int]:
    training = without_curves(made_training(source=source))
    return register(training, decision, registry=registry, data=data_versions(run_id), now=NOON)


def aliases(registry: Registry, source: str) -> dict[str, int]:
    return {alias: one.version for one in registry.versions("churn", source) for alias in one.aliases}


def copied(registry: Registry, source: str, to: str) -> str:
    """A model with the same versions for another source."""
    name = f"churn-{to}"
    registry.client.create_registered_model(name)
    with registry.store.as_default():
        for one in registry.versions("churn", source):
            registry.client.create_model_version(name, f"models:/{one.model_id}", tags=one.tags, model_id=one.model_id)
    return name


def first_run(registry: Registry, source: str) -> Publication:
    versions = trained(registry, source, "r1", BOTH)
    newest = publication(1, "r1", {f"churn-{source}": versions["logistic_regression"]})
    registry.settle(newest)
    return newest


def mortal(registry: Registry, lives: int) -> Registry:
    found = Registry.__new__(Registry)
    found.store, found.client = registry.store, Mortal(registry.client, lives)  # type: ignore[assignment]
    return found


def test_killed_before_any_write_of_the_registration_the_champion_is_as_it_was(registry: Registry) -> None:
    newest, lives = first_run(registry, "register"), 0
    before = aliases(registry, "register")
    while True:
        try:
            trained(mortal(registry, lives), "register", f"r2-{lives}", NEXT)
            break
        except Killed:
            lives += 4  # Every write would do; each costs a second.
        assert registry.settle(newest) == []
        assert aliases(registry, "register") == before == {"champion": 2, "challenger": 1}
    assert lives > 20


def test_killed_between_registration_and_publication_the_model_is_due_again(registry: Registry) -> None:
    trained(registry, "unpublished", "r1", BOTH)
    assert due(registry.versions("churn", "unpublished"), as_of=AS_OF, due_days=28)
    versions = trained(registry, "unpublished", "r2", BOTH)
    registry.settle(publication(1, "r2", {"churn-unpublished": versions["logistic_regression"]}))
    assert aliases(registry, "unpublished") == {"champion": 4, "challenger": 3}
    assert not due(registry.versions("churn", "unpublished"), as_of=AS_OF, due_days=28)


def test_killed_after_the_publication_before_any_write_of_the_aliases_the_next_call_settles_it(
    registry: Registry,
) -> None:
    trained(registry, "whole", "r1", BOTH)
    trained(registry, "whole", "r2", NEXT)
    lives, ends = 0, []
    while True:
        name = copied(registry, "whole", f"settle{lives}")
        registry.settle(publication(1, "r1", {name: 2}))
        newest, killed = publication(2, "r2", {name: 4}), False
        try:
            mortal(registry, lives).settle(newest)
        except Killed:
            killed = True
        registry.settle(newest)
        ends.append(aliases(registry, f"settle{lives}"))
        assert registry.rollback(name, newest=newest, why="back") == 2
        if not killed:
            break
        lives += 1
    assert lives == 6  # version, history, alias; version, alias; publication
    assert ends == [{"champion": 4, "challenger": 3}] * (lives + 1)


def test_killed_before_the_first_champion_is_one_there_is_no_way_back_behind_it(registry: Registry) -> None:
    versions = trained(registry, "first", "r1", BOTH)
    newest = publication(1, "r1", {"churn-first": versions["logistic_regression"]})
    with pytest.raises(Killed):
        mortal(registry, 2).settle(newest)
    assert registry.client.get_registered_model("churn-first").tags[HISTORY] == "2"
    assert aliases(registry, "first") == {}
    registry.settle(newest)
    assert aliases(registry, "first") == {"champion": 2, "challenger": 1}
    with pytest.raises(NoChampionBefore):
        registry.rollback("churn-first", newest=newest, why="back")


def test_killed_within_the_way_back_and_settled_the_history_still_leads_on(registry: Registry) -> None:
    newest = first_run(registry, "back")
    registry.set_champion("churn-back", 1, by="a person")
    with pytest.raises(Killed):
        mortal(registry, 1).rollback("churn-back", newest=newest, why="back")
    assert aliases(registry, "back") == {"champion": 2}
    registry.set_champion("churn-back", 1, by="a person")
    assert registry.rollback("churn-back", newest=newest, why="back") == 2


@pytest.mark.long
def test_a_process_that_is_killed_while_it_registers_leaves_the_champion_and_its_runs_are_ended_by_the_next(
    registry: Registry,
) -> None:
    first_run(registry, "killed")
    code = (
        "import os, signal, sys\n"
        "from ml.tracking import log as module\n"
        "from ml.tracking.registry import Registry\n"
        "from ml.tracking.store import Store\n"
        "from tests.ml.tracking import test_kills as here\n"
        "module.log_model = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "here.trained(Registry(Store(sys.argv[1], sys.argv[2])), 'killed', 'r2', here.NEXT)\n"
    )
    store: Store = registry.store
    root = Path(__file__).resolve().parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", code, store.uri, store.artifacts], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}
    )
    assert ended.returncode == -signal.SIGKILL
    assert aliases(registry, "killed") == {"champion": 2, "challenger": 1}
    experiment = store.experiment(registry.client, "churn")

    def statuses() -> list[str]:
        found = registry.client.search_runs([experiment], "tags.run_id = 'r2' and tags.source = 'killed'")
        return sorted({run.info.status for run in found})

    assert statuses() == ["RUNNING"]
    trained(registry, "killed", "r3", NEXT)
    assert statuses() == ["KILLED"]
