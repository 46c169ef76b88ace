"""gold.campaign_attribution and gold.campaign_roi over several publications: as made of the same rows at once."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.gold.campaigns.campaign_roi import STEP
from lakehouse.settings import load_settings
from lakehouse.tables.gold import DIM_CAMPAIGN
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_SPEND, CAMPAIGN_TOUCHES, FX_RATES
from tests.gold.growing import Content, Growing
from tests.gold.stars import Row, total

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]
START = datetime(2024, 3, 1, tzinfo=UTC)
CAMPAIGNS = "abc"


class Shop(Growing):
    """Contacts and orders at random, within three months."""

    draw: random.Random

    def _at(self) -> datetime:
        return START + timedelta(hours=self.draw.randrange(24 * 92))

    def _customer(self) -> str:
        return f"C{self.draw.randrange(15)}"

    def contacts(self, count: int) -> None:
        first = len(self.rows[CAMPAIGN_TOUCHES.name])
        self.has(CAMPAIGN_TOUCHES, (self._contact(first + number) for number in range(count)))

    def _contact(self, number: int) -> Row:
        said = {"campaign_id": self.draw.choice(CAMPAIGNS), "customer_id": self._customer(), "touched_at": self._at()}
        return {"touch_id": f"T{number}", "is_holdout": self.draw.random() < 0.2} | said

    def orders(self, count: int) -> None:
        first = len(self.rows[ORDER_TOTALS.name])
        self.has(ORDER_TOTALS, (self._order(first + number) for number in range(count)))

    def _order(self, number: int) -> Row:
        at, revenue = self._at(), self.draw.randrange(10, 200)
        customer = None if self.draw.random() < 0.1 else self._customer()
        money = {name: Decimal(revenue) for name in ("gross_revenue", "net_of_returns")}
        money["margin_net_of_returns"] = Decimal(revenue) / 4
        return total(f"O{number}", f"{at:%Y-%m-%d}", customer, revenue, ordered_at=at, **money)

    def costs(self, day: str, amount: int) -> None:
        on = date.fromisoformat(day)
        self.has(
            CAMPAIGN_SPEND,
            ({"campaign_id": name, "spend_date": on, "amount": Decimal(amount)} for name in CAMPAIGNS),
        )

    def change_one(self, name: str, **values: object) -> None:
        self.rows[name][self.draw.randrange(len(self.rows[name]))] |= values


@pytest.fixture
def shop(spark: SparkSession, tmp_path: Path) -> Shop:
    settings = load_settings()
    lift = settings.analytics.lift.model_copy(update={"least_held_out": 2})
    analytics = settings.analytics.model_copy(update={"lift": lift})
    shop = Shop(spark, tmp_path, settings.model_copy(update={"analytics": analytics}), STEP)
    shop.draw = random.Random(8)
    shop.has(MART_CURRENCIES, [{"is_converted": True}])
    shop.has(
        DIM_CAMPAIGN,
        ({"campaign_key": ord(name), "campaign_id": name, "campaign_name": "Spring"} for name in CAMPAIGNS),
    )
    return shop


def test_increments_end_where_a_rebuild_ends(shop: Shop) -> None:
    shop.contacts(60)
    shop.orders(40)
    shop.costs("2024-03-01", 40)
    ends = [shop.content(shop.publish(as_of=date(2024, 5, 1)))]
    # Late orders and contacts reach back into paths that were credited already.
    shop.orders(10)
    shop.contacts(10)
    ends.append(shop.content(shop.publish(as_of=date(2024, 5, 20))))
    # A return, a contact that was meant for somebody else, orders that are gone, more spend, another name.
    shop.change_one(ORDER_TOTALS.name, margin_net_of_returns=Decimal(-3))
    shop.change_one(CAMPAIGN_TOUCHES.name, customer_id="C1")
    del shop.rows[ORDER_TOTALS.name][5:9]
    shop.costs("2024-04-01", 7)
    shop.change_one(DIM_CAMPAIGN.name, campaign_name="Summer")
    ends.append(shop.content(shop.publish(as_of=date(2024, 7, 1))))
    assert ends[-1] == shop.rebuilt()
    assert_eventful(ends)


def test_the_day_alone_closes_windows_and_nothing_new_commits_nothing(shop: Shop) -> None:
    shop.contacts(40)
    shop.orders(30)
    before = shop.content(shop.publish(as_of=date(2024, 5, 1)))
    lake = shop.publish(as_of=date(2024, 7, 15))
    after = shop.content(lake)
    assert_eventful([before, after])
    assert after == shop.rebuilt()
    versions = [lake.version(table) for table in STEP.writes]
    again = shop.publish()
    assert [again.version(table) for table in STEP.writes] == versions
    # Seen from the first day again, the tables are what they were.
    assert shop.content(shop.publish(as_of=date(2024, 5, 1))) == before


def test_spend_in_a_currency_of_its_own_moves_when_a_rate_comes(shop: Shop) -> None:
    shop.contacts(10)
    shop.orders(10)
    shop.costs("2024-03-05", 40)
    shop.change_one(CAMPAIGN_SPEND.name, currency="EUR")
    before = shop.content(shop.publish())
    shop.has(FX_RATES, [{"currency": "EUR", "rate_date": date(2024, 3, 1), "exchange_rate": Decimal("0.5")}])
    after = shop.content(shop.publish())
    currency = CAMPAIGN_ROI.column_names.index("currency")
    assert {row[currency] for row in before[CAMPAIGN_ROI.name]} == {"GBP", "EUR"}
    assert {row[currency] for row in after[CAMPAIGN_ROI.name]} == {"GBP"}
    assert after == shop.rebuilt()


def assert_eventful(ends: list[Content]) -> None:
    """Each publication says another thing of both tables; credits are shared, and effects are estimated."""
    for one, other in pairwise(ends):
        assert all(one[table.name] != other[table.name] for table in STEP.writes)
    linear = CAMPAIGN_ATTRIBUTION.column_names.index("linear")
    assert any(0 < row[linear] < 1 for row in ends[-1][CAMPAIGN_ATTRIBUTION.name])
    basis = CAMPAIGN_ROI.column_names.index("causal_basis")
    assert "held-out group" in {row[basis] for row in ends[-1][CAMPAIGN_ROI.name]}
