"""Delta without an engine: logs, small reads, and tables as queries for DuckDB. The one room that knows _delta_log."""
