"""What decides the tables besides the files: fingerprints that a publication keeps, to tell what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lakehouse import __version__
from lakehouse.lake import Lake
from lakehouse.quarantine.decisions import decisions_so_far
from lakehouse.settings import Settings, fingerprint
from lakehouse.silver.rules import RowRule, rules_fingerprint
from lakehouse.sources.model import Source


def published_configuration(lake: Lake) -> dict[str, str]:
    """What was in force when the newest publication was made; empty where there is none."""
    return dict(lake.publication.configuration) if lake.publication else {}


def configuration(
    lake: Lake, settings: Settings, sources: Iterable[Source], rules: Sequence[RowRule]
) -> dict[str, str]:
    """Part -> fingerprint, or day. Sources that are not among `sources` keep what was published.

    `judged:NAME` and the other parts of a source are its own, since a run may leave others alone: what changed
    meanwhile is new to them when their turn comes.
    """
    common = {"code": __version__, "rules": rules_fingerprint(rules)}
    common["calendar"] = fingerprint(settings.calendar.model_dump_json())
    found = {name: value for name, value in published_configuration(lake).items() if ":" in name}
    for source in sources:
        found |= {
            f"source:{source.name}": source.fingerprint,
            f"judged:{source.name}": fingerprint("\n".join([source.fingerprint, *common.values()])),
            f"decided:{source.name}": decisions_so_far(lake, source.name),
            f"as_of:{source.name}": lake.as_of.isoformat(),
        }
    return found | common | {"gold": settings.gold_fingerprint()}


def moved_parts(source: Source, before: dict[str, str], now: dict[str, str]) -> set[str]:
    """Which of judged, decided and as_of are not as they were for the source."""
    parts = ("judged", "decided", "as_of")
    return {part for part in parts if before.get(f"{part}:{source.name}", "") != now[f"{part}:{source.name}"]}
