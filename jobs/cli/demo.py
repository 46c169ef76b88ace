"""`make demo`: makes a shop, runs the whole pipeline on it with the commands anyone would type, says where to look."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dashboard.report.folders import reports_folder, stem
from dashboard.serve import ADDRESS, PORT
from lakehouse.published import open_published
from lakehouse.tables.reasons import RowStatus
from lakehouse.terminal import Terminal, marked
from lakehouse.truth.defects import caught
from lakehouse.world.profile import load_profile

LAKE, LANDING = Path("demo/lake"), Path("demo/landing")
_COMMAND, _WIDTH = ".venv/bin/lakehouse", 80
FIGURES = {
    "order lines": "SELECT count(*) FROM gold.fact_sales",
    "orders": "SELECT count(DISTINCT order_id) FROM gold.fact_sales",
    "customers": (
        "SELECT count(*) FROM gold.dim_customer WHERE is_current AND NOT is_inferred AND customer_id IS NOT NULL"
    ),
    "customers who bought": (
        "SELECT count(DISTINCT customer_durable_key) FROM gold.fact_sales JOIN gold.dim_customer USING (customer_key)"
        " WHERE customer_id IS NOT NULL AND order_status = 'completed'"
    ),
    "net revenue of completed lines, in GBP": (
        "SELECT round(sum(net_revenue * reporting_rate), 2) FROM gold.fact_sales WHERE order_status = 'completed'"
    ),
    "returns": "SELECT count(*) FROM gold.fact_returns",
    "rows that wait in quarantine": f"SELECT count(*) FROM silver.quarantine WHERE status = '{RowStatus.OPEN}'",
}


def main(profile: str = "seed") -> int:
    """Exit code of the first command that fails; 0 where all is done."""
    console = Terminal(highlight=False, soft_wrap=True)  # commands stay whole, to be copied
    as_of = load_profile(profile).end.isoformat()
    places = ["--lake", str(LAKE), "--landing", str(LANDING)]
    for command in (
        ["generate", "--profile", profile, "--out", str(LANDING)],
        ["run", *places, "--source", "shop", "--as-of", as_of],
    ):
        console.print(marked("\n[bold]$ lakehouse {}[/]", " ".join(command)))
        if code := _lakehouse(command):
            return code
    _show_figures(console)
    _show_caught(console)
    _show_models(console)
    console.print(where_to_look(load_profile(profile).end))
    return 0


def where_to_look(as_of: date) -> str:
    """Addresses and files to open, and questions to ask, in lines of at most 80 characters.

    `as_of`: of the publication. Whatever the line begins with, a command or a file stands alone behind it.
    """
    report = reports_folder(LAKE) / f"{stem(as_of, None)}.html"
    groups = {
        "Open": [
            ("dashboard", "make dashboard", f"then http://{ADDRESS}:{PORT}"),
            ("report", str(report), ""),
            ("models", f"{_COMMAND} models ui --lake {LAKE}", "then http://127.0.0.1:5000 (MLflow)"),
            ("quality", f"{LAKE}/reports/quality/latest.html", ""),
            ("notebooks", ".venv/bin/jupyter lab notebooks", ""),
        ],
        "Ask": [
            ("tables", f'{_COMMAND} sql --lake {LAKE} "from gold.rfm_segments"', ""),
            ("state", f"{_COMMAND} status --lake {LAKE}", ""),
            ("every row", f"{_COMMAND} reconcile --lake {LAKE}", ""),
            ("champions", f"{_COMMAND} models list --lake {LAKE}", ""),
            ("rules", f"{_COMMAND} quality docs --lake {LAKE}", ""),
        ],
        "Hold against the truth, which generated shops alone have": [
            (kind, f"{_COMMAND} truth {kind} --lake {LAKE} \\", f"  --landing {LANDING}")
            for kind in ("calibration", "quality", "analytics", "models")
        ],
        "Find": [
            ("files sent", f"{LANDING}/shop", ""),
            ("their truth", "demo/truth", ""),
            ("lake, logs", f"{LAKE}, {LAKE}/logs", ""),
        ],
    }
    lines = []
    for heading, rows in groups.items():
        lines += ["", heading]
        for name, what, more in rows:
            whole = f"  {name:13}{what}"
            is_short = len(whole) + len(more) < _WIDTH - 3
            lines += [f"{whole}   {more}"] if is_short or not more else [whole, f"{'':15}{more}"]
    return "\n".join(line.rstrip() for line in lines)


def _lakehouse(command: Sequence[str]) -> int:
    return subprocess.run([sys.executable, "-m", "jobs.cli", *command], check=False).returncode


def _show_figures(console: Terminal) -> None:
    console.print(marked("\n[bold]The shop[/]"))
    with open_published(LAKE) as lake:
        for name, query in FIGURES.items():
            (value,) = lake.sql(query).fetchall()[0]
            console.print(f"  {name:40}{value:>14,}")


def _show_caught(console: Terminal) -> None:
    """What became of the defects that were planted in the files; rows with values missing are no defects."""
    found = [one for one in caught(LANDING, LAKE) if one.defect != "missing_values"]
    console.print(marked("\n[bold]Defects planted in its files[/]"))
    of_outcome: dict[str, list[int]] = {}
    for one in found:
        sums = of_outcome.setdefault(one.outcome, [0, 0])
        sums[0], sums[1] = sums[0] + one.planted, sums[1] + one.seen
    for outcome, (planted, seen) in sorted(of_outcome.items()):
        console.print(f"  {f'to be {outcome}':40}{planted:>14,}   {seen:,} were")


def _show_models(console: Terminal) -> None:
    """The champions, each by its own measure on weeks that it was not fitted on."""
    console.print(marked("\n[bold]Models[/]"))
    for problem, measure, level in (
        ("churn", "roc_auc", "all"),
        ("clv", "correlation", "purchases"),
        ("demand", "wape", "category revenue"),
    ):
        with open_published(LAKE) as lake:
            found = lake.sql(
                "SELECT candidate, score FROM gold.model_scores"
                " WHERE candidate_role = 'champion' AND score_fold = 'test'"
                f" AND problem = '{problem}' AND score_measure = '{measure}' AND score_level = '{level}'"
            ).fetchall()
        for candidate, score in found:
            name = f"{problem}: {candidate}, {measure}" + ("" if level == "all" else f" of {level}")
            console.print(f"  {name:44}{score:>10.3f}")  # in line with the figures above, of longer names


if __name__ == "__main__":
    raise SystemExit(main())
