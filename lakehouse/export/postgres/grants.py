"""Rights that others were given on the old schema hold on the new one: their reports go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg import Connection

_SCHEMA = """
    SELECT NULL AS name, privilege_type, grantee, CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee) END
    FROM pg_namespace, aclexplode(nspacl) WHERE nspname = %(old)s AND grantee <> nspowner
"""
_RELATIONS = """
    SELECT relname, privilege_type, grantee, CASE WHEN grantee = 0 THEN 'public' ELSE pg_get_userbyid(grantee) END
    FROM pg_class AS c, aclexplode(relacl)
    WHERE relnamespace = to_regnamespace(%(old)s) AND relkind IN ('r', 'v') AND grantee <> relowner
        AND to_regclass(format('%%I.%%I', %(new)s::text, relname)) IS NOT NULL
"""


def copy_grants(connection: Connection, old: str, new: str) -> None:
    """Grants on the schema `new` and on its tables and views what others were granted on those of `old`.

    A table that `old` did not have is granted to nobody. Rights to grant on are not copied.
    """
    from psycopg import sql

    for name, right, grantee, role in connection.execute(
        _SCHEMA + "UNION ALL" + _RELATIONS, {"old": old, "new": new}
    ).fetchall():
        on = sql.SQL("SCHEMA {}").format(sql.Identifier(new)) if name is None else sql.Identifier(new, name)
        to = sql.Identifier(role) if grantee else sql.SQL("PUBLIC")
        connection.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(right), on, to))
