"""`spark-submit jobs/gold.py [--lake DIR] …`: what silver has that is not published to gold.

Takes the options of `lakehouse gold`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("gold")
