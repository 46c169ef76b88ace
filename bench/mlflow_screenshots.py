"""Pictures of MLflow's pages over a lake, for bench/screenshots.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bench.browser import photograph
from jobs.cli.options import settings_for
from ml.tracking.registry import Registry
from ml.tracking.server import serving
from ml.tracking.store import store_of
from ml.tracking.versions import CHAMPION

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH = 1440
DROPPED = ("Source", "Models")
"""Columns of the list of runs that say nothing here."""


def take(page: Page, images: Path, lake: Path) -> None:
    """Writes mlflow_runs.png, mlflow_comparison.png, mlflow_registry.png and mlflow_version.png of the first model
    that has a champion; says so and writes nothing where none has been trained."""
    settings = settings_for(lake)
    store = store_of(settings)
    registry = Registry(store)
    if not registry.names():
        print(f"no pictures of MLflow: no model has been trained on {lake}")
        return
    name = registry.names()[0]
    champion = next(one for one in reversed(registry.versions_of(name)) if CHAMPION in one.aliases)
    run = registry.client.get_run(champion.run_id)
    parent = run.data.tags["mlflow.parentRunId"]
    below = f"tags.`mlflow.parentRunId` = '{parent}'"
    candidates = [one.info.run_id for one in registry.client.search_runs([run.info.experiment_id], below)]
    measure = "/".join(filter(None, (champion.tags["level"], champion.tags["measure"])))
    with serving(store, settings.lake.resolve() / "mlflow", 0) as (address, _):
        _start(page, f"{address}/#/experiments/{run.info.experiment_id}/runs")
        _runs(page, [measure, f"{measure}_low", f"{measure}_high", "better_than_baseline"])
        _take(page, images / "mlflow_runs.png", 720)
        query = f"runs={json.dumps(candidates)}&experiments={json.dumps([run.info.experiment_id])}"
        _open(page, f"{address}/#/compare-runs?{query}", "Visualizations")
        _fold(page, "Visualizations", "Parameters")
        _take(page, images / "mlflow_comparison.png", 1000)
        _open(page, f"{address}/#/models/{name}", "Registered at")
        _fold(page, "Tags")
        _take(page, images / "mlflow_registry.png", 1200)
        _open(page, f"{address}/#/models/{name}/versions/{champion.version}", "What it predicts")
        _take(page, images / "mlflow_version.png", 1000)


def _start(page: Page, address: str) -> None:
    """Turns to the pages about models and closes the assistant; the browser remembers both."""
    page.goto(address)
    page.get_by_text("matching runs").wait_for()
    page.get_by_text("Model training", exact=True).click()
    page.locator("[data-component-id='mlflow.assistant.chat_panel.close']").click()
    page.get_by_text("matching runs").wait_for()


def _runs(page: Page, shown: list[str]) -> None:
    """The list of runs with measures as columns, and the newest training's candidates below it."""
    page.get_by_role("button", name="Columns").click()
    menu = page.locator("[role=dialog], [role=menu], [role=tree]").filter(has_text="Attributes").first
    for column in (*DROPPED, *shown):
        menu.get_by_text(column, exact=True).first.click()
    page.keyboard.press("Escape")
    page.locator("[data-component-id*='runnamecellrenderer']").first.click()
    page.wait_for_timeout(1000)


def _open(page: Page, address: str, text: str) -> None:
    page.goto(address)
    page.get_by_text(text).first.wait_for()
    page.wait_for_timeout(1500)


def _fold(page: Page, *sections: str) -> None:
    for section in sections:
        page.get_by_text(section, exact=True).first.click()
    page.wait_for_timeout(500)


def _take(page: Page, image: Path, height: int) -> None:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_timeout(500)
    photograph(page, image)
