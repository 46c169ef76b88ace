"""What is asked of tables: conditions of rows, and figures that must lie within bounds, as data."""
