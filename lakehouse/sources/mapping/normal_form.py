"""Unicode normal form C: one way to write each text, so that equal texts are equal bytes."""

from __future__ import annotations

import unicodedata

import pandas as pd
from pyspark.sql.pandas.functions import pandas_udf
from pyspark.sql.types import StringType


@pandas_udf(StringType())  # type: ignore[call-overload, untyped-decorator]
def nfc_text(texts: pd.Series) -> pd.Series:
    """The texts in normal form C."""
    return texts.map(lambda text: unicodedata.normalize("NFC", text), na_action="ignore")
