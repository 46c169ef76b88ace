"""Unicode normal form C: one way to write each text, so that equal texts are equal bytes."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.functions import pandas_udf
from pyspark.sql.types import StringType

from lakehouse.sources.model import FileKind
from lakehouse.tables.column_names import in_backticks

# Texts made of anything else are in normal form already: NFC only ever changes or joins these.
NOT_SURELY_NFC = (
    r"[\u0300-\u036F\u0340-\u0374\u037E\u0387\u0483-\u0489\u0591-\u0E4F\u0EB1-\u109D\u1100-\u11FF\u135D-\u1FFF"
    r"\u2000-\u2001\u20D0-\u20FF\u2126\u212A\u212B\u2329\u232A\u2ADC\u302A-\u30FF\uA66F-\uABFF\uF900-\uFAFF"
    r"\uFB1D-\uFB4F\uFE20-\uFE2F]|[^\u0000-\uFFFF]"
)
_SUSPECT = re.compile(NOT_SURELY_NFC)


def is_surely_nfc(text: str) -> bool:
    """False where the text may not be in normal form C, or where a text that begins with it or ends in it may not."""
    return text.isascii() or not _SUSPECT.search(text)


def needs_nfc(rows: DataFrame, kind: FileKind) -> bool:
    """True where some text of the rows may not be in normal form C. One pass over the rows."""
    one_text = F.concat_ws(" ", *(F.col(in_backticks(name)) for name in kind.columns))
    # The pattern is dear, and a text of ASCII letters alone, as many bytes as letters, has no need of it.
    suspect = F.when(F.octet_length(one_text) > F.length(one_text), one_text.rlike(NOT_SURELY_NFC))
    return bool(rows.agg(F.max(suspect)).first()[0])  # type: ignore[index]


@pandas_udf(StringType())  # type: ignore[call-overload, untyped-decorator]
def nfc_text(texts: pd.Series) -> pd.Series:
    """The texts in normal form C."""
    return texts.map(lambda text: unicodedata.normalize("NFC", text), na_action="ignore")
