"""The three problems: how each is trained for one shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from lakehouse.settings.models import Models
from ml.beside import beside, has_room
from ml.stages.shops import Shop
from ml.training import Files, NotTrained, Problem, Training

Trained = Callable[[], Training | NotTrained]
Begin = Callable[[Shop, Models, Files | None], Trained]
"""A shop, the settings, and the files of the present champion -> what gives what came of it, when it is asked for."""

LEAST_ROWS_BESIDE = 10_000
"""Weekly sales of fewer rows are trained on sooner than another process has started."""


def _churn(shop: Shop, models: Models, champion: Files | None) -> Trained:
    from ml.churn.train import train

    return partial(
        train, shop.features, shop.orders, as_of=shop.as_of, rules=models.churn, models=models, champion=champion
    )


def _clv(shop: Shop, models: Models, champion: Files | None) -> Trained:
    from ml.clv.train import train

    return partial(train, shop.orders, as_of=shop.as_of, rules=models.clv, models=models, champion=champion)


def _demand(shop: Shop, models: Models, champion: Files | None) -> Trained:
    """Where there is a core to spare and no need of partitions, it begins at once, beside what else is trained."""
    from ml.demand.gathered import gathered
    from ml.demand.statistical import MOST_LOCAL_SERIES
    from ml.demand.train import train

    most = models.demand.most_products
    given = gathered(shop.days, shop.products, shop.calendar, shop.campaigns, as_of=shop.as_of, most_products=most)
    work = partial(train, given, rules=models.demand, models=models, champion=champion)
    series = len(given.sales.drop_duplicates(["currency", "category", "product_durable_key"]))
    if len(given.sales) >= LEAST_ROWS_BESIDE and series <= MOST_LOCAL_SERIES and has_room():
        return beside(work)
    return partial(work, spark=shop.lake.spark)


BEGIN: Mapping[Problem, Begin] = {"churn": _churn, "clv": _clv, "demand": _demand}
