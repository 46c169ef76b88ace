"""Champions come and go by publications and by people, and the way back is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from ml.tracking.decision import Decision
from ml.tracking.log import register
from ml.tracking.model_files import ModelDamaged
from ml.tracking.registry import HISTORY, NoChampionBefore, Registry, UnknownVersion
from ml.tracking.versions import CHAMPION, configuration_of, used_models
from tests.ml.tracking.trainings import NOON, data_versions, made_training, publication, without_curves

BOTH = Decision("logistic_regression", "xgboost", "tried")


def trained(registry: Registry, source: str, run_id: str, decision: Decision = BOTH) -> dict[str, int]:
    training = without_curves(made_training(source=source))
    return register(training, decision, registry=registry, data=data_versions(run_id), now=NOON)


def aliases(registry: Registry, source: str) -> dict[str, int]:
    return {alias: one.version for one in registry.versions("churn", source) for alias in one.aliases}


def test_what_is_registered_has_no_alias_until_a_publication_names_it(registry: Registry) -> None:
    versions = trained(registry, "plain", "r1")
    assert versions == {"xgboost": 1, "logistic_regression": 2}
    assert aliases(registry, "plain") == {}
    assert registry.champion("churn", "plain") is None
    registry.settle(publication(2, "r1", {"churn-plain": 2}))
    assert aliases(registry, "plain") == {"champion": 2, "challenger": 1}


def test_the_champions_files_are_the_candidates_bytes(registry: Registry) -> None:
    trained(registry, "files", "r1")
    registry.settle(publication(2, "r1", {"churn-files": 2}))
    for role, name in ((registry.champion, "logistic_regression"), (registry.challenger, "xgboost")):
        found = role("churn", "files")
        assert found is not None
        assert found.candidate == name
        assert found.files == made_training(source="files").candidate(name).files


def test_files_that_were_changed_after_they_were_registered_are_refused(registry: Registry) -> None:
    trained(registry, "changed", "r1")
    found = registry.registered("churn-changed", 1)
    where = registry.client.get_logged_model(found.model_id).artifact_location.removeprefix("file://")
    with open(f"{where}/artifacts/files/booster.ubj", "ab") as file:
        file.write(b"x")
    with pytest.raises(ModelDamaged, match="not those that were registered"):
        registry.registered("churn-changed", 1)


def test_a_publication_that_only_used_the_champion_moves_nothing(registry: Registry) -> None:
    trained(registry, "used", "r1")
    registry.settle(publication(2, "r1", {"churn-used": 2}))
    registry.settle(publication(3, "r2", {"churn-used": 2}))
    assert aliases(registry, "used") == {"champion": 2, "challenger": 1}


def test_a_challenger_that_is_published_as_champion_is_challenger_no_more(registry: Registry) -> None:
    trained(registry, "moved", "r1")
    registry.settle(publication(2, "r1", {"churn-moved": 2}))
    registry.settle(publication(3, "r2", {"churn-moved": 1}))
    assert aliases(registry, "moved") == {"champion": 1}


def test_what_a_person_promotes_stays_when_the_same_publication_is_settled_again(registry: Registry) -> None:
    trained(registry, "person", "r1")
    newest = publication(2, "r1", {"churn-person": 2})
    registry.promote("churn-person", 1, newest=newest, why="tried it on the shop")
    assert registry.settle(newest) == []
    assert aliases(registry, "person") == {"champion": 1}
    assert registry.versions("churn", "person")[0].tags["decision"] == "tried it on the shop"


def test_a_person_who_goes_back_comes_to_the_champion_before_and_that_stays(registry: Registry) -> None:
    trained(registry, "back", "r1")
    first = publication(2, "r1", {"churn-back": 2})
    registry.settle(first)
    second = publication(3, "r2", {"churn-back": 1})
    assert registry.rollback("churn-back", newest=second, why="worse on Sundays") == 2
    registry.settle(second)
    assert aliases(registry, "back") == {"champion": 2}
    with pytest.raises(NoChampionBefore):
        registry.rollback("churn-back", newest=second, why="again")


def test_a_rollback_of_the_data_leaves_the_champion(registry: Registry) -> None:
    trained(registry, "undone", "r1")
    registry.settle(publication(2, "r1", {"churn-undone": 2}))
    registry.settle(publication(3, "r2", {"churn-undone": 1}))
    registry.settle(replace(publication(4, "r3", {"churn-undone": 2}), kind="rollback"))
    assert aliases(registry, "undone") == {"champion": 1}


def test_a_lake_that_begins_anew_with_publication_1_is_followed_too(registry: Registry) -> None:
    trained(registry, "anew", "r1")
    registry.settle(publication(7, "r1", {"churn-anew": 2}))
    trained(registry, "anew", "r9")
    registry.settle(publication(7, "r9", {"churn-anew": 4}))
    assert aliases(registry, "anew") == {"champion": 4, "challenger": 3}


def test_promoting_twice_leaves_one_way_back(registry: Registry) -> None:
    trained(registry, "twice", "r1")
    registry.settle(publication(2, "r1", {"churn-twice": 2}))
    for _ in range(2):
        registry.promote("churn-twice", 1, newest=None, why="better")
    assert registry.client.get_registered_model("churn-twice").tags[HISTORY] == "2 1"
    assert registry.rollback("churn-twice", newest=None, why="no") == 2


def test_a_champion_that_was_deleted_is_passed_over_on_the_way_back(registry: Registry) -> None:
    trained(registry, "deleted", "r1")
    trained(registry, "deleted", "r2")
    for version in (1, 2, 3):
        registry.set_champion("churn-deleted", version, by="a person")
    registry.client.delete_model_version("churn-deleted", "2")
    assert registry.rollback("churn-deleted", newest=None, why="no") == 1


def test_an_alias_that_was_moved_in_mlflow_itself_counts_as_a_champion(registry: Registry) -> None:
    trained(registry, "aside", "r1")
    registry.set_champion("churn-aside", 1, by="a person")
    registry.client.set_registered_model_alias("churn-aside", CHAMPION, "2")
    assert registry.rollback("churn-aside", newest=None, why="no") == 1


@pytest.mark.parametrize("used", [{"churn-nowhere": 1}, {"churn-gone": 9}])
def test_a_version_that_a_publication_names_and_that_is_not_there_is_said(
    registry: Registry, used: Mapping[str, int]
) -> None:
    trained(registry, "gone", "r1")
    registry.set_champion("churn-gone", 1, by="a person")
    (said,) = registry.settle(publication(2, "r1", used))
    assert "which is not in sqlite:///" in said
    assert aliases(registry, "gone") == {"champion": 1}


@pytest.mark.parametrize(("name", "version"), [("churn-nowhere", 1), ("churn-unknown", 9)])
def test_a_version_that_there_is_not_cannot_be_promoted(registry: Registry, name: str, version: int) -> None:
    trained(registry, "unknown", "r1")
    with pytest.raises(UnknownVersion):
        registry.promote(name, version, newest=None, why="")
    assert aliases(registry, "unknown") == {}


def test_a_publication_keeps_the_versions_among_its_configuration() -> None:
    used = {"churn-shop": 3, "demand-shop": 12}
    assert used_models({"gold": "abc", **configuration_of(used)}) == used
