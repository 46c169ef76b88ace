"""Work in a process of its own, beside what this one goes on with: Python's lock lets one thread at a time compute."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

Result = TypeVar("Result")


def has_room() -> bool:
    """Whether this process may use more than one core."""
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) > 1


def beside(work: Callable[..., Result], *arguments: object) -> Callable[[], Result]:
    """Starts a function of a module; what is returned waits for its result, and raises what it raised.

    Arguments and result go from one of the two processes to the other and nowhere else. Raises RuntimeError where the
    process is killed. It ends with this one.
    """
    # Not forked: threads of engines hold locks that a copy would wait for.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_tell, args=(there, work, arguments), daemon=True)
    process.start()
    there.close()

    def result() -> Result:
        try:
            value, error = here.recv()
        except EOFError:
            process.join()
            raise RuntimeError(f"the process beside ended with code {process.exitcode} and no result") from None
        finally:
            here.close()
        process.join()
        if error is not None:
            raise error
        found: Result = value
        return found

    return result


def _tell(there: Connection, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    outcome: tuple[Any, Exception | None]
    try:
        outcome = work(*arguments), None
    except Exception as error:  # to be raised where it is waited for
        outcome = None, error
    with suppress(BrokenPipeError):  # nobody waits any more
        there.send(outcome)
