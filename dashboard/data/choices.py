"""What there is to choose from: sources and their currencies, the days they cover, and values of dimensions."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data.answers import UNKNOWN, Answers
from dashboard.data.filters import COLUMNS, Period

_MARKETS = """
    SELECT source_system, currency, min(full_date) AS first_day, max(full_date) AS last_day
    FROM gold.daily_sales GROUP BY ALL ORDER BY source_system, sum(lines) DESC, currency
"""


@dataclass(frozen=True)
class Market:
    """One source in one currency."""

    source: str
    currency: str
    known: Period


def markets(answers: Answers) -> list[Market]:
    """By source; of a source, the currency of most lines first."""
    rows = answers.ask(_MARKETS).table.to_pylist()
    return [Market(row["source_system"], row["currency"], Period(row["first_day"], row["last_day"])) for row in rows]


def values(answers: Answers, market: Market, dimension: str) -> list[str]:
    """The values of a dimension, those of most revenue first; none where only `unknown` is known."""
    column = COLUMNS[dimension]
    found = answers.ask(
        f"SELECT {column} AS value FROM gold.daily_sales WHERE source_system = $source AND currency = $currency"
        " GROUP BY 1 ORDER BY sum(net_of_returns) DESC, 1",
        source=market.source,
        currency=market.currency,
    )
    names = [str(value) for value in found.table.column("value").to_pylist()]
    return [] if names == [UNKNOWN] else names


def segments(answers: Answers, market: Market) -> list[str]:
    """RFM segments that customers are in, those of most revenue first; none where the publication has none."""
    if not answers.has("gold.customer_rfm"):
        return []
    found = answers.ask(
        "SELECT segment FROM gold.customer_rfm WHERE source_system = $source AND currency = $currency"
        " GROUP BY 1 ORDER BY sum(monetary) DESC, 1",
        source=market.source,
        currency=market.currency,
    )
    return [str(value) for value in found.table.column("segment").to_pylist()]
