"""What each kind of model can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd

from ml.evaluation.cases import Numbers


class Model(Protocol):
    """A model of one kind, fitted: from the columns of an Encoding to margins."""

    @property
    def kind(self) -> str: ...

    def margins(self, inputs: pd.DataFrame) -> Numbers:
        """The higher, the more likely it is that the customer has churned."""
        ...

    def contributions(self, inputs: pd.DataFrame) -> pd.DataFrame:
        """What each column adds to the margin, against the mean of those trained on; the same rows."""
        ...

    def as_json(self) -> dict[str, Any]:
        """What is kept of it in model.json."""
        ...

    def parameters(self) -> Mapping[str, Any]:
        """What was set, and what few parameters were estimated."""
        ...

    def other_files(self) -> Mapping[str, bytes]:
        """What is kept of it beside model.json."""
        ...
