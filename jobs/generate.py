"""`spark-submit jobs/generate.py [--out DIR] …`: the files of a synthetic shop.

Takes the options of `lakehouse generate`.
"""

from __future__ import annotations

if __name__ == "__main__":
    from jobs.cli import submitted

    submitted("generate")
