"""`spark-submit jobs/silver.py [--lake DIR] …`: new batches of bronze to silver.

Takes the options of `lakehouse silver`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("silver")
