"""Holds files that were generated, and a lake that was published of them, against what is known to be true."""
