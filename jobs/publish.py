"""`spark-submit jobs/publish.py [--lake DIR] …`: the gate, then the publication.

Takes the options of `lakehouse publish`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("publish")
