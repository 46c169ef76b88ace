"""A standalone cluster of Spark on this machine: where it is kept, its processes, its start and end, what it says."""
