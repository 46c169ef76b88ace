"""`spark-submit jobs/train.py [--lake DIR] …`: models, on gold as it is.

Takes the options of `lakehouse train`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("train")
