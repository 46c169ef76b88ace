"""`python jobs/report.py [--lake DIR] …`: the executive report of a publication.

Takes the options of `lakehouse report`. Needs no Spark, so spark-submit may run it as well as Python.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("report")
