"""The reader of publications: SQL over the tables of one publication, without Spark.

with open_published(Path("lake")) as lake:
    print(lake.sql("select count(*) from gold.fact_sales"))
    best = lake.frame("select * from gold.customer_rfm where segment = $segment", segment="Champions")
"""

from lakehouse.published.locked import Limits
from lakehouse.published.meanings import Meaning
from lakehouse.published.publications import (
    NothingPublished,
    Publication,
    UnknownPublication,
    newest,
    publications,
)
from lakehouse.published.reader import PublishedLake, UnknownTable, open_published
from lakehouse.published.statements import NotAQuery

__all__ = [
    "Limits",
    "Meaning",
    "NotAQuery",
    "NothingPublished",
    "Publication",
    "PublishedLake",
    "UnknownPublication",
    "UnknownTable",
    "newest",
    "open_published",
    "publications",
]
