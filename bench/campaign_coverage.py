"""How often the intervals of gold.campaign_roi hold the truth, over shops of many seeds.

    python -m bench.campaign_coverage --seeds 20

Makes the life of each shop (no files), and estimates with the functions of the mart, from sums that DuckDB works out.
Coverage should be 90 to 98 %, and the pooled bias within two standard errors; exit code 1 where it is not.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from pathlib import Path

import duckdb

from lakehouse.engine.spark.session import spark_session
from lakehouse.gold.campaigns.lift import Effect, adjusted_lift, arm, lift
from lakehouse.world.profile import load_profile
from lakehouse.world.simulate import Tables, simulate
from lakehouse.world.world import World

SUMS = """
WITH orders AS (
    SELECT customer, event, any_value("at") AS t, any_value(cause) AS cause,
        sum(gross - discount)::DOUBLE AS revenue
    FROM '{folder}/order_lines/*.parquet' WHERE status = 'completed' GROUP BY ALL
),
people AS (
    SELECT m.campaign, m.is_holdout,
        coalesce(sum(o.revenue) FILTER (o.t >= m.touch), 0) AS y,
        coalesce(sum(o.revenue) FILTER (o.t < m.touch), 0) AS x,
        coalesce(sum(o.revenue) FILTER (o.cause = m.campaign), 0) AS caused
    FROM '{folder}/touches/*.parquet' AS m
    LEFT JOIN orders AS o ON o.customer = m.customer AND o.t < m.touch + 30 AND o.t >= m.touch - 365
    GROUP BY m.campaign, m.is_holdout, m.customer
)
SELECT campaign, is_holdout, count(*), sum(y), sum(y * y), sum(x), sum(x * x), sum(x * y), sum(caused)
FROM people GROUP BY ALL ORDER BY campaign, is_holdout
"""


def estimates(folder: Path) -> list[tuple[float, Effect, Effect]]:
    """For each campaign of a shop: true revenue, the plain and the adjusted estimate."""
    with duckdb.connect() as connection:
        rows = connection.sql(SUMS.format(folder=folder)).fetchall()
    found = []
    for contacted, held_out in zip(rows[::2], rows[1::2], strict=True):
        arms = [
            arm(dict(zip(("y", "yy", "x", "xx", "xy"), row[3:8], strict=True)), row[2]) for row in (contacted, held_out)
        ]
        found.append((contacted[8], lift(*arms), adjusted_lift(*arms)))
    return found


def judged(name: str, pairs: list[tuple[float, Effect]]) -> bool:
    """Prints coverage and pooled bias; whether both are as they should be."""
    coverage = sum(one.low <= truth <= one.high for truth, one in pairs) / len(pairs)
    bias = sum(one.estimate - truth for truth, one in pairs)
    error = math.sqrt(sum(one.standard_error**2 for _, one in pairs))
    holds = 0.90 <= coverage <= 0.98 and abs(bias) <= 2 * error
    share = bias / sum(truth for truth, _ in pairs)
    print(
        f"{name:9} coverage {coverage:.1%} of {len(pairs)} (90 to 98 %); pooled bias {share:+.1%} of the truth,"
        f" {bias / error:+.2f} standard errors (± 2): {'holds' if holds else 'OUT'}"
    )
    return holds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    chosen = parser.parse_args()
    profile = load_profile("seed")
    found: list[tuple[float, Effect, Effect]] = []
    with tempfile.TemporaryDirectory() as scratch:
        spark = spark_session("coverage", log_file=Path(scratch) / "spark.log")
        for seed in range(1, chosen.seeds + 1):
            world = World(profile, seed, 1.0, profile.end)
            folder = Path(scratch) / str(seed)
            simulate(world, Tables(spark, folder), lambda _: None)
            found += estimates(folder)
            inside = sum(one.low <= truth <= one.high for truth, _, one in found)
            print(f"seed {seed}: adjusted intervals hold the truth {inside} times of {len(found)}", flush=True)
        spark.stop()
    wider = sum(b.high - b.low > a.high - a.low for _, a, b in found)
    print(f"adjusted intervals wider than plain ones: {wider}")
    plain = judged("plain", [(truth, one) for truth, one, _ in found])
    adjusted = judged("adjusted", [(truth, one) for truth, _, one in found])
    sys.exit(0 if plain and adjusted and not wider else 1)


if __name__ == "__main__":
    main()
