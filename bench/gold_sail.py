"""The star and the marts made by the gold stage on Sail, from a copy of silver.

    python -m bench.gold_sail FOLDER AS_OF CURRENCY

Prints one JSON object: `seconds` of the shared steps and of the rest, and `made`: table -> 0, rows and net revenue.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from bench.gold import BY_SAIL, by_session
from lakehouse.engine.sail.engine import started
from lakehouse.settings import load_settings


def main(folder: Path, as_of: str, reporting: str) -> None:
    day = date.fromisoformat(as_of)
    settings = load_settings(lake=folder / BY_SAIL, as_of=day, reporting_currency=reporting)
    engine = started(folder / BY_SAIL / ".checkpoints")
    seconds, made = by_session(engine.session, settings, day)
    engine.close()
    print(json.dumps({"seconds": seconds, "made": made}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
