"""Unicode normal form C: one way to write each text, so that equal texts are equal bytes."""

from __future__ import annotations

import unicodedata

import pandas as pd
from pyspark.sql import Column
from pyspark.sql.pandas.functions import pandas_udf
from pyspark.sql.types import StringType


def nfc_text(texts: Column) -> Column:
    """The texts in normal form C."""
    # Made when it is asked for: which engine the expression is for is not known before.
    normal: Column = pandas_udf(_normal, StringType())(texts)  # type: ignore[call-overload]
    return normal


def _normal(texts: pd.Series) -> pd.Series:
    return texts.map(lambda text: unicodedata.normalize("NFC", text), na_action="ignore")
