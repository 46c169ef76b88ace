"""A replay of the quarantine: a run over the sources of the rows, and what it made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as Grid

from lakehouse.pipeline.stages import Outcome, Pipeline
from lakehouse.published import open_published
from lakehouse.quarantine.reading import count_by_feed, outcomes_of_run
from lakehouse.quarantine.selection import Chosen
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.tables import reasons
from lakehouse.terminal import cells

Counts = Mapping[tuple[str, str], int]
NOT_WAITING = (
    reasons.Outcome.ACCEPTED, reasons.Outcome.REPLAYED, reasons.Outcome.SUPERSEDED, reasons.Outcome.DISCARDED,
    reasons.Outcome.PENDING, reasons.Outcome.NO_LINES, reasons.Outcome.LOOKED_UP, reasons.Outcome.NOT_SELECTED,
)  # fmt: skip


@dataclass(frozen=True)
class Replay:
    """What a replay came to. All counts are of rows that were chosen and open."""

    outcome: Outcome
    waited: Counts
    """Source and feed -> rows before."""
    became: Mapping[tuple[str, str], Mapping[str, int]]
    """Source and feed -> outcome -> rows that this run changed."""
    waiting: Counts
    """Rows after: those that stayed, and what came in meanwhile."""

    def show(self, console: Console) -> None:
        if self.outcome.status == "nothing new":
            console.print(
                "nothing to replay: files, sources and rules are those that refused these rows. Mend the source's"
                " declaration, or deliver the rows again mended, or discard them"
            )
            return
        if self.outcome.refusal and self.outcome.summary.published is None:
            console.print("nothing was published, so every row waits as before")
            return
        grid = Grid(title="what became of the rows that waited", title_justify="left")
        outcomes = [one for one in NOT_WAITING if any(one in found for found in self.became.values())]
        for name in ("source", "feed"):
            grid.add_column(name)
        for name in ("waited", *outcomes, "waiting now"):
            grid.add_column(name.replace("_", " "), justify="right")
        for place in sorted({*self.waited, *self.waiting}):
            found = self.became.get(place, {})
            numbers = [self.waited.get(place, 0), *(found.get(one, 0) for one in outcomes), self.waiting.get(place, 0)]
            grid.add_row(*cells(*place), *(f"{number:,}" for number in numbers))
        console.print(grid)


def replay(pipeline: Pipeline, settings: Settings, chosen: Chosen) -> Replay:
    """Runs the sources that the chosen rows came from. Raises ConfigurationError where no row is meant."""
    with open_published(settings.lake) as lake:
        waited = count_by_feed(lake, chosen)
    if not waited:
        raise ConfigurationError("no open row is meant by that: `lakehouse quarantine list` shows them")
    outcome = pipeline.run(settings, sorted({source for source, _ in waited}))
    with open_published(settings.lake) as lake:
        run_id = lake.publication.run_id if lake.publication and outcome.summary.published else ""
        return Replay(outcome, waited, outcomes_of_run(lake, chosen, run_id), count_by_feed(lake, chosen))
