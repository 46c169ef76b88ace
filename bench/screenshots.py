"""Takes the pictures of README and docs over a lake: `make screenshots`, or

    python -m bench.screenshots docs/images --lake demo/lake

The pages of the dashboard, the executive report and MLflow. Needs Debian's chromium; a request to another machine, an
error of a page or a tile that could not be drawn ends this with an error.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bench import mlflow_screenshots
from bench.browser import NoBrowser, chromium, dashboard_of, photograph, settle, watched
from dashboard.app import PAGES
from dashboard.report.write import write_report
from dashboard.words import WENT_WRONG
from lakehouse.published import NothingPublished, publications

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_WINDOW = (1280, 900)
_SHEET = (1040, 1300)
_PATIENCE = 120_000
"""Milliseconds."""


def main(
    images: Path,
    lake: Annotated[Path, typer.Option()] = Path("demo/lake"),
    only: Annotated[str, typer.Option(help="One of dashboard, report, mlflow; else all.")] = "",
) -> None:
    """Writes dashboard_*.png, report.png and mlflow_*.png into the folder."""
    if not lake.is_dir() or not publications(lake):
        raise SystemExit(f"nothing is published in {lake}: `make demo` makes a lake, LAKE=DIR names another")
    images.mkdir(parents=True, exist_ok=True)
    try:
        with chromium() as browser:
            for name, take in (("dashboard", _dashboard), ("report", _report), ("mlflow", _mlflow)):
                if only in ("", name):
                    take(browser, images, lake)
    except (NoBrowser, NothingPublished) as error:
        raise SystemExit(f"no pictures: {error}") from error


def _dashboard(browser: Browser, images: Path, lake: Path) -> None:
    """Every page in the light theme, the first in the dark one too."""
    with dashboard_of(lake) as address:
        for name, theme in (*((name, "light") for name in PAGES), ("overview", "dark")):
            with _page(browser, *_WINDOW, theme) as page:
                page.goto(f"{address}/{'' if name == 'overview' else name}")
                settle(page, 1)
                if page.get_by_text(WENT_WRONG).count():
                    raise SystemExit(f"a tile of {name} could not be drawn")
                photograph(page, images / f"dashboard_{name}{'' if theme == 'light' else '_dark'}.png")


def _report(browser: Browser, images: Path, lake: Path) -> None:
    """The top of the executive report, written anew."""
    with tempfile.TemporaryDirectory() as folder, _page(browser, *_SHEET) as page:
        [sheet] = [path for path in write_report(lake, None, Path(folder), None).files if path.suffix == ".html"][:1]
        page.goto(sheet.resolve().as_uri())
        page.wait_for_timeout(500)
        photograph(page, images / "report.png")


def _mlflow(browser: Browser, images: Path, lake: Path) -> None:
    with _page(browser, mlflow_screenshots.WIDTH, 720, strict=False) as page:
        mlflow_screenshots.take(page, images, lake)


@contextmanager
def _page(browser: Browser, width: int, height: int, theme: str = "light", *, strict: bool = True) -> Iterator[Page]:
    """A page at 1.5 px per point; `strict`: errors that it tells of count, as requests to other machines always do."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
        device_scale_factor=1.5,
    )
    page.set_default_timeout(_PATIENCE)
    seen = watched(page)
    yield page
    page.close()
    if seen.outside:
        raise SystemExit(f"requests left the machine: {sorted(set(seen.outside))}")
    if strict and seen.errors:
        raise SystemExit(f"the page tells of errors: {seen.errors}")


if __name__ == "__main__":
    typer.run(main)
