"""A publication of gold in a schema of PostgreSQL, with keys, indexes and views; replaced as a whole or not at all.

    load      the tables of the publication go into `<schema>_new`, then keys, indexes, views
    swap      one transaction drops the old schema and gives the new one its name

The packages that speak to the server are an extra (`postgres`) and are known to this room alone.
"""

from lakehouse.export.postgres.publish import Done, export_postgres

__all__ = ["Done", "export_postgres"]
