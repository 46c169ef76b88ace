"""`spark-submit jobs/ingest.py [--lake DIR] …`: new files to bronze.

Takes the options of `lakehouse ingest`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("ingest")
