"""pyarrow without pandas, in processes that have no use for frames of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


class _NoPandas(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is kept out", name=fullname)


def keep_pandas_out() -> None:
    """Has pyarrow believe, for the rest of this process, that there is no pandas.

    It imports pandas for the first array that it makes, which takes longer than to read a small file. Afterwards
    `to_pandas()` fails here; pandas itself can be imported as ever. Where it is there already nothing is done.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([False])  # one value: both parts of pyarrow ask, the one in C++ when it first converts a value
    finally:
        sys.meta_path.remove(finder)
