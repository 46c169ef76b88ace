"""The models of one lake within one run: trained where due, used, and made champions once a publication says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from lakehouse import __version__
from lakehouse.delta.rows import answer
from lakehouse.lake import Lake
from lakehouse.published import Publication
from lakehouse.settings import Settings, fingerprint
from lakehouse.tables.ops import MODEL_DECISIONS
from lakehouse.tables.registry import PUBLISHED
from ml.stages.evaluations import with_evaluation
from ml.stages.monitored import monitor
from ml.stages.problems import BEGIN, Trained
from ml.stages.scoring import InUse, is_moved, write_predictions
from ml.stages.shops import Shop, shops_of
from ml.tracking.decision import decided, due
from ml.tracking.log import DataVersions, register
from ml.tracking.registry import Registry
from ml.tracking.store import quiet_mlflow, store_of
from ml.tracking.versions import CHALLENGER, CHAMPION, Role, configuration_of, model_name, used_models
from ml.training import PROBLEMS, NotTrained, Problem

SETTLED = "settle"
"""The decision of a publication, which names the champion that it was scored with."""


class Work:
    """See lakehouse.pipeline.parts.ModelWork."""

    def __init__(self, lake: Lake, settings: Settings, say: Callable[[str], None], *, now: datetime) -> None:
        self._lake, self._settings, self._say, self._now = lake, settings, say, now
        self._trained: dict[str, dict[Role, int]] = {}
        """Model -> what becomes of the versions that this run registered."""

    @cached_property
    def _registry(self) -> Registry:
        """Opened where it is first asked: MLflow takes seconds to import."""
        return Registry(store_of(self._settings))

    def prepare(self) -> None:
        """MLflow takes seconds to import: whoever needs it meanwhile waits for the same import."""
        threading.Thread(target=quiet_mlflow, daemon=True, name="mlflow").start()

    def fingerprints(self) -> Mapping[str, str]:
        said = self._settings.models.model_dump_json(exclude={"tracking_uri", "due_days"})
        text = f"SELECT count(*), max(decided_at) FROM model_decisions WHERE decision <> '{SETTLED}'"
        [decisions] = answer(self._lake.root, MODEL_DECISIONS, text)
        return {"model_settings": fingerprint(said), "model_decisions": fingerprint(str(decisions))}

    # ── training ───────────────────────────────────────────────────────────────────────────────────────────────────

    def train(self, problems: Sequence[str], *, if_due: bool) -> None:
        wanted = [problem for problem in PROBLEMS if not problems or problem in problems]
        for shop in shops_of(self._lake):
            due_now = [problem for problem in wanted if not if_due or self._is_due(problem, shop)]
            champions = {problem: self._registry.champion(problem, shop.source) for problem in due_now}
            begun = {
                problem: BEGIN[problem](shop, self._settings.models, present.files if present else None)
                for problem, present in champions.items()
            }
            for problem, present in champions.items():
                self._register(problem, shop, begun[problem], present.candidate if present else None)

    def _is_due(self, problem: Problem, shop: Shop) -> bool:
        known = self._registry.versions(problem, shop.source)
        return due(known, as_of=shop.as_of, due_days=self._settings.models.due_days)

    def _register(self, problem: Problem, shop: Shop, trained: Trained, present: str | None) -> None:
        """`present`: name of the candidate that is champion now."""
        training = trained()
        if isinstance(training, NotTrained):
            self._say(f"{problem} of {shop.source} is not trained: {training.why}")
            return
        decision = decided(training, present)
        numbers = register(
            with_evaluation(training), decision, registry=self._registry, data=self._data(), now=self._now
        )
        roles = {role: numbers[name] for name, role in decision.roles.items()}
        self._trained[model_name(problem, shop.source)] = roles
        for sentence in (decision.why, *training.remarks):
            self._say(f"{problem} of {shop.source}: {sentence}")

    def _data(self) -> DataVersions:
        """What a training has seen: the publication that stands, or the one that this run is about to write."""
        lake, parent = self._lake, self._lake.publication
        heads = {table.name: lake.version(table) for table in PUBLISHED if lake.exists(table)}
        is_published = parent is not None and dict(parent.table_versions) == heads
        number = (parent.publication if parent else 0) + (0 if is_published else 1)
        return DataVersions(number, lake.as_of, heads, __version__, lake.run_id)

    # ── use ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def score(self) -> Mapping[str, str]:
        shops = shops_of(self._lake)
        used = {
            (problem, shop.source): found
            for shop in shops
            for problem in PROBLEMS
            if (found := self._in_use(problem, shop.source))
        }
        said = configuration_of({model_name(*which): one.version for which, one in used.items()})
        if shops and is_moved(self._lake, said):
            write_predictions(self._lake, self._settings.models, shops, used)
            monitor(self._lake, self._settings.models, shops, used, self._say, now=self._now)
        return said

    def _in_use(self, problem: Problem, source: str) -> InUse | None:
        """The champion, or what this run trained and is to be champion."""
        trained = self._trained.get(model_name(problem, source), {}).get(CHAMPION)
        if trained is None:
            found = self._registry.champion(problem, source)
        else:
            found = self._registry.registered(model_name(problem, source), trained)
        return InUse(found.version, found.candidate, found.files) if found else None

    # ── champions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def decide(self) -> None:
        by = f"training of {self._lake.as_of}"
        for name, roles in self._trained.items():
            if CHAMPION in roles:
                self._registry.set_champion(name, roles[CHAMPION], by=by)
            if CHALLENGER in roles:
                self._registry.set_challenger(name, roles[CHALLENGER], by=by)
        moved = {name: roles[CHAMPION] for name, roles in self._trained.items() if CHAMPION in roles}
        self._note(moved, "promote", by)

    def forget(self, sources: Collection[str]) -> None:
        gone = {model_name(problem, source) for problem in PROBLEMS for source in sources}
        self._trained = {name: roles for name, roles in self._trained.items() if name not in gone}

    def settle(self, publication: Publication) -> None:
        used = used_models(publication.configuration)
        if publication.kind != "run" or not used or self._is_settled(publication):
            return
        for remark in self._registry.settle(publication):
            self._say(remark)
        self._note(used, SETTLED, f"publication {publication.publication}", run_id=publication.run_id)

    def _is_settled(self, publication: Publication) -> bool:
        """Asked of the lake, so that a run with nothing to do need not open the registry."""
        text = f"SELECT count(*) FROM model_decisions WHERE decision = '{SETTLED}' AND run_id = ?"
        [(count,)] = answer(self._lake.root, MODEL_DECISIONS, text, [publication.run_id])
        return bool(count)

    def _note(self, versions: Mapping[str, int], decision: str, details: str, run_id: str = "") -> None:
        rows = [
            {
                "problem": name.split("-", 1)[0],
                "source_system": name.split("-", 1)[1],
                "model_version": version,
                "decision": decision,
                "details": details,
                "run_id": run_id or self._lake.run_id,
                "decided_at": self._now,
            }
            for name, version in versions.items()
        ]
        if rows:
            self._lake.append_rows(MODEL_DECISIONS, rows)
