"""What a text of SQL is and which tables it names, found by DuckDB's own parser before anything runs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection, StatementType

_EXPLAIN = re.compile(r"\s*explain\b(\s+analyze\b)?(\s*\([^)]*\))?", re.IGNORECASE)
# A statement hidden in a WITH (COPY, INSERT, …) has a node of its own kind; only these kinds just read.
_READING = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
# Other functions that give tables read files past the publication, or run SQL that nobody has looked at.
_TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree"}
_CATALOGS = ("", "memory", "system", "temp")
_PLAIN = re.compile(r"[^./\\*:?\[]+\Z")
"""A name that no file has: DuckDB reads a table of an unknown name from a file, where it looks like one."""
_QUERIES = "one SELECT (or WITH, FROM, DESCRIBE, SHOW, SUMMARIZE, EXPLAIN) statement"


class NotAQuery(Exception):
    """The text is not one statement that only reads."""

    exit_code = 2


@dataclass(frozen=True)
class Query:
    """One statement that only reads."""

    tables: frozenset[str]
    """The tables that it names with their layer, in lower case: `gold.fact_sales`."""
    lists_tables: bool
    """True for SHOW TABLES."""
    names: frozenset[str] | None
    """What may be a column or a row of theirs, in lower case; None where whole rows are taken (`*`, SUMMARIZE)."""


def understood(connection: DuckDBPyConnection, text: str, layers: Collection[str]) -> Query:
    """What the text asks for. Raises NotAQuery, or DuckDB's ParserException where it cannot be parsed.

    Tables are those of the layers, and what the text itself defines.
    """
    statements = connection.extract_statements(text)
    if len(statements) != 1:
        raise NotAQuery(f"found {len(statements)} statements: give {_QUERIES}")
    (statement,) = statements
    if statement.type == StatementType.EXPLAIN:
        text = _EXPLAIN.sub("", text, count=1)
    elif statement.type == StatementType.MULTI:
        raise NotAQuery("this PIVOT must name its values: PIVOT … ON column IN (…) USING …")
    elif statement.type != StatementType.SELECT:
        raise NotAQuery(f"the lake is read only and {statement.type.name} is refused: give {_QUERIES}")
    # Only what selects can be serialized, so an EXPLAIN of anything else ends here too.
    (serialized,) = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchall()[0]
    tree = json.loads(serialized)
    if tree["error"]:
        raise NotAQuery(f"only queries can be explained: give {_QUERIES}")
    nodes = list(_nodes(tree))
    _check(nodes)
    _check_names(nodes, layers)
    return Query(
        frozenset(
            f"{node['schema_name']}.{node['table_name']}".lower()
            for node in nodes
            if node.get("type") == "BASE_TABLE" and node["schema_name"]
        ),
        any(node.get("show_type") == "SHOW_SPECIAL" for node in nodes),
        frozenset() if statement.type == StatementType.EXPLAIN else _names(nodes),
    )


def _names(nodes: list[dict[str, Any]]) -> frozenset[str] | None:
    tables = [node for node in nodes if node.get("type") == "BASE_TABLE"]
    if any(node.get("show_type") == "DESCRIBE" for node in nodes):
        return frozenset()
    columns = [[str(part).lower() for part in one["column_names"]] for one in nodes if one.get("class") == "COLUMN_REF"]
    # `select t from customers as t` is whole rows, and `customers as t(a, b)` gives columns other names.
    rows = {str(node.get(part, "")).lower() for node in tables for part in ("alias", "table_name")}
    # ORDER BY ALL is by what is selected anyway.
    by_all = [id(one["expression"]) for node in nodes if node.get("type") == "ORDER_MODIFIER" for one in node["orders"]]
    stars = [node for node in nodes if node.get("class") == "STAR" and id(node) not in by_all]
    takes_all = bool(stars) or any(one["column_name_alias"] for one in tables)
    if takes_all or any(parts[-1] in rows for parts in columns):
        return None
    return frozenset(part for parts in columns for part in parts)


def _check(nodes: list[dict[str, Any]]) -> None:
    """Raises NotAQuery where a node does something else than read tables by their names."""
    for node in nodes:
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in _READING:
            raise NotAQuery(f"the lake is read only and {kind.split('_')[0]} is refused: give {_QUERIES}")
        if kind == "TABLE_FUNCTION" and not _is_allowed(function := node["function"]["function_name"].lower()):
            raise NotAQuery(
                f"the function {function} is refused: name tables as gold.fact_sales; SHOW TABLES lists them"
            )


def _check_names(nodes: list[dict[str, Any]], layers: Collection[str]) -> None:
    """Raises NotAQuery for what DuckDB would take for a file: files are not read past the publication."""
    for node in nodes:
        if node.get("type") != "BASE_TABLE":
            continue
        catalog, schema, name = (str(node.get(f"{part}_name", "")) for part in ("catalog", "schema", "table"))
        is_plain = schema.lower() in layers or all(map(_PLAIN.match, filter(None, (schema, name))))
        if catalog not in _CATALOGS or not is_plain:
            raise NotAQuery(
                f"{'.'.join(filter(None, (catalog, schema, name)))} is no table, and files are not read: name tables"
                " as gold.fact_sales; SHOW TABLES lists them"
            )


def _is_allowed(table_function: str) -> bool:
    return table_function in _TABLE_FUNCTIONS or table_function.startswith("duckdb_")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(child)
