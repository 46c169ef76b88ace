"""The process of a command: once the command has ended, so does the process, with its exit code."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from lakehouse.terminal import Terminal, visible_lines


def to_its_end(command: Callable[..., Any], *arguments: Any, **options: Any) -> NoReturn:
    """Runs a command of Typer, then what is to be done at the end of a process, and ends it.

    Python's own end takes its lock away from threads of other languages (those of DuckDB and delta-rs let go of rows
    then), which now and then aborts a process whose work is done and said: exit code 134, not 0. So it is left out.
    """
    code: int | str | None = 0
    try:
        command(*arguments, **options)
    except SystemExit as ended:
        code = ended.code
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons, as Python's end does
    atexit._run_exitfuncs()
    if isinstance(code, str):
        Terminal(stderr=True, highlight=False).print(visible_lines(code), soft_wrap=True)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):  # who read it has gone, or it was closed
            code = code or 1
    os._exit(code if isinstance(code, int) else int(code is not None))
