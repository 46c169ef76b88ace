"""Whether the tests would notice: small faults put into the code on purpose, one at a time.

python -m bench.mutants [--only lakehouse/silver] [--per-module 6] [--processes 1] [--promises] [--table]
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.mutants import plan, results, trial
from bench.mutants.warm import Warm

FOLDER = plan.ROOT / ".mutants"
_CONSOLE = Console(width=160)


def main(
    only: Annotated[str, typer.Option(help="Modules whose path begins so.")] = "",
    per_module: Annotated[int, typer.Option(help="Mutants of each module at most.")] = 6,
    seed: Annotated[int, typer.Option(help="Chooses which.")] = 1,
    processes: Annotated[int, typer.Option(help="Tried at a time; each has a Spark session of some 3 GB.")] = 1,
    promises: Annotated[bool, typer.Option(help="Only switch off the mechanism of each promise.")] = False,
    table: Annotated[bool, typer.Option(help="Only print what is known.")] = False,
    found: Annotated[Path, typer.Option(help="The results, which a later run goes on with.")] = FOLDER
    / "results.jsonl",
) -> None:
    """Ends with 1 where a promise is held by no test, or tests fail without any change."""
    found.parent.mkdir(exist_ok=True)
    tests = {module: files for module, files in plan.modules().items() if module.startswith(only)}
    mutants = {module: trial.chosen(module, per_module, seed) for module in tests}
    accepted = plan.equivalents()
    failed: list[str] = []
    if not promises and not table:
        known = results.read(found)
        work = [trial.still_to_try(module, tests[module], mutants[module], accepted, known) for module in tests]
        work.sort(key=lambda one: plan.ask_for_spark(one.tests))  # most is known soonest
        failed += _try([one for one in work if one.mutants], processes, found)
    if not table:
        failed += _hold_promises(only)
    if not promises:
        _show(mutants, accepted, found)
    for line in failed:
        _CONSOLE.print(line, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1 if failed else 0)


def _try(work: list[trial.Work], processes: int, found: Path) -> list[str]:
    """Each process takes the next module as soon as it is done with one."""
    waiting: SimpleQueue[trial.Work] = SimpleQueue()
    for one in work:
        waiting.put(one)
    with ThreadPoolExecutor(processes) as pool:
        done = pool.map(lambda number: _take(waiting, found), range(processes))
        return [line for lines in done for line in lines]


def _take(waiting: SimpleQueue[trial.Work], found: Path) -> list[str]:
    failed: list[str] = []
    if waiting.empty():
        return failed
    with Warm(plan.ROOT, FOLDER) as warm:
        while not waiting.empty():
            try:
                trial.try_all(warm, waiting.get_nowait(), found, _tell)
            except trial.TestsFail as error:
                failed.append(str(error))
                _tell(str(error))
    return failed


def _hold_promises(only: str) -> list[str]:
    """Prints a line for each; returns those that no test holds."""
    grid = Table(title="promises, their mechanism switched off", title_justify="left")
    for name in ("promise", "switched off", "test", ""):
        grid.add_column(name, overflow="fold")
    failed = []
    with Warm(plan.ROOT, FOLDER) as warm:
        for promise in (one for one in plan.promises() if one.module.startswith(only)):
            try:
                answer = trial.hold(warm, promise)
            except (trial.TestsFail, LookupError) as error:
                failed.append(str(error))
                continue
            if answer.passed:
                failed.append(f"{promise.name}: {promise.test} passes without the mechanism")
            outcome = "NOT NOTICED" if answer.passed else "red"
            _tell(f"{promise.name} ({promise.what}): {outcome} {answer.seconds:.1f} s {answer.failed}")
            grid.add_row(promise.name, promise.what, promise.test, outcome)
    _CONSOLE.print(grid)
    return failed


def _show(mutants: dict[str, list[trial.Mutant]], accepted: list[plan.Equivalent], found: Path) -> None:
    known = results.read(found)
    all_of_them = [mutant for of_module in mutants.values() for mutant in of_module]
    no_effect = trial.of_no_effect(all_of_them, accepted)
    decided = {result.key for result in no_effect}
    tried = (known[mutant.key] for mutant in all_of_them if mutant.key in known and mutant.key not in decided)
    results.show([*no_effect, *tried], _CONSOLE)


def _tell(line: str) -> None:
    _CONSOLE.print(line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)
