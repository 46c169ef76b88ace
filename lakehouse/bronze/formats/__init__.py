"""Formats of files, one module each, all as protocol says."""
