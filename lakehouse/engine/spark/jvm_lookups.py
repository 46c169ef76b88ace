"""The way from Python to the JVM.

PySpark looks up the class of Spark's functions, and the function in it, anew for each expression that is written: two
messages to the JVM beside the one that makes the expression. And it hands over a list one element at a time. A small
run spends more on messages than on rows.
"""

from __future__ import annotations

from typing import Any

FUNCTIONS = "org.apache.spark.sql.functions"
LOOKED_UP = {FUNCTIONS: FUNCTIONS, "functions": FUNCTIONS, "PythonUtils": "org.apache.spark.api.python.PythonUtils"}
"""Name by which PySpark asks for a class -> the class."""
_AT_ONCE = 10


class CachedClass:
    """A class of the JVM whose members are looked up once."""

    def __init__(self, java_class: Any) -> None:
        self._java_class = java_class

    def __getattr__(self, name: str) -> Any:
        # Called only for what is not there yet.
        member = getattr(self._java_class, name)
        setattr(self, name, member)
        return member


class CachedSequences(CachedClass):
    """Takes lists of Python up to ten elements at a time, for so many `java.util.List.of` takes in one message."""

    def __init__(self, java_class: Any, jvm: Any) -> None:
        super().__init__(java_class)
        self._seq, self._of, self._empty = java_class.toSeq, jvm.java.util.List.of, jvm.java.util.ArrayList

    def toSeq(self, elements: Any) -> Any:  # noqa: N802  # as Spark calls it
        return self._seq(self._list(list(elements)) if isinstance(elements, list | tuple) else elements)

    def _list(self, elements: list[Any]) -> Any:
        if len(elements) <= _AT_ONCE:
            return self._of(*elements)
        whole = self._empty(len(elements))
        for start in range(0, len(elements), _AT_ONCE):
            whole.addAll(self._of(*elements[start : start + _AT_ONCE]))
        return whole


def remember_lookups(jvm: Any) -> None:
    """From here on PySpark finds the classes, and their members, where it looked for them before."""
    for name, full_name in LOOKED_UP.items():
        if name not in vars(jvm):
            found = getattr(jvm, full_name)
            setattr(jvm, name, CachedSequences(found, jvm) if name == "PythonUtils" else CachedClass(found))
