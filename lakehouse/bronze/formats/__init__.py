"""Formats of files: how each is looked at, and how its rows are read."""
