"""`python -m jobs.cli` is `lakehouse`."""

from jobs.cli import app

app()
