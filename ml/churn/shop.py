"""What one training is about: the cases of a shop, how they are divided, and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.settings.models import Churn, Models
from ml.churn.cases import local, not_sampled, sampled
from ml.churn.churn_model import Shares
from ml.churn.split import Split

MOST_JUDGED = 50_000
"""Customers of the test window that candidates are judged on; of more, a sample by hash."""


HELD_OUT = 0.1
"""Share of the customers that a model which is trained in Spark is calibrated by, at most."""


@dataclass(frozen=True)
class Shop:
    """The cases of all cut-offs of training and of the test, in Spark, and what is known of their number."""

    cases: DataFrame
    orders: DataFrame
    days: Split
    counts: Mapping[date, tuple[int, int]]
    """By cut-off: how many customers, and how many of them churned."""
    lapsed: float | None
    """Share of the lapsed customers who did not come back; None where there were none."""
    rules: Churn
    models: Models

    @property
    def to_train(self) -> DataFrame:
        return self.cases.where(F.col("cut_off") != F.lit(self.days.test))

    @property
    def train_rows(self) -> int:
        return sum(customers for cut_off, (customers, _) in self.counts.items() if cut_off != self.days.test)

    @property
    def is_large(self) -> bool:
        """True where there is more to train on than is taken to this process."""
        return self.train_rows > self.models.most_local_rows

    def local_train(self) -> pd.DataFrame:
        """All that there is to train on, or where that is too much all cut-offs of a sample of the customers."""
        return local(sampled(self.to_train, self.models.most_local_rows / self.train_rows))

    def local_test(self) -> pd.DataFrame:
        test = self.cases.where(F.col("cut_off") == F.lit(self.days.test))
        most = min(MOST_JUDGED, self.models.most_local_rows)
        return local(sampled(test, most / self.counts[self.days.test][0]))

    def large_train(self) -> tuple[DataFrame, pd.DataFrame]:
        """For training where the cases are: those of most customers; and, here, the later cut-offs of the others."""
        share = min(HELD_OUT, self.models.most_local_rows / self.train_rows)
        held_out = sampled(self.to_train.where(F.col("cut_off").isin(self.days.calibrate)), share)
        return not_sampled(self.to_train, share), local(held_out)

    def shares(self, rows: pd.DataFrame) -> Shares:
        """Of new customers, and of lapsed ones; where no lapsed one was seen, of those nearest to being one."""
        new = rows[rows["age_days"] < self.rules.least_history_days]
        near = rows[rows["days_since_last_order"] >= rows["days_since_last_order"].quantile(0.9)]
        return Shares(
            lapsed=float(near["churned"].mean()) if self.lapsed is None else self.lapsed,
            new=float((rows if new.empty else new)["churned"].mean()),
        )
