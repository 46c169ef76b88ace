"""The data dictionary: every table and view with grain, key and columns, as the declarations have them."""

from __future__ import annotations

from collections.abc import Sequence

from lakehouse.tables import bronze
from lakehouse.tables.model import Column, Table, View
from lakehouse.tables.registry import ALL
from lakehouse.tables.views import VIEWS

_LAYERS = {
    "silver": "Typed, canonical rows of all sources together, one latest version per key.",
    "gold": "The star schema. Facts bind to the version of a member that was valid when the order was placed.",
    "ops": "What the lake remembers of its own doings. These tables only grow.",
}
_HEAD = """# Data dictionary

Generated from `lakehouse/tables` by `lakehouse tables --markdown`; do not edit. `lakehouse tables NAME` shows the same.

Amounts of money are exact decimals with four places, in the currency that the row's `currency` names. Instants are in
UTC, days and months follow the zone that the source declares. A column name means the same in every table.
"""


def type_of(column: Column) -> str:
    """The column's type as the dictionary shows it."""
    return column.type if column.nullable else f"{column.type} NOT NULL"


def markdown() -> str:
    """The whole dictionary as one page."""
    parts = [_HEAD, _bronze()]
    for layer, about in _LAYERS.items():
        parts.append(f"## {layer.capitalize()}\n\n{about}\n")
        parts += [_table(table) for table in ALL if table.layer == layer]
        parts += [_view(view) for view in VIEWS if view.name.startswith(f"{layer}.")]
    return "\n".join(parts)


def _bronze() -> str:
    about = (
        "One table `bronze.<source>_<file kind>` for each kind of file that `conf/sources/<source>.toml` declares, with"
        " the columns\nof the file, every one of them a string exactly as sent. Besides these:"
    )
    return f"## Bronze\n\n{about}\n\n{_columns(bronze.TECHNICAL)}"


def _table(table: Table) -> str:
    facts = [f"Grain: {table.grain}.", f"Key: {_names(table.key)}."]
    if table.partitioned_by:
        facts.append(f"Partitioned by {_names(table.partitioned_by)}.")
    facts += [f"{_names(one.columns)} refers to `{one.to}`." for one in table.references]
    facts += [f"Always: `{condition}`." for condition in table.checks.values()]
    return f"### {table.name}\n\n" + "  \n".join(facts) + f"\n\n{_columns(table.columns)}"


def _view(view: View) -> str:
    return f"### {view.name}\n\nView of {_names(view.reads)}.  \nGrain: {view.grain}.\n\n{_columns(view.columns)}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _columns(columns: Sequence[Column]) -> str:
    rows = ["| column | type | meaning | unit |", "|---|---|---|---|"]
    for column in columns:
        field = column.field
        personal = " (personal)" if field.personal else ""
        rows.append(
            f"| `{column.name}` | `{type_of(column)}` | {_cell(field.meaning)}{personal} | {field.unit or ''} |"
        )
    return "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
