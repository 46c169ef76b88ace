"""The figures that a shop is calibrated to, worked out by DuckDB from its truth or from a published lake.

Value is gross: quantity x unit price. Buyers, cohorts, scores and naive revenue count completed orders.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from lakehouse.published import open_published
from lakehouse.settings import ConfigurationError, Section, conf_dir, read_toml
from lakehouse.world.generate import MARK, truth_folder

Figure = float | str | None
Query = Callable[[str], tuple[Any, ...]]

# A score 1 to 5 is min(5, 1 + floor(5 (min rank - 1) / (n - 1))). Retention is the unweighted mean over the cohorts
# whose month 6 is observed.
FIGURES = """
completed AS (SELECT * FROM lines WHERE order_status = 'completed'),
spans AS (SELECT min(order_date) AS first_day, max(order_date) AS last_day FROM lines),
orders AS (
    SELECT order_id, any_value(customer_id) AS customer_id, any_value(order_date) AS order_date,
        any_value(ordered_at) AS ordered_at, sum(gross) AS gross
    FROM completed GROUP BY order_id
),
buyers AS (
    SELECT customer_id, max(order_date) AS last_day, count(*) AS orders, sum(gross) AS gross,
        date_trunc('month', min(order_date)) AS cohort
    FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id
),
ranks AS (
    SELECT gross, greatest(count(*) OVER () - 1, 1) AS others, rank() OVER (ORDER BY last_day) - 1 AS r,
        rank() OVER (ORDER BY orders) - 1 AS f, rank() OVER (ORDER BY gross) - 1 AS m
    FROM buyers
),
scores AS (
    SELECT gross, least(least(5, 1 + floor(5 * r / others)), least(5, 1 + floor(5 * f / others)),
        least(5, 1 + floor(5 * m / others))) >= 4 AS is_champion
    FROM ranks
),
sizes AS (SELECT cohort, count(*) AS size FROM buyers GROUP BY cohort),
active AS (
    SELECT cohort, date_diff('month', cohort, date_trunc('month', order_date)) AS month,
        count(DISTINCT customer_id) AS n
    FROM orders JOIN buyers USING (customer_id) GROUP BY ALL
),
retention AS (
    SELECT month, avg(coalesce(n, 0) / size) AS share
    FROM (SELECT cohort, size, unnest([1, 6]) AS month FROM sizes) AS cells
    LEFT JOIN active USING (cohort, month)
    WHERE cohort + INTERVAL 7 MONTH <= (SELECT last_day + 1 FROM spans)
    GROUP BY month
),
naive AS (
    SELECT sum(gross) AS gross FROM orders AS o WHERE EXISTS (
        SELECT 1 FROM touches AS t
        WHERE t.customer_id = o.customer_id AND NOT t.is_holdout
            AND o.ordered_at >= t.touched_at AND o.ordered_at < t.touched_at + INTERVAL 30 DAY
    )
)
SELECT
    (SELECT count(*) FROM lines),
    (SELECT sum(gross)::DOUBLE FROM lines),
    (SELECT sum(gross)::DOUBLE FROM completed),
    (SELECT count(*) FROM completed) / (SELECT count(*) FROM lines),
    (SELECT count(*) FROM buyers),
    (SELECT avg(gross)::DOUBLE FROM completed),
    (SELECT strftime(first_day, '%Y-%m') || ' to ' || strftime(last_day, '%Y-%m') FROM spans),
    (SELECT share FROM retention WHERE month = 1),
    (SELECT share FROM retention WHERE month = 6),
    (SELECT avg(is_champion::INT) FROM scores),
    (SELECT (sum(gross) FILTER (is_champion) / sum(gross))::DOUBLE FROM scores),
    (SELECT gross::DOUBLE FROM naive)
