"""Data Docs: the pages of Great Expectations, built below the lake from the results that runs left there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult, RunIdentifier
from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.expectations.metadata_types import FailureSeverity

from lakehouse.published import publications
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED
from quality.checks.every import checks_by_table
from quality.gx.suites import suite_of
from quality.report.folders import reports_folder, results_folder
from quality.report.pages import RunPages, TablePage, index_page, self_contained, style_sheet

SITE, STYLE = "lake", "lake.css"
MENDED = "<!-- nothing is fetched from elsewhere -->"


def docs_folder(root: Path) -> Path:
    return reports_folder(root) / "docs"


def build_docs(root: Path) -> Path:
    """Adds the pages that are not there yet, and writes the index, whose path it gives."""
    folder, context = docs_folder(root), _context(docs_folder(root))
    folder.mkdir(parents=True, exist_ok=True)
    runs: dict[str, list[ValidationResultIdentifier]] = {}
    for name, file in _results(root):
        runs.setdefault(name, []).append(_store(context, name, file))
    hrefs = {key: _href(context, key) for keys in runs.values() for key in keys}
    if new := [key for key, href in hrefs.items() if not (folder / href).is_file()]:
        suites = [_add_suite(context, table) for table in PUBLISHED]
        context.build_data_docs(site_names=[SITE], resource_identifiers=suites)
        context.build_data_docs(site_names=[SITE], resource_identifiers=new)
        for page in folder.rglob("*.html"):
            _mend(folder, page)
    (folder / STYLE).write_text(style_sheet(), encoding="utf-8")
    listed = [_listed(context, name, keys, hrefs) for name, keys in runs.items()]
    listed.sort(key=lambda run: run.at, reverse=True)
    (folder / "index.html").write_text(index_page(listed), encoding="utf-8")
    return folder / "index.html"


def _mend(folder: Path, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if MENDED not in text:
        style = "../" * len(page.relative_to(folder).parts[:-1]) + STYLE
        page.write_text(self_contained(text, style) + MENDED, encoding="utf-8")


def _href(context: EphemeralDataContext, key: ValidationResultIdentifier) -> str:
    return "/".join(("validations", *key.to_tuple())) + ".html"  # type: ignore[no-untyped-call]


def _listed(
    context: EphemeralDataContext,
    name: str,
    keys: list[ValidationResultIdentifier],
    hrefs: Mapping[ValidationResultIdentifier, str],
) -> RunPages:
    pages = []
    for key in keys:
        result = cast(ExpectationSuiteValidationResult, context.validation_results_store.get(key))
        broken = [
            one.expectation_config.severity for one in result.results if one.expectation_config and not one.success
        ]
        warned = sum(severity != FailureSeverity.CRITICAL for severity in broken)
        passed = len(result.results) - len(broken)
        pages.append(TablePage(result.suite_name, hrefs[key], passed, len(broken) - warned, warned))
    return RunPages(name, keys[0].run_id.run_time, pages)


def _results(root: Path) -> Iterator[tuple[str, Path]]:
    """What a run is called, and the result of one table. A run that published is called so."""
    numbers = {one.run_id: one.publication for one in publications(root)}
    for folder in sorted(path for path in results_folder(root).glob("*") if path.is_dir()):
        run = folder.name
        name = f"publication-{numbers[run]}" if run in numbers else f"not-published-{run}"
        for file in sorted(folder.glob("*.json")):
            yield name, file


def _store(context: EphemeralDataContext, run_name: str, file: Path) -> ValidationResultIdentifier:
    values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    result: ExpectationSuiteValidationResult = expectationSuiteValidationResultSchema.load(values)
    at = datetime.fromisoformat(values["meta"]["run_id"]["run_time"]).astimezone(UTC)
    key = ValidationResultIdentifier(
        expectation_suite_identifier=ExpectationSuiteIdentifier(result.suite_name),
        run_id=RunIdentifier(run_name=run_name, run_time=at),
        batch_identifier="staged",
    )
    result.meta["run_id"] = key.run_id
    context.validation_results_store.set(key, result)
    return key


def _add_suite(context: EphemeralDataContext, table: Table) -> ExpectationSuiteIdentifier:
    context.suites.add(suite_of(table, checks_by_table({})[table.name]))
    return ExpectationSuiteIdentifier(table.name)


def _context(folder: Path) -> EphemeralDataContext:
    site = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        data_docs_sites={SITE: site},
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(project_config=config, mode="ephemeral")
