"""The way from Python to the JVM.

PySpark looks up the class of Spark's functions, and the function in it, anew for each expression that is written: two
messages to the JVM beside the one that makes the expression. A small run spends more on messages than on rows.
"""

from __future__ import annotations

from typing import Any

FUNCTIONS = "org.apache.spark.sql.functions"
LOOKED_UP = {FUNCTIONS: FUNCTIONS, "functions": FUNCTIONS, "PythonUtils": "org.apache.spark.api.python.PythonUtils"}
"""Name by which PySpark asks for a class -> the class."""


class CachedClass:
    """A class of the JVM whose members are looked up once."""

    def __init__(self, java_class: Any) -> None:
        self._java_class = java_class

    def __getattr__(self, name: str) -> Any:
        # Called only for what is not there yet.
        member = getattr(self._java_class, name)
        setattr(self, name, member)
        return member


def remember_lookups(jvm: Any) -> None:
    """From here on PySpark finds the classes, and their members, where it looked for them before."""
    for name, full_name in LOOKED_UP.items():
        if name not in vars(jvm):
            setattr(jvm, name, CachedClass(getattr(jvm, full_name)))
