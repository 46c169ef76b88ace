"""What a run tells while it works: one JSON line per event in a file, progress and a closing summary for people.

Values that identify a person never reach the file: fields that the dictionary marks as personal are masked, and of
an error only its kind and the places in the code are written, because messages of casts and parsers quote the value.
"""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from lakehouse.pipeline.summary import RunSummary, summary_grid
from lakehouse.tables.fields import FIELDS
from lakehouse.tables.types import MASK
from lakehouse.terminal import Terminal, marked, visible, visible_json, visible_lines

_stage: ContextVar[str] = ContextVar("stage", default="")


def masked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with a mask in place of every value whose name the dictionary marks as personal."""
    return {name: _masked(name, value) for name, value in fields.items()}


def _masked(name: str, value: Any) -> Any:
    if name in FIELDS and FIELDS[name].personal and value is not None:
        return MASK
    return masked(value) if isinstance(value, Mapping) else value


def error_fields(error: BaseException) -> dict[str, Any]:
    """What may be written of an error: its kind, Spark's error condition, and where it arose; not its message."""
    condition = getattr(error, "getCondition", None)
    return {
        "error": type(error).__name__,
        "condition": condition() if callable(condition) else None,
        "where": [line.strip() for line in traceback.format_tb(error.__traceback__)],
    }


class Events:
    """The voice of one run. Several threads may use it at once; close it, or use it in a `with`."""

    def __init__(
        self,
        lake: Path,
        run_id: str,
        *,
        progress: Console | None = None,
        out: Console | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`progress` is where stages show (standard error), `out` where the summary goes (standard output)."""
        self.run_id = run_id
        self.log_file = lake / "logs" / f"{run_id}.jsonl"
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.log_file.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._now = now
        self._out = out or Terminal()
        self._console = progress or Terminal(stderr=True)
        self._live = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._live.stop()
        self._file.close()

    def emit(self, event: str, **fields: Any) -> None:
        """Writes one line to the log. Nothing is shown on the terminal."""
        head = {"time": self._now().isoformat(), "run_id": self.run_id, "stage": _stage.get(), "event": event}
        line = visible_json(json.dumps(head | masked(fields), ensure_ascii=False, default=str))
        with self._lock:
            self._file.write(line + "\n")
            self._file.flush()

    def say(self, message: str, **fields: Any) -> None:
        """Tells people something, and the log too: `message` may hold no personal values."""
        self.emit("message", message=message, **fields)
        self._console.print(visible_lines(message), highlight=False, soft_wrap=True)

    @contextmanager
    def stage(self, name: str, what: str = "") -> Iterator[None]:
        """Shows that a stage works, and logs its start, its end or failure, and its seconds."""
        label = f"{name} {what}".strip()
        before = _stage.set(name)
        began = time.monotonic()
        self.emit("started", what=what)
        end = self._show(label)
        try:
            yield
        except BaseException as error:
            seconds = round(time.monotonic() - began, 3)
            self.emit("failed", what=what, seconds=seconds, **error_fields(error))
            end(marked("[red]failed[/]"), seconds)
            raise
        else:
            seconds = round(time.monotonic() - began, 3)
            self.emit("done", what=what, seconds=seconds)
            end(marked("[green]done[/]  "), seconds)
        finally:
            _stage.reset(before)

    def _show(self, label: str) -> Callable[[Text, float], None]:
        """Shows a stage at work; the function given back takes it away and leaves one line."""
        shown = visible(label)
        task = None
        if self._console.is_terminal:
            with self._lock:
                self._live.start()
                task = self._live.add_task(shown, total=None)

        def end(word: Text, seconds: float) -> None:
            if task is not None:
                with self._lock:
                    self._live.remove_task(task)
                    if not self._live.tasks:
                        self._live.stop()
            self._console.print(word, marked("{}  [dim]{} s[/]", shown, f"{seconds:.1f}"), highlight=False)

        return end

    def closing_summary(self, summary: RunSummary) -> None:
        """Logs the summary and shows it as a table."""
        self.emit("summary", **vars(summary))
        self._live.stop()
        self._out.print(summary_grid(summary))
        if summary.advice:
            self._out.print(summary.advice, style="yellow", highlight=False, soft_wrap=True)
