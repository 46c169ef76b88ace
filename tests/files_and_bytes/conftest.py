"""Landing folders, as the tests of bronze have them."""

from tests.bronze.conftest import judge, land, read

__all__ = ["judge", "land", "read"]
