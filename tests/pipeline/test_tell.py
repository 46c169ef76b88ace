"""A run ends with the report of its publication, which stands whatever becomes of the report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lakehouse.pipeline.events import Events
from lakehouse.pipeline.parts import Parts, Reported
from lakehouse.pipeline.refusal import Refused
from lakehouse.pipeline.run import Run
from lakehouse.pipeline.stages import Outcome
from lakehouse.pipeline.summary import RunSummary
from lakehouse.settings import load_settings

PERSON = "Ann Fowler"


class Teller:
    """Notes what it was asked for, or fails."""

    def __init__(self, fails: bool = False, told: Reported | None = None) -> None:
        self.asked: list[tuple[Path, int]] = []
        self.fails = fails
        self.told = told

    def write(self, lake: Path, publication: int) -> Reported:
        self.asked.append((lake, publication))
        if self.fails:
            raise OSError(f"no room for {PERSON}")
        return self.told or Reported(lake / "report.html", "without pictures")


def tell(root: Path, report: Teller | None, *, enabled: bool) -> tuple[bool, str]:
    gate: Any = None
    lake: Any = SimpleNamespace(root=root)
    settings = load_settings(lake=root, report={"enabled": enabled})
    with Events(root, "r") as events:
        said: list[str] = []
        events.say = said.append  # type: ignore[method-assign]
        run = Run(lake, settings, Parts([], gate, None, report), [], events, lambda: datetime(2024, 5, 1, tzinfo=UTC))
        return run.tell(3), " ".join(said)


def test_the_report_of_the_publication_is_written_and_named(tmp_path: Path) -> None:
    teller = Teller()
    done, said = tell(tmp_path, teller, enabled=True)
    assert (done, teller.asked) == (True, [(tmp_path, 3)])
    assert "report.html" in said
    assert "without pictures" in said


def test_where_there_is_nothing_to_report_on_the_run_says_so_and_is_done(tmp_path: Path) -> None:
    assert tell(tmp_path, Teller(told=Reported(None, "no sale yet")), enabled=True) == (True, "no sale yet")


def test_switched_off_or_not_there_it_is_not_asked_for(tmp_path: Path) -> None:
    teller = Teller(fails=True)
    assert tell(tmp_path, teller, enabled=False) == (True, "")
    assert teller.asked == []
    assert tell(tmp_path, None, enabled=True) == (True, "")


def test_a_report_that_fails_is_said_without_what_it_was_about_and_undoes_nothing(tmp_path: Path) -> None:
    done, said = tell(tmp_path, Teller(fails=True), enabled=True)
    assert done is False
    assert "publication 3 stands, but not its report: OSError. `lakehouse report` tries again" in said
    assert PERSON not in said
    assert PERSON not in "".join(path.read_text() for path in (tmp_path / "logs").iterdir())


@pytest.mark.parametrize(("told", "refusal", "code"), [(True, None, 0), (False, None, 1), (False, Refused("x"), 3)])
def test_a_run_whose_report_failed_ends_with_1(told: bool, refusal: Refused | None, code: int) -> None:
    assert Outcome("done", RunSummary(), refusal, told).exit_code == code
