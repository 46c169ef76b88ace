"""`python jobs/publish_postgres.py ADDRESS [--schema gold] [--lake DIR] …`: a publication to PostgreSQL.

Takes the options of `lakehouse export --postgres`. Needs no Spark, so spark-submit may run it as well as Python.
"""

from jobs.cli import submitted

if __name__ == "__main__":
    submitted("export", "--postgres")
