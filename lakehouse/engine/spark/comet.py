"""Apache DataFusion Comet (https://datafusion.apache.org/comet), where it is asked for: native operators for Spark.

Its JAR is some hundred megabytes, for Linux on x86-64 and ARM.
"""

from __future__ import annotations

import os

VARIABLE = "LAKEHOUSE_COMET"
_VERSION = "1.2.0"
PACKAGES = (f"org.apache.datafusion:comet-spark-spark4.1_2.13:{_VERSION}",)
SHA256 = {"comet-spark-spark4.1_2.13-1.2.0.jar": "5055c43dca9e8cce83c33b1ff25646d1436c94698ca48beb3475bf60843b8d37"}
BYTES = {"comet-spark-spark4.1_2.13-1.2.0.jar": 98_985_596}
OPTIONS = {
    "spark.plugins": "org.apache.spark.CometPlugin",
    "spark.shuffle.manager": "org.apache.spark.sql.comet.execution.shuffle.CometShuffleManager",
    "spark.comet.shuffle.enabled": "true",
    "spark.memory.offHeap.enabled": "true",
    # Of each executor, beside its heap: what Comet's operators and shuffles work in.
    "spark.memory.offHeap.size": "2g",
    # Its own stops ("index out of bounds") where one of the two is an array that is written out.
    "spark.comet.expression.ArraysOverlap.enabled": "false",
}


def is_wanted() -> bool:
    """Whether the environment asks for it: LAKEHOUSE_COMET=1."""
    return os.environ.get(VARIABLE, "") == "1"


def options() -> dict[str, str]:
    """What a session is started with; nothing where it is not asked for."""
    return dict(OPTIONS) if is_wanted() else {}
