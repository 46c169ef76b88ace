"""What the commands share: options, settings from them, and how an error ends the command."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from jobs.cli.words_of_errors import words_of
from lakehouse.delta.unwritable import LakeUnwritable, why_unwritable, writing_to
from lakehouse.settings import ConfigurationError, Settings, load_settings
from lakehouse.settings.modes import close_to_others
from lakehouse.terminal import Terminal, marked

DONE, FAILED, WRONG_USAGE, REFUSED = 0, 1, 2, 3


def _folder(text: str) -> Path:
    """An empty name, as of a variable that is not set, would be the current folder."""
    if not text.strip():
        raise typer.BadParameter("a folder is to be named, and this names none")
    return Path(text)


LakeOption = Annotated[
    Path | None,
    typer.Option("--lake", parser=_folder, metavar="<path>", help="Folder of the tables.", show_default=False),
]
LandingOption = Annotated[
    Path | None,
    typer.Option("--landing", parser=_folder, metavar="<path>", help="Folder where files arrive.", show_default=False),
]
SourceOption = Annotated[
    list[str] | None, typer.Option("--source", help="Only this source; may be given again.", show_default=False)
]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day that the lake is seen from; else today.", show_default=False),
]
MasterOption = Annotated[str | None, typer.Option("--master", help="Spark master, as local[2].", show_default=False)]
EngineOption = Annotated[
    Literal["auto", "spark", "sail"] | None,
    typer.Option("--engine", help="What runs frames: Spark, or Sail, which needs no Java.", show_default=False),
]
FullOption = Annotated[bool, typer.Option("--full", help="Work everything out again, not just what is new.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON for programs.")]


shows_traceback: ContextVar[bool] = ContextVar("shows_traceback", default=False)
_lake: ContextVar[Path | None] = ContextVar("lake", default=None)


def settings_for(
    lake: Path | None,
    landing: Path | None = None,
    master: str | None = None,
    as_of: datetime | None = None,
    engine: str | None = None,
    makes_landing: bool = False,
) -> Settings:
    """The settings with what the command line gives over all else.

    Raises ConfigurationError, also where a landing folder is named that is not there, unless the command makes it: a
    run that looks for files in it would find none, and be done.
    """
    if landing and not makes_landing and not landing.is_dir():
        raise ConfigurationError(f"there is no folder {landing}")
    spark = {"master": master} if master else None
    day = as_of.date() if as_of else None
    settings = load_settings(lake=lake, landing=landing, spark=spark, as_of=day, engine=engine)
    _lake.set(settings.lake)
    close_to_others(settings.files.open_to)
    return settings


class CommandFailed(Exception):
    """A command could not do what it was asked; the message says why and what to do."""

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def exit_code_of(error: BaseException) -> int:
    """0 done, 1 failed, 2 wrong usage or configuration, 3 refused by a gate."""
    return int(getattr(error, "exit_code", FAILED)) if _is_ours(error) else FAILED


def _is_ours(error: BaseException) -> bool:
    """Whether the error says in words for people what to do; each of these carries its exit code where it is not 1."""
    return type(error).__module__.split(".")[0] in ("lakehouse", "jobs", "ml", "quality", "dashboard")


def add(app: typer.Typer, function: Callable[..., None], name: str = "") -> None:
    """Makes the function a command that ends with one readable message and the right exit code, whatever went wrong."""

    @wraps(function)
    def command(*arguments: Any, **options: Any) -> None:
        try:
            function(*arguments, **options)
        except (typer.Exit, typer.Abort):
            raise
        except BrokenPipeError:
            # Who read our output has gone. Python would complain when it flushes at the end, so there goes nothing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILED) from None
        except Exception as error:
            _tell(error)
            raise typer.Exit(exit_code_of(error)) from error

    app.command(name or function.__name__)(command)


def _tell(error: Exception) -> None:
    console = Terminal(stderr=True, highlight=False)
    lake = _lake.get()
    expected = _is_ours(error)
    unwritable = "" if expected or lake is None else why_unwritable(error, lake)
    words = words_of(error, is_ours=expected, with_values=shows_traceback.get())
    console.print(marked("[bold red]error:[/]"), unwritable or words, soft_wrap=True)
    for note in getattr(error, "__notes__", ()):
        console.print(str(note), soft_wrap=True)
    if shows_traceback.get():
        console.print("".join(traceback.format_exception(error)), soft_wrap=True)
    elif not expected:
        place = _note(error, lake)
        console.print(marked("[dim]{}[/]`lakehouse --debug …` shows where it arose", place), soft_wrap=True)


def _note(error: Exception, lake: Path | None) -> str:
    """Adds the traceback to the lake's error log, without the message, which may quote a person's data. Says where it
    is, or why it cannot be."""
    if lake is None or not lake.is_dir():
        return ""
    log = lake / "logs" / "errors.log"
    try:
        with writing_to(lake):
            log.parent.mkdir(exist_ok=True)
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{datetime.now(UTC).isoformat()} {type(error).__name__}\n")
                file.writelines(traceback.format_tb(error.__traceback__))
    except (LakeUnwritable, OSError) as refusal:
        return f"not noted: {refusal}; "
    return f"noted in {log}; "
