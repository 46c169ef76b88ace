"""Where a cluster is kept: for its owner alone, found wherever one stands."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from lakehouse.engine.cluster.client import NotLetIn, client_settings
from lakehouse.engine.cluster.conf import as_properties, client_conf
from lakehouse.engine.cluster.place import (
    FOLDER_VARIABLE,
    SECRET,
    SECRET_VARIABLE,
    Cluster,
    Page,
    Place,
    SecretTooShort,
    new_secret,
    place,
    write_closed,
)

MASTER = "spark://127.0.0.1:7077"
CLUSTER = Cluster("lakehouse-1", MASTER, [Page("master", "http://127.0.0.1:8080")], {"master": 1})
OWN = "a secret of sixteen characters"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A cluster that was started in this test's folder, its secret being s."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    at = place()
    at.write(CLUSTER)
    write_closed(at.client_conf, as_properties(client_conf(at, "s", "1g", 2)))
    return at


def test_the_folder_is_the_one_given_then_that_of_the_environment_then_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    assert place().folder == tmp_path / "state" / "lakehouse" / "cluster"
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "named"))
    assert place().folder == tmp_path / "named"
    assert place(tmp_path / "given").folder == tmp_path / "given"
    monkeypatch.chdir(tmp_path)
    assert place(Path("given")).folder == tmp_path / "given"


def test_what_holds_the_secret_is_for_its_owner_alone_whatever_was_there(tmp_path: Path) -> None:
    target = tmp_path / "client.conf"
    target.write_text("open to all")
    target.chmod(0o644)
    write_closed(target, "secret")
    assert (target.read_text(), stat.S_IMODE(target.stat().st_mode)) == ("secret", 0o600)


def test_a_record_is_read_as_it_was_written(kept: Place) -> None:
    assert kept.read() == CLUSTER


@pytest.mark.parametrize("text", ["", "{", "[]", '{"identity": "x"}', '{"identity":1,"master":2,"pages":[3],"pids":4}'])
def test_a_record_that_is_cut_short_is_none(tmp_path: Path, text: str) -> None:
    at = Place(tmp_path)
    assert at.read() is None
    at.record.write_text(text)
    assert at.read() is None


def test_what_is_forgotten_leaves_no_secret_and_keeps_the_history(kept: Place) -> None:
    kept.events.mkdir()
    kept.forget()
    assert [path.name for path in kept.folder.iterdir()] == ["events"]


def test_two_clusters_have_two_secrets_and_one_of_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)
    assert len({new_secret(), new_secret()}) == 2
    monkeypatch.setenv(SECRET_VARIABLE, OWN)
    assert new_secret() == OWN


@pytest.mark.parametrize("bad", ["", "0123456789abcde", " 0123456789abcdef", "01234567\n89abcdef"])
def test_a_secret_that_can_be_guessed_or_breaks_the_line_is_refused(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, bad)
    with pytest.raises(SecretTooShort):
        new_secret()
    monkeypatch.setenv(SECRET_VARIABLE, "0123456789abcdef")
    assert new_secret() == "0123456789abcdef"


def test_a_driver_finds_the_settings_of_the_cluster_that_is_kept_here(kept: Place) -> None:
    found = client_settings(MASTER)
    assert found == client_conf(kept, "s", "1g", 2)
    assert found["spark.authenticate"] == found["spark.network.crypto.enabled"] == "true"
    assert found["spark.ui.enabled"] == "false"
    assert found["spark.sql.shuffle.partitions"] == "4"
    assert client_conf(kept, "s", "1g", 3)["spark.sql.shuffle.partitions"] == "6"


def test_a_driver_of_another_cluster_or_of_none_is_told_nothing_of_it(kept: Place) -> None:
    assert client_settings("spark://127.0.0.1:7078") == {}
    assert client_settings("local[2]") == {}


def test_the_secret_of_another_cluster_comes_from_the_environment(kept: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, OWN)
    found = client_settings("spark://elsewhere:7077")
    assert (found[SECRET], found["spark.authenticate"], "spark.eventLog.dir" in found) == (OWN, "true", False)
    assert client_settings("local[2]") == {}


def test_another_secret_than_the_clusters_own_is_refused_at_once(kept: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, OWN)
    with pytest.raises(NotLetIn, match=f"{SECRET_VARIABLE} is not the secret of the cluster at {MASTER}"):
        client_settings(MASTER)
    write_closed(kept.client_conf, as_properties(client_conf(kept, OWN, "1g", 2)))
    assert client_settings(MASTER)[SECRET] == OWN
