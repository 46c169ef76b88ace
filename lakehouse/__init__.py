"""The lakehouse: a merchant's files become a star schema in Delta tables."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("ecommerce-lakehouse")
except PackageNotFoundError:  # run from a wheel on Spark's path, which has no metadata
    __version__ = "0.1.0"
