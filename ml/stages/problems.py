"""The three problems: how each is trained for one shop."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lakehouse.settings.models import Models
from ml.stages.shops import Shop
from ml.training import Files, NotTrained, Problem, Training

Train = Callable[[Shop, Models, Files | None], Training | NotTrained]
"""A shop, the settings, and the files of the present champion -> what came of it."""


def _churn(shop: Shop, models: Models, champion: Files | None) -> Training | NotTrained:
    from ml.churn.train import train

    return train(shop.features, shop.orders, as_of=shop.as_of, rules=models.churn, models=models, champion=champion)


def _clv(shop: Shop, models: Models, champion: Files | None) -> Training | NotTrained:
    from ml.clv.train import train

    return train(shop.orders, as_of=shop.as_of, rules=models.clv, models=models, champion=champion)


def _demand(shop: Shop, models: Models, champion: Files | None) -> Training | NotTrained:
    from ml.demand.train import train

    return train(
        shop.days,
        shop.products,
        shop.calendar,
        shop.campaigns,
        as_of=shop.as_of,
        rules=models.demand,
        models=models,
        champion=champion,
    )


TRAIN: Mapping[Problem, Train] = {"churn": _churn, "clv": _clv, "demand": _demand}
