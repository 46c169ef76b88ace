"""The `lakehouse` command: one file per group of commands, and what they share."""

from jobs.cli.app import app, main, submitted

__all__ = ["app", "main", "submitted"]
