"""Parquet as it is: what its columns hold, and its first values as the texts that they become."""
