"""Great Expectations at work: the one room that imports it."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module

# Great Expectations brings jsonschema along, which makes a parser of international addresses wherever one is installed
# (JupyterLab brings it): a quarter of the seconds that the import takes, and nothing here is such an address.
_ADDRESSES = "rfc3987_syntax"
if _ADDRESSES not in sys.modules:
    sys.modules[_ADDRESSES] = None  # type: ignore[assignment]
    with suppress(ImportError):
        import_module("jsonschema")
    del sys.modules[_ADDRESSES]
