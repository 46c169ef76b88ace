"""Great Expectations takes seconds to import: that is done while Spark works, so that no run waits for it."""

from __future__ import annotations

import importlib
import threading


def import_ahead() -> None:
    """Starts importing what the gate needs. Whoever imports it meanwhile waits for the same import."""
    threading.Thread(target=importlib.import_module, args=("quality.gate",), daemon=True, name="gate").start()
