"""What people decide: about publications, batches, and rows of the quarantine. The next run acts on it."""

from __future__ import annotations

from lakehouse.pipeline.either_engine import by_either_engine
from lakehouse.pipeline.open import open_lake
from lakehouse.pipeline.publication import decide, roll_back
from lakehouse.pipeline.run import utc_now
from lakehouse.published.batches import list_batches
from lakehouse.published.publications import chosen
from lakehouse.quarantine.decisions import Decision, decide_rows
from lakehouse.quarantine.selection import Chosen
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.tables.reasons import BatchStatus


@by_either_engine
def roll_back_to(settings: Settings, number: int) -> int:
    """Makes an older publication the newest one again, and holds the batches that came after it.

    Returns the number of the publication that shows it. Raises UnknownPublication.
    """
    to = chosen(settings.lake, number)
    with open_lake(settings) as (lake, events):
        published, held = roll_back(lake, to, now=utc_now())
        batches = f"; batches {', '.join(map(str, held))} are held" if held else ""
        events.say(f"publication {published} shows again what publication {number} showed{batches}")
        return published


@by_either_engine
def decide_batch(settings: Settings, number: int, decision: str, why: str) -> None:
    """Holds, releases or discards a batch. Raises ConfigurationError for a batch that cannot be."""
    found = next((batch for batch in list_batches(settings.lake.resolve()) if batch.number == number), None)
    if found is None:
        raise ConfigurationError(f"there is no batch {number}: `lakehouse batches list` shows them")
    if found.status == BatchStatus.PUBLISHED and decision != "release":
        raise ConfigurationError(
            f"batch {number} is published already: `lakehouse rollback` goes back to a publication before it"
        )
    with open_lake(settings) as (lake, _):
        decide(lake, [number], decision, why, utc_now())


@by_either_engine
def decide_quarantined(settings: Settings, chosen: Chosen, decision: Decision, why: str) -> int:
    """Discards rows of the quarantine, or opens them again. Returns how many."""
    with open_lake(settings) as (lake, _):
        return decide_rows(lake, chosen, decision, why, utc_now())
