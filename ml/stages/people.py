"""What a person decides about champions, noted in the lake so that its next run acts on it."""

from __future__ import annotations

from datetime import datetime

from lakehouse.lake import Lake
from lakehouse.tables.ops import MODEL_DECISIONS
from ml.tracking.registry import Registry, UnknownVersion
from ml.tracking.versions import model_name
from ml.training import Problem


def promote(
    lake: Lake, registry: Registry, problem: Problem, source: str, version: int, *, why: str, now: datetime
) -> str:
    """Makes a version champion. Returns its candidate. Raises UnknownVersion.

    The lake's note is written first: were this killed in between, the next run would look, and find nothing moved.
    """
    registry.settle(lake.publication)
    found = [one.candidate for one in registry.versions(problem, source) if one.version == version]
    if not found:
        raise UnknownVersion(
            f"{model_name(problem, source)} has no version {version}: `lakehouse models list` shows what there is"
        )
    _note(lake, problem, source, version, "promote", why, now)
    registry.promote(model_name(problem, source), version, newest=lake.publication, why=why)
    return found[0]


def rollback(lake: Lake, registry: Registry, problem: Problem, source: str, *, why: str, now: datetime) -> int:
    """Makes the champion before the present one champion. Returns its version. Raises what Registry.rollback does."""
    registry.settle(lake.publication)
    name = model_name(problem, source)
    before = registry.champion_before(name)
    _note(lake, problem, source, before, "rollback", why, now)
    return registry.rollback(name, newest=lake.publication, why=why)


def _note(lake: Lake, problem: Problem, source: str, version: int, decision: str, why: str, now: datetime) -> None:
    row = {
        "problem": problem,
        "source_system": source,
        "model_version": version,
        "decision": decision,
        "details": why,
        "run_id": lake.run_id,
        "decided_at": now,
    }
    lake.append_rows(MODEL_DECISIONS, [row])
