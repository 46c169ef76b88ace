"""`spark-submit jobs/score.py [--lake DIR] …`: what models say of gold, to gold.

Takes the options of `lakehouse score`.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("score")
