"""`make demo`: writes the sample of a shop, runs the whole pipeline on it, and says where to look."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from jobs import stages
from lakehouse.published import open_published
from lakehouse.settings import load_settings
from lakehouse.world.sample import LAST_DAY, write_sample

FIGURES = {
    "order lines": "SELECT count(*) FROM gold.fact_sales",
    "orders": "SELECT count(DISTINCT order_id) FROM gold.fact_sales",
    "customers who bought": (
        "SELECT count(DISTINCT customer_durable_key) FROM gold.fact_sales JOIN gold.dim_customer USING (customer_key)"
        " WHERE customer_id IS NOT NULL"
    ),
    "net revenue of completed lines, in GBP": (
        "SELECT round(sum(net_revenue * reporting_rate), 2) FROM gold.fact_sales WHERE order_status = 'completed'"
    ),
    "returns": "SELECT count(*) FROM gold.fact_returns",
    "rows in quarantine": "SELECT count(*) FROM silver.quarantine WHERE status = 'open'",
}


def main() -> int:
    folder, console = Path("demo"), Console(highlight=False)
    write_sample(folder / "landing" / "shop")
    settings = load_settings(lake=folder / "lake", landing=folder / "landing", as_of=LAST_DAY)
    outcome = stages.run(settings, ["shop"])
    if outcome.exit_code:
        return outcome.exit_code
    with open_published(settings.lake) as lake:
        for name, query in FIGURES.items():
            (value,) = lake.sql(query).fetchall()[0]
            console.print(f"  {name:40}{value:>14,}")
    console.print(
        "\nThe files that came in are in demo/landing, the tables in demo/lake, the log in demo/lake/logs.\n"
        "Ask them:  .venv/bin/lakehouse sql --lake demo/lake 'SELECT * FROM gold.vw_product_performance LIMIT 10'\n"
        "           .venv/bin/lakehouse status --lake demo/lake\n"
        "           .venv/bin/lakehouse reconcile --lake demo/lake",
        soft_wrap=True,  # commands stay whole, to be copied
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
