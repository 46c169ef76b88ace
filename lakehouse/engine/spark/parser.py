"""What an expression is made of, as the parser of Spark reads it. Nothing is looked up, analysed or evaluated.

The one place that asks the JVM for a tree. `F.expr` hands the same text to the same parser, so that there is no text
that is one thing here and another thing there, however it is quoted, commented or escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from py4j.protocol import Py4JError
from pyspark.sql import SparkSession

from lakehouse.engine.model import Node


def nodes(spark: SparkSession, sql: str) -> list[Node]:
    """Every part of the expression, those of sub-queries too.

    Raises ParseException where the text is no expression, and ValueError where its tree cannot be had.
    """
    session: Any = spark
    try:
        tree = session._jsparkSession.sessionState().sqlParser().parseExpression(sql)
        return list(_nodes(json.loads(tree.toJSON())))
    except (Py4JError, RecursionError) as error:
        raise ValueError("the tree of the expression is too deep, or not one that can be written down") from error


def _nodes(found: Any) -> Iterator[Node]:
    """Nodes lie in lists, and within the fields of other nodes."""
    if isinstance(found, list):
        for one in found:
            yield from _nodes(one)
    elif isinstance(found, dict):
        if "class" in found:
            name = str(found.get("nameParts", "[]"))
            yield Node(
                str(found["class"]).rsplit(".", 1)[-1],
                name.removeprefix("[").removesuffix("]"),
                int(found.get("num-children", 0)),
                found.get("value") if found.get("dataType") == "string" else None,
            )
        for value in found.values():
            yield from _nodes(value)
