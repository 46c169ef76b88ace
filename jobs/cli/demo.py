"""`make demo`: makes a shop, runs the whole pipeline on it with the commands anyone would type, says where to look."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from lakehouse.published import open_published
from lakehouse.tables.reasons import RowStatus
from lakehouse.truth.defects import caught
from lakehouse.world.profile import load_profile

LAKE, LANDING = Path("demo/lake"), Path("demo/landing")
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
    console = Console(highlight=False, soft_wrap=True)  # commands stay whole, to be copied
    as_of = load_profile(profile).end.isoformat()
    places = ["--lake", str(LAKE), "--landing", str(LANDING)]
    for command in (
        ["generate", "--profile", profile, "--out", str(LANDING)],
        ["run", *places, "--source", "shop", "--as-of", as_of],
    ):
        console.print(f"\n[bold]$ lakehouse {' '.join(command)}[/]")
        if code := _lakehouse(command):
            return code
    _show_figures(console)
    _show_caught(console)
    _show_models(console)
    console.print(
        f"\nThe files that came in are in {LANDING}/shop, what is true of them in demo/truth, the tables in {LAKE},"
        f" the log in {LAKE}/logs.\n"
        f"The report on quality is {LAKE}/reports/quality/latest.html; every expectation behind it is shown by\n"
        f"           .venv/bin/lakehouse quality docs --lake {LAKE}\n"
        f"Ask them:  .venv/bin/lakehouse sql --lake {LAKE} 'SELECT * FROM gold.rfm_segments'\n"
        f"           .venv/bin/lakehouse status --lake {LAKE}\n"
        f"           .venv/bin/lakehouse reconcile --lake {LAKE}\n"
        f"           .venv/bin/lakehouse truth calibration --landing {LANDING} --lake {LAKE}\n"
        f"           .venv/bin/lakehouse truth quality --landing {LANDING} --lake {LAKE}\n"
        f"           .venv/bin/lakehouse truth analytics --landing {LANDING} --lake {LAKE}\n"
        f"           .venv/bin/lakehouse truth models --landing {LANDING} --lake {LAKE}\n"
        f"See it:    .venv/bin/lakehouse dashboard --lake {LAKE}\n"
        f"Models:    .venv/bin/lakehouse models list --lake {LAKE}\n"
        f"           .venv/bin/lakehouse models ui --lake {LAKE}    (MLflow, at the address that it says)"
    )
    return 0


def _lakehouse(command: Sequence[str]) -> int:
    return subprocess.run([sys.executable, "-m", "jobs.cli", *command], check=False).returncode


def _show_figures(console: Console) -> None:
    console.print("\n[bold]The shop[/]")
    with open_published(LAKE) as lake:
        for name, query in FIGURES.items():
            (value,) = lake.sql(query).fetchall()[0]
            console.print(f"  {name:40}{value:>14,}")


def _show_caught(console: Console) -> None:
    """What became of the defects that were planted in the files; rows with values missing are no defects."""
    found = [one for one in caught(LANDING, LAKE) if one.defect != "missing_values"]
    console.print("\n[bold]Defects planted in its files[/]")
    of_outcome: dict[str, list[int]] = {}
    for one in found:
        sums = of_outcome.setdefault(one.outcome, [0, 0])
        sums[0], sums[1] = sums[0] + one.planted, sums[1] + one.seen
    for outcome, (planted, seen) in sorted(of_outcome.items()):
        console.print(f"  {f'to be {outcome}':40}{planted:>14,}   {seen:,} were")


def _show_models(console: Console) -> None:
    """The champions, each by its own measure on weeks that it was not fitted on."""
    console.print("\n[bold]Models[/]")
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
            console.print(f"  {name:40}{score:>14.3f}")


if __name__ == "__main__":
    raise SystemExit(main())
