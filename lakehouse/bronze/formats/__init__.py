"""Formats of files, one module each, all as protocol says. Imports nothing: see json_fields."""
