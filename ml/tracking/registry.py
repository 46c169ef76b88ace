"""The registry of models: who is champion and who challenger, and the way back. Idempotent, all of it.

A run registers what it trained without an alias, scores, and publishes; the publication names the version that it was
scored with, and only then do aliases follow it (`settle`). A run that is killed before leaves aliases and publication
as they were; one that is killed in between is followed up by the next call of `settle`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakehouse.published import Publication
from ml.tracking.model_files import read_files
from ml.tracking.store import Store, shown
from ml.tracking.versions import (
    CARD,
    CHALLENGER,
    CHAMPION,
    TAKEN_UP,
    Registered,
    Role,
    Version,
    champions_until,
    model_name,
    used_models,
    version_of,
)
from ml.training import PROBLEMS, Problem

if TYPE_CHECKING:
    from mlflow import MlflowClient

SETTLED = "settled_publication"
"""Tag of a model: the publication that its aliases follow, as number and run. What a person decides later stays."""
HISTORY = "champions"
"""Tag of a model: numbers of the versions that were champion, oldest first, the present one last."""
WHY = "decision"
"""Tag of a version: why it became what it is, in words."""
_REMEMBERED = 50


class UnknownVersion(Exception):
    """There is no such model or version. Exit code 2."""

    exit_code = 2


class NoChampionBefore(Exception):
    """There is no earlier champion to go back to. Exit code 1."""


class Registry:
    """The models of a store. Making one opens the store: raises ExtraMissing and StoreUnreachable."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.client: MlflowClient = store.client()

    def names(self) -> list[str]:
        """The models of ours that are registered."""
        found = self.client.search_registered_models(max_results=1000)
        return sorted(one.name for one in found if one.name.partition("-")[0] in PROBLEMS)

    def versions(self, problem: Problem, source: str) -> list[Version]:
        """All versions of a model, oldest first; none where there is no such model."""
        return self.versions_of(model_name(problem, source))

    def versions_of(self, name: str) -> list[Version]:
        """All versions of a model by its registered name, oldest first; none where there is no such model."""
        model = self._model(name)
        if model is None:
            return []
        aliases: dict[int, list[str]] = {}
        for alias, number in sorted(model.aliases.items()):
            aliases.setdefault(int(number), []).append(alias)
        found: list[Version] = []
        token = None
        while True:
            page = self.client.search_model_versions(f"name = '{name}'", page_token=token)
            found += [version_of(one, aliases.get(int(one.version), ())) for one in page]
            token = page.token
            if not token:
                return sorted(found, key=lambda one: one.version)

    def champion(self, problem: Problem, source: str) -> Registered | None:
        """The version that scoring is done with, with its files; None where there is none. Raises ModelDamaged."""
        return self._in_role(model_name(problem, source), CHAMPION)

    def challenger(self, problem: Problem, source: str) -> Registered | None:
        """The version beside the champion, with its files; None where there is none. Raises ModelDamaged."""
        return self._in_role(model_name(problem, source), CHALLENGER)

    def registered(self, name: str, version: int) -> Registered:
        """A version with its files. Raises UnknownVersion and ModelDamaged."""
        for one in self.versions_of(name):
            if one.version == version:
                files = read_files(self.client, self.store, one.model_id, one.tags["sha256"])
                return Registered(**vars(one), files=files)
        raise UnknownVersion(f"{name} has no version {version}: `lakehouse models list` shows what there is")

    def card(self, version: Version) -> str:
        """The whole model card, as markdown; what the version's description holds of it where its file is gone."""
        from mlflow.exceptions import MlflowException

        with tempfile.TemporaryDirectory() as folder:
            try:
                path = self.client.download_artifacts(version.run_id, CARD, folder)
                return Path(path).read_text(encoding="utf-8")
            except (MlflowException, OSError):
                return version.card

    def set_champion(self, name: str, version: int, *, by: str) -> None:
        """Makes a version champion; `by` says what publication or person did. Raises UnknownVersion.

        Killed at any point and called again it ends the same: the history is written before the alias moves, and what
        it has after the present champion does not count.
        """
        self._take_up(name, version, by)
        model = self._known(name)
        present = _number(model.aliases.get(CHAMPION))
        if present != version:
            past = [*champions_until(model.tags.get(HISTORY, ""), present), version]
            self.client.set_registered_model_tag(name, HISTORY, " ".join(map(str, past[-_REMEMBERED:])))
            self.client.set_registered_model_alias(name, CHAMPION, str(version))
        if _number(model.aliases.get(CHALLENGER)) == version:
            self.client.delete_registered_model_alias(name, CHALLENGER)

    def set_challenger(self, name: str, version: int, *, by: str) -> None:
        """Makes a version challenger, unless it is champion. Raises UnknownVersion."""
        self._take_up(name, version, by)
        aliases = self._known(name).aliases
        if version not in map(_number, (aliases.get(CHAMPION), aliases.get(CHALLENGER))):
            self.client.set_registered_model_alias(name, CHALLENGER, str(version))

    def settle(self, newest: Publication | None) -> list[str]:
        """Lets aliases follow the newest publication, once: what a person decides after that stays.

        The version that it was scored with becomes champion, and what its run trained and meant for challenger
        becomes that. A publication that goes back to an older one moves nothing: that is about data, and who is
        champion may have been decided since. Returns sentences about versions that it names and that are not there.
        """
        if newest is None or newest.kind != "run":
            return []
        used = used_models(newest.configuration)
        return [remark for name, version in used.items() if (remark := self._follow(newest, name, version))]

    def _follow(self, newest: Publication, name: str, version: int) -> str:
        model, found = self._model(name), self.versions_of(name)
        by, mark = f"publication {newest.publication}", f"{newest.publication} {newest.run_id}"
        if version not in {one.version for one in found}:
            return f"{by} was scored with version {version} of {name}, which is not in {shown(self.store.uri)}"
        if model.tags.get(SETTLED) == mark:
            return ""
        self.set_champion(name, version, by=by)
        for one in found:
            if (one.tags.get("run_id"), one.tags.get("role")) == (newest.run_id, CHALLENGER):
                self.set_challenger(name, one.version, by=by)
        self.client.set_registered_model_tag(name, SETTLED, mark)
        return ""

    def promote(self, name: str, version: int, *, newest: Publication | None, why: str) -> None:
        """A person makes a version champion. Raises UnknownVersion."""
        self.settle(newest)
        self.set_champion(name, version, by="a person")
        self.client.set_model_version_tag(name, str(version), WHY, why)

    def rollback(self, name: str, *, newest: Publication | None, why: str) -> int:
        """A person makes the champion before the present one champion again. Returns its version.

        Raises UnknownVersion and NoChampionBefore.
        """
        self.settle(newest)
        earlier = self._champions_before(name)
        self.client.set_registered_model_alias(name, CHAMPION, str(earlier[-1]))
        self.client.set_registered_model_tag(name, HISTORY, " ".join(map(str, earlier)))
        self.client.set_model_version_tag(name, str(earlier[-1]), WHY, why)
        return earlier[-1]

    def champion_before(self, name: str) -> int:
        """The version that was champion before the present one. Raises UnknownVersion and NoChampionBefore."""
        return self._champions_before(name)[-1]

    def _champions_before(self, name: str) -> list[int]:
        model = self._known(name)
        there = {one.version for one in self.versions_of(name)}
        past = champions_until(model.tags.get(HISTORY, ""), _number(model.aliases.get(CHAMPION)))
        if earlier := [number for number in past[:-1] if number in there]:
            return earlier
        raise NoChampionBefore(f"{name} had no champion before: `lakehouse models list` shows its versions")

    def _in_role(self, name: str, role: Role) -> Registered | None:
        model = self._model(name)
        if model is None or role not in model.aliases:
            return None
        return self.registered(name, int(model.aliases[role]))

    def _take_up(self, name: str, version: int, by: str) -> None:
        tags = {one.version: one.tags for one in self.versions_of(name)}
        if version not in tags:
            raise UnknownVersion(f"{name} has no version {version}: `lakehouse models list` shows what there is")
        if TAKEN_UP not in tags[version]:
            self.client.set_model_version_tag(name, str(version), TAKEN_UP, by)

    def _model(self, name: str) -> Any:
        from mlflow.exceptions import MlflowException

        try:
            return self.client.get_registered_model(name)
        except MlflowException as error:
            if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                return None
            raise

    def _known(self, name: str) -> Any:
        if model := self._model(name):
            return model
        raise UnknownVersion(f"there is no model {name}: `lakehouse models list` shows what there is")


def _number(text: str | int | None) -> int | None:
    return None if text is None else int(text)
