"""`python -m jobs.cli` is `lakehouse`."""

from jobs.cli import main

main()