"""
NAMES = (
    "lines", "gross_all", "gross_completed", "completed_share", "buyers", "line_value", "span", "retention_1",
    "retention_6", "champions", "champions_revenue", "naive_revenue",
)  # fmt: skip
COUNTS = ("customers", "products", "categories", "campaigns", "returns", "spend", "missing")

FROM_TRUTH = {
    "lines": "SELECT * FROM '{truth}/true_lines/*.parquet'",
    "touches": "SELECT * FROM '{truth}/true_touches/*.parquet'",
    "customers": "SELECT count(*) FROM '{truth}/true_customers/*.parquet'",
    "products": "SELECT count(*) FROM '{truth}/true_returns/*.parquet'",
    "categories": "SELECT count(DISTINCT category) FROM '{truth}/true_returns/*.parquet'",
    "campaigns": "SELECT count(*) FROM '{truth}/true_campaigns/*.parquet'",
    "returns": "SELECT count(*) FROM '{truth}/returns/*.parquet'",
    "spend": "SELECT coalesce(sum(spend), 0) FROM '{truth}/true_campaigns/*.parquet'",
    "missing": "SELECT sum(missing) / sum(cells) FROM '{truth}/true_missing/*.parquet'",
}
_SHOP = "source_system = 'shop'"
_CURRENT = f"{_SHOP} AND is_current AND NOT is_inferred"
_EMPTY_CUSTOMER = " + ".join(
    f"({name} IS NULL)::INT"
    for name in ("email", "phone", "birth_date", "gender", "acquisition_channel", "address", "postal_code")
)
FROM_LAKE = {
    "lines": "SELECT f.order_id, c.customer_id, f.ordered_at, f.order_date, f.order_status, f.gross_revenue AS gross"
    f" FROM gold.fact_sales AS f JOIN gold.dim_customer AS c USING (customer_key) WHERE f.{_SHOP}",
    "touches": f"SELECT customer_id, touched_at, is_holdout FROM silver.campaign_touches WHERE {_SHOP}",
    "customers": f"SELECT count(*) FROM gold.dim_customer WHERE {_CURRENT} AND customer_id IS NOT NULL",
    "products": f"SELECT count(*) FROM gold.dim_product WHERE {_CURRENT} AND product_id IS NOT NULL",
    "categories": f"SELECT count(DISTINCT category) FROM gold.dim_product WHERE {_SHOP}",
    "campaigns": f"SELECT count(*) FROM gold.dim_campaign WHERE {_SHOP} AND campaign_id IS NOT NULL",
    "returns": f"SELECT count(*) FROM gold.fact_returns WHERE {_SHOP}",
    "spend": f"SELECT sum(amount)::DOUBLE FROM silver.campaign_spend WHERE {_SHOP}",
    "missing": f"SELECT sum(missing) / sum(cells) FROM (SELECT sum({_EMPTY_CUSTOMER}) AS missing, 7 * count(*) AS cells"
    f" FROM gold.dim_customer WHERE {_CURRENT} AND customer_id IS NOT NULL UNION ALL"
    " SELECT sum((payment_method IS NULL)::INT + (sales_channel IS NULL)::INT), 2 * count(*)"
    f" FROM gold.fact_sales WHERE {_SHOP})",
}


class Target(Section):
    """What a figure should be: conf/world/targets.toml."""

    title: str
    target: float | str
    tolerance: float
    absolute: bool = False
    grows: bool = False
    other_seeds: float | None = None


@dataclass(frozen=True)
class Verdict:
    """One figure held against its target."""

    title: str
    target: float | str
    made: Figure
    tolerance: float
    absolute: bool
    holds: bool


@dataclass(frozen=True)
class Made:
    """What was generated, as the truth says."""

    profile: str
    seed: int
    scale: float
    clean: bool
    own_seed: bool


def figures(query: Query, relations: Mapping[str, str]) -> dict[str, Figure]:
    """The figures by name, from the relations that say where to find what."""
    common = ", ".join(f"{name} AS ({relations[name]})" for name in ("lines", "touches"))
    found: dict[str, Figure] = dict(zip(NAMES, query(f"WITH {common}, {FIGURES}"), strict=True))
    return found | {name: query(relations[name])[0] for name in COUNTS}


def figures_of_truth(landing: Path) -> dict[str, Figure]:
    """The figures of the shop as meant."""
    truth = truth_folder(landing)
    relations = {name: sql.format(truth=truth) for name, sql in FROM_TRUTH.items()}
    with duckdb.connect() as connection:
        return figures(lambda sql: connection.sql(sql).fetchall()[0], relations)


def figures_of_lake(lake: Path) -> dict[str, Figure]:
    """The figures of the newest publication."""
    with open_published(lake) as published:
        return figures(lambda sql: published.sql(sql).fetchall()[0], FROM_LAKE)


def made(landing: Path) -> Made:
    """What was generated there. Raises ConfigurationError where nothing was."""
    mark = truth_folder(landing) / MARK
    if not mark.is_file():
        raise ConfigurationError(f"{mark} is missing: nothing was generated for {landing}")
    values = json.loads(mark.read_text(encoding="utf-8"))
    return Made(**{name: values[name] for name in ("profile", "seed", "scale", "clean", "own_seed")})


def verdicts(found: Mapping[str, Figure], shop: Made) -> list[Verdict]:
    """Each figure against the profile's target. A shop without defects has no missing values to judge."""
    values, _ = read_toml(conf_dir() / "world" / "targets.toml")
    if shop.profile not in values:
        raise ConfigurationError(f"profile {shop.profile} has no targets; there are {', '.join(values)}")
    targets = {name: Target(**one) for name, one in values[shop.profile].items()}
    return [_verdict(one, found[name], shop) for name, one in targets.items() if not (shop.clean and name == "missing")]


def _verdict(target: Target, found: Figure, shop: Made) -> Verdict:
    aim = target.target
    tolerance = target.tolerance if shop.own_seed or target.other_seeds is None else target.other_seeds
    if isinstance(aim, str) or isinstance(found, str) or found is None:
        return Verdict(target.title, aim, found, tolerance, target.absolute, aim == found)
    aim = aim * shop.scale if target.grows else aim
    off = abs(float(found) - aim) / (1 if target.absolute else aim)
    return Verdict(target.title, aim, float(found), tolerance, target.absolute, off <= tolerance + 1e-12)
