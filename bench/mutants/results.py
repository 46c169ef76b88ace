"""What became of each mutant: a file of lines that only grows, so that a run goes on where the one before it ended."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.mutants.mutant import Mutant

NOTICED, SURVIVED, EQUIVALENT = "noticed", "survived", "equivalent"


@dataclass(frozen=True)
class Result:
    module: str
    key: str
    line: int
    operator: str
    before: str
    after: str
    outcome: str
    by: str
    """The first test that failed; why, where it is equivalent."""
    tests: str
    """Digest of the files of tests that were run."""
    seconds: float


def note(path: Path, result: Result) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


def read(path: Path) -> dict[str, Result]:
    """The latest result of each mutant. A last line that was cut off in writing is passed over."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        try:
            result = Result(**json.loads(line))
        except ValueError:
            continue
        found[result.key] = result
    return found


def is_done(mutant: Mutant, results: dict[str, Result], tests: str) -> bool:
    """What was noticed stays so; what survived did so before these tests."""
    result = results.get(mutant.key)
    return result is not None and (result.outcome == NOTICED or (result.outcome == SURVIVED and result.tests == tests))


def share(counts: Counter[str]) -> float | None:
    """Noticed, of all that could be noticed."""
    meant = counts[NOTICED] + counts[SURVIVED]
    return counts[NOTICED] / meant if meant else None


def show(results: Iterable[Result], console: Console) -> Counter[str]:
    """A line per module, then what survived. Returns the counts of all."""
    by_module: dict[str, list[Result]] = {}
    for result in results:
        by_module.setdefault(result.module, []).append(result)
    grid = Table(title="mutants", title_justify="left")
    for name in ("module", "made", NOTICED, SURVIVED, EQUIVALENT, "share"):
        grid.add_column(name, justify="left" if name == "module" else "right")
    total = Counter[str]()
    for module in sorted(by_module):
        counts = Counter(result.outcome for result in by_module[module])
        total += counts
        grid.add_row(module, *_cells(counts))
    grid.add_section()
    grid.add_row("all", *_cells(total))
    console.print(grid)
    for result in (one for module in sorted(by_module) for one in by_module[module] if one.outcome == SURVIVED):
        console.print(f"survived {result.module}:{result.line} ({result.operator})", highlight=False, markup=False)
        console.print(f"  - {result.before}\n  + {result.after}", highlight=False, markup=False, soft_wrap=True)
    return total


def _cells(counts: Counter[str]) -> list[str]:
    of = share(counts)
    figures = (counts.total(), counts[NOTICED], counts[SURVIVED], counts[EQUIVALENT])
    return [*(f"{figure}" for figure in figures), "" if of is None else f"{of:.0%}"]
