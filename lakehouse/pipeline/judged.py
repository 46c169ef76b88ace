"""The gate and what comes of it: a publication of all sources, of those that it lets through, or of none.

What a source brought is published whole or not at all. Where the gate refuses rows of some sources, silver and gold are
derived again from what is published, without the new batches of these, and judged again: so the others are published as
if those had not come, and what waits is taken up by a later run as if it had come then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from lakehouse.pipeline.refusal import Refused
from lakehouse.pipeline.run import Run, Selections


@dataclass(frozen=True)
class Ending:
    """What a run came to at the gate."""

    selections: Selections
    """What was published, or refused."""
    publication: int | None = None
    refusal: Refused | None = None
    """What was refused; of a run that published, of some of its sources."""


def judge_and_publish(run: Run, selections: Selections) -> Ending:
    """Publishes what the gate lets through. Raises what the stages raise that derive the rest again."""
    first: Refused | None = None
    while True:
        try:
            judgement = run.gate(selections)
        except Refused as refusal:
            rest = _without(run, selections, refusal.sources)
            if not rest:
                return Ending(selections, refusal=refusal)
            first = first or refusal
            run.refused |= dict.fromkeys(sorted(refusal.sources), refusal.what_failed)
            names = ", ".join(sorted(refusal.sources))
            run.events.say(f"refused: what {names} brought; what is published of it stays:\n{refusal.what_failed}")
            selections = _derived_again(run, rest, refusal.sources)
        else:
            return Ending(selections, run.publish(selections, judgement), first)


def _without(run: Run, selections: Selections, refused: Collection[str]) -> Selections:
    """What is left to do without these sources. Nothing where it is not their new rows that failed, or no other source
    has anything to do."""
    active = {name for name, selection in selections.items() if not selection.is_idle}
    if not refused or not set(refused) <= active:
        return {}
    now = run.select()
    rest = {
        name: replace(now[name], new=tuple(batch for batch in now[name].new if batch in selection.new))
        for name, selection in selections.items()
        if name not in refused and name in now
    }
    return {} if all(selection.is_idle for selection in rest.values()) else rest


def _derived_again(run: Run, selections: Selections, refused: Collection[str]) -> Selections:
    """Silver, gold and predictions from what is published and these selections alone."""
    run.lake.release()
    if run.models:
        run.models.forget(refused)
    taken = run.silver(selections)
    run.gold(taken)
    run.score()
    return taken
