"""`spark-submit jobs/run.py [--lake DIR] …`: files to publication in one go.

Takes the options of `lakehouse run`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("run")
